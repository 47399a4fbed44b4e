#include "support/random_maps.h"

#include <algorithm>
#include <optional>
#include <set>

#include "analysis/propagate.h"
#include "text/text.h"

namespace thalweg::tests {

namespace {

using Names = std::vector<std::string>;

struct Array {
  std::string name;
  Names shape;
  bool integer = false, transient = false;
};

struct Dimension {
  std::string param, extent, range;
  bool whole = true;
};

std::string joined(const Names& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}
std::string all_of(const Array& array) {
  Names ranges;
  for (const auto& extent : array.shape) ranges.push_back("0:" + extent);
  return ranges.empty() ? array.name : array.name + "[" + joined(ranges) + "]";
}

// One program: states of statements, each a nest of maps, a copy, or something through a view.
class Program {
 public:
  Program(uint64_t seed, bool empty) : random_(seed), empty_(empty) {
    arrays_ = {{"A", {"N", "M"}}, {"B", {"N", "M"}},      {"V", {"N"}},       {"W", {"N"}},
               {"U", {"M"}},      {"P", {"3"}},           {"Q", {"N", "3"}},  {"R", {"1", "N"}},
               {"S", {"N", "N"}}, {"T", {"N", "2", "M"}}, {"D", {"N"}, true}, {"E", {"N", "M"}, true}};
    for (const auto& array : arrays_) arguments_.push_back(array.name);
  }

  std::string text() {
    const size_t states = 1 + below(3);
    for (size_t k = 0; k < states; ++k) {
      if (below(4) == 0 && !looping_) {
        body_ += "  loop steps" + count() + " var it from 0 while it < 2 update it + 1\n";
        looping_ = true;
      }
      state();
      if (looping_ && below(2)) looping_ = false;
    }
    std::string head = "sdfg maps(" + joined(arguments_) + ")\n  symbols N: int64, M: int64, it: int64\n";
    for (const Array& array : arrays_) head += declaration(array);
    for (const std::string& line : locals_) head += line;
    const std::string least = empty_ ? "0" : "3";
    return head + "  assume " + least + " <= N\n  assume " + least + " <= M\n" + body_;
  }

 private:
  size_t below(size_t bound) { return random_() % bound; }
  std::string count() { return std::to_string(count_++); }
  void line(const std::string& text) { body_ += (looping_ ? "      " : "    ") + text + "\n"; }
  static std::string declaration(const Array& array) {
    const std::string type = array.integer ? "int64" : "float64";
    return (array.transient ? "  transient array " : "  array ") + array.name + ": " + type + "[" +
           joined(array.shape) + "]\n";
  }

  void state() {
    body_ += (looping_ ? "    state s" : "  state s") + count() + "\n";
    written_.clear();
    touched_.clear();
    sources_.clear();
    const size_t statements = 1 + below(4);
    previous_.clear();
    for (size_t k = 0; k < statements; ++k) {
      const size_t kind = below(8);
      if (kind == 0)
        copy();
      else if (kind == 1 && !empty_)
        view();
      else
        maps();
    }
  }

  // ---------------------------------------------------------------------------------------------- containers

  std::string source(const Array& array) {
    if (auto found = written_.find(array.name); found != written_.end()) return found->second;
    touched_.insert(array.name);
    if (auto found = sources_.find(array.name); found != sources_.end() && below(3)) return found->second;
    const std::string node = "n" + count();
    line(node + " = access " + array.name);
    return sources_[array.name] = node;
  }
  std::string target(const Array& array) {
    const std::string node = "n" + count();
    line(node + " = access " + array.name);
    touched_.insert(array.name);
    return written_[array.name] = node;
  }
  bool free(const Array& array) const { return !touched_.count(array.name); }
  Array fresh(const Names& shape) {
    Array made{"t" + count(), shape, false, true};
    return made;
  }
  std::string local(const std::string& suffix = "") {
    const std::string name = "x" + count();
    locals_.push_back(std::string("  transient ") + (suffix.empty() ? "scalar " : "array ") + name + ": float64" +
                      suffix + "\n");
    return name;
  }

  void copy() {
    const Array from = arrays_[below(arrays_.size())];
    if (from.integer) return;
    Array to = fresh(from.shape);
    for (const Array& other : arrays_)
      if (free(other) && other.shape == from.shape && other.name != from.name && !other.integer && below(3) == 0)
        to = other;
    const std::string a = source(from), b = target(to);
    line(a + " -> " + b + " : " + all_of(from));
    if (std::none_of(arrays_.begin(), arrays_.end(), [&](const Array& other) { return other.name == to.name; }))
      arrays_.push_back(to);
  }

  // ---------------------------------------------------------------------------------------------- views

  // A row of a matrix, all of an array, or a matrix as one dimension; read or written element by element.
  void view() {
    const bool writes = below(3) == 0;
    std::vector<const Array*> fitting;
    for (const Array& array : arrays_)
      if (!array.integer && array.shape.size() <= 2 && (!writes || (free(array) && !array.transient)))
        fitting.push_back(&array);
    if (fitting.empty()) return;
    const Array base = *fitting[below(fitting.size())];
    Array seen{"v" + count(), base.shape, false, true};
    std::string behind = all_of(base);
    if (base.shape.size() == 2 && below(2)) {
      seen.shape = {base.shape[1]};
      behind = base.name + "[0, 0:" + base.shape[1] + "]";
    } else if (base.shape.size() == 2 && below(2)) {
      seen.shape = {base.shape[0] + "*" + base.shape[1]};
    }
    locals_.push_back("  transient view " + seen.name + ": float64[" + joined(seen.shape) + "]\n");
    const std::string node = "n" + count();
    Names params, ranges, index;
    for (size_t d = 0; d < seen.shape.size(); ++d) {
      params.push_back("ijk"[d] + std::string(" = 0:") + seen.shape[d]);
      index.push_back(std::string(1, "ijk"[d]));
    }
    const Array other = fresh(seen.shape);
    const std::string at = "[" + joined(index) + "]", map = "m" + count(), task = "c" + count(), exit = "e" + count();
    if (writes) {
      line(node + " = access " + seen.name + " connectors () -> (views)");
      const std::string end = target(base);
      one_map(params, map, task, exit, "0.5", "");
      line(task + ".o -> " + exit + ".IN_o : " + seen.name + at);
      line(exit + ".OUT_o -> " + node + " : " + all_of(seen));
      line(node + ".views -> " + end + " : " + behind);
      line(map + " -> " + task);
      return;
    }
    const std::string begin = source(base);
    line(node + " = access " + seen.name + " connectors (views) -> ()");
    const std::string end = target(other);
    arrays_.push_back(other);
    line(begin + " -> " + node + ".views : " + behind);
    if (below(3) == 0) {
      line(node + " -> " + end + " : " + all_of(seen));
      return;
    }
    one_map(params, map, task, exit, "a*2.0", "a: float64");
    line(node + " -> " + map + ".IN_a : " + all_of(seen));
    line(map + ".OUT_a -> " + task + ".a : " + seen.name + at);
    line(task + ".o -> " + exit + ".IN_o : " + other.name + at);
    line(exit + ".OUT_o -> " + end + " : " + all_of(other));
  }
  void one_map(const Names& params, const std::string& map, const std::string& task, const std::string& exit,
               const std::string& code, const std::string& inputs) {
    line(map + " = map " + map + "[" + joined(params) + "]");
    line(task + " = tasklet " + task + "(" + inputs + ") -> (o: float64)");
    line("  o = " + code + " + float64(i)");
    line(exit + " = exit " + map);
  }

  // ---------------------------------------------------------------------------------------------- maps

  std::vector<Dimension> dimensions() {
    if (!previous_.empty() && below(2)) return previous_;  // maps over the same range stand together
    std::vector<Dimension> dims;
    const size_t rank = 1 + below(3);
    static const char* const extents[] = {"N", "M", "N", "M", "3", "2", "1"};
    for (size_t d = 0; d < rank; ++d) {
      Dimension dim{std::string(1, "ijk"[d]), extents[below(std::size(extents))], "", true};
      dim.range = "0:" + dim.extent;
      if (d > 0 && dims[d - 1].extent == dim.extent && dims[d - 1].whole && below(2)) {
        dim.range = "0:" + dims[d - 1].param + " + 1";
        dim.whole = false;
      } else if (dim.extent == "N" && !empty_ && below(5) == 0) {
        dim.range = below(2) ? "range(0, (N + 1)//2, 2)" : "1:N";
        dim.whole = false;
      }
      dims.push_back(std::move(dim));
    }
    return dims;
  }

  struct Scope {
    std::string entry, exit;
  };

  // The maps of a nest, outermost first.
  std::vector<Scope> open(const std::vector<Dimension>& dims) {
    std::vector<Scope> scopes;
    for (size_t first = 0; first < dims.size();) {
      const size_t last = first + 1 + below(dims.size() - first);
      Names params;
      for (size_t d = first; d < last; ++d) params.push_back(dims[d].param + " = " + dims[d].range);
      const Scope scope{"m" + count(), "e" + count()};
      line(scope.entry + " = map " + scope.entry + "[" + joined(params) + "]" +
           (below(6) == 0 ? " schedule Sequential" : ""));
      scopes.push_back(scope);
      first = last;
    }
    for (const Scope& scope : scopes) line(scope.exit + " = exit " + scope.entry);
    return scopes;
  }

  // Indices that are certainly inside; nothing when there are none.
  std::optional<std::string> index(const Array& array, const std::vector<Dimension>& dims) {
    Names at;
    for (const std::string& extent : array.shape) {
      Names fitting;
      for (const Dimension& dim : dims)
        if (dim.extent == extent) {
          fitting.push_back(dim.param);
          if (below(4) == 0) fitting.push_back(extent + " - 1 - " + dim.param);
        }
      if (extent == "1" || extent == "2" || extent == "3") fitting.push_back("0");
      if (fitting.empty()) return std::nullopt;
      at.push_back(fitting[below(fitting.size())]);
    }
    return "[" + joined(at) + "]";
  }

  std::string tasklet(size_t inputs, bool integer, const std::vector<Dimension>& dims) {
    const std::string name = "c" + count(), type = integer ? "int64" : "float64";
    Names in;
    std::string code;
    for (size_t k = 0; k < inputs; ++k) {
      in.push_back("a" + std::to_string(k) + ": float64");
      code += " + a" + std::to_string(k) + "*" + std::to_string(k + 2) + ".5";
    }
    const std::string param = dims[below(dims.size())].param;
    code = integer ? param + " + " + std::to_string(count_)
                   : "float64(" + param + ") + " + std::to_string(count_) + ".0" + code;
    line(name + " = tasklet " + name + "(" + joined(in) + ") -> (o: " + type + ")");
    line("  o = " + code);
    return name;
  }

  void read(const Array& array, const std::string& at, const std::vector<Scope>& scopes, const std::string& to) {
    std::string from = source(array);
    const std::string connector = count();
    for (const Scope& scope : scopes) {
      line(from + " -> " + scope.entry + ".IN_" + connector + " : " + all_of(array));
      from = scope.entry + ".OUT_" + connector;
    }
    line(from + " -> " + to + " : " + array.name + at);
  }
  void write(const Array& array, const std::string& at, const std::vector<Scope>& scopes, std::string from,
             const std::string& wcr = "") {
    const std::string connector = count();
    std::string subset = array.name + at;
    for (size_t k = scopes.size(); k-- > 0;) {
      line(from + " -> " + scopes[k].exit + ".IN_" + connector + " : " + subset + wcr);
      from = scopes[k].exit + ".OUT_" + connector;
      subset = all_of(array);
    }
    line(from + " -> " + target(array) + " : " + subset + wcr);
  }

  // Inputs of a tasklet from arrays other than these.
  size_t inputs(const std::vector<Dimension>& dims, std::vector<std::pair<Array, std::string>>& chosen,
                const std::set<std::string>& without) {
    const size_t wanted = below(3);
    for (size_t round = 0; round < 6 && chosen.size() < wanted; ++round) {
      const Array array = arrays_[below(2) ? below(arrays_.size()) : arrays_.size() - 1 - below(4)];
      if (array.integer || without.count(array.name)) continue;
      if (auto at = index(array, dims)) chosen.emplace_back(array, *at);
    }
    return chosen.size();
  }

  struct Output {
    Array array;
    std::string at, wcr;
    bool fresh = false;
  };
  Output output(const std::vector<Dimension>& dims) {
    Names params, shape;
    for (const Dimension& dim : dims) params.push_back(dim.param), shape.push_back(dim.extent);
    if (below(6) == 0)
      for (const Array& array : arrays_)
        if (array.integer && free(array))
          if (auto at = index(array, dims)) return {array, *at, below(2) ? " wcr sum" : " wcr max"};
    for (const Array& array : arrays_)
      if (!array.integer && free(array) && array.shape == shape && below(2))
        return {array, "[" + joined(params) + "]", ""};
    return fresh_output(dims);
  }
  Output fresh_output(const std::vector<Dimension>& dims) {
    Names params, shape;
    for (const Dimension& dim : dims) params.push_back(dim.param), shape.push_back(dim.extent);
    if (below(2)) {
      std::reverse(params.begin(), params.end());
      std::reverse(shape.begin(), shape.end());
    }
    return {fresh(shape), "[" + joined(params) + "]", "", true};
  }
  // What is not written whole is not read later.
  void keep(const Output& output, const std::vector<Dimension>& dims) {
    if (!output.fresh) return;
    if (std::all_of(dims.begin(), dims.end(), [](const Dimension& dim) { return dim.whole; }))
      arrays_.push_back(output.array);
    else
      locals_.push_back(declaration(output.array));
  }

  // What the inputs lead to; the last tasklet's name is returned. `via`: temporaries between tasklets.
  std::string part(const std::vector<Dimension>& dims, const std::vector<Scope>& scopes, bool integer,
                   const std::set<std::string>& without) {
    std::vector<std::pair<Array, std::string>> chosen;
    const bool chain = !integer && below(2);
    size_t number = integer ? 0 : inputs(dims, chosen, without);
    const std::string first = tasklet(number, integer, dims);
    for (size_t k = 0; k < number; ++k)
      read(chosen[k].first, chosen[k].second, scopes, first + ".a" + std::to_string(k));
    if (number == 0) starts(scopes, first);
    if (!chain) return first;
    const bool array = below(4) == 0;
    const std::string between = local(array ? "[3]" : ""), node = "n" + count(), last = tasklet(1, false, dims);
    line(node + " = access " + between);
    line(first + ".o -> " + node + " : " + between + (array ? "[1]" : ""));
    line(node + " -> " + last + ".a0 : " + between + (array ? "[1]" : ""));
    return last;
  }

  // A tasklet without inputs lies in the maps by order edges.
  void starts(const std::vector<Scope>& scopes, const std::string& task) {
    for (size_t k = 1; k < scopes.size(); ++k)
      if (held_.insert(scopes[k].entry).second) line(scopes[k - 1].entry + " -> " + scopes[k].entry);
    line(scopes.back().entry + " -> " + task);
  }

  void maps() {
    const std::vector<Dimension> dims = dimensions();
    previous_ = dims;
    const std::vector<Scope> scopes = open(dims);
    const size_t parts = 1 + (below(3) == 0 ? 1 + below(2) : 0);
    std::set<std::string> writing;
    std::vector<Output> outputs;
    for (size_t k = 0; k < parts; ++k) {
      outputs.push_back(output(dims));
      writing.insert(outputs.back().array.name);
      touched_.insert(outputs.back().array.name);
    }
    for (Output& one : outputs) {
      const std::string last = part(dims, scopes, one.array.integer, writing);
      touched_.erase(one.array.name);
      write(one.array, one.at, scopes, last + ".o", one.wcr);
    }
    for (const Output& one : outputs) keep(one, dims);
    if (scopes.size() > 1 && scopes.size() == dims.size() && below(2)) beside(dims[0], scopes[0]);
    if (below(4) == 0) in_place(dims);
  }

  // Another part in the outermost map, beside the inner one.
  void beside(const Dimension& dim, const Scope& outer) {
    for (const Array& array : std::vector<Array>(arrays_)) {
      if (!free(array) || array.integer || array.shape != Names{dim.extent}) continue;
      const std::string only = "c" + count();
      line(only + " = tasklet " + only + "() -> (o: float64)");
      line("  o = float64(" + dim.param + ")*0.5");
      line(outer.entry + " -> " + only);
      return write(array, "[" + dim.param + "]", {outer}, only + ".o");
    }
  }

  // B[i] = f(A[i]) and then A[i] = g, in one body: an order edge, or a temporary, between the two.
  void in_place(const std::vector<Dimension>& dims) {
    Names params, shape;
    for (const Dimension& dim : dims) params.push_back(dim.param), shape.push_back(dim.extent);
    for (const Array& array : std::vector<Array>(arrays_)) {
      if (!free(array) || array.integer || array.shape != shape) continue;
      touched_.insert(array.name);
      Output other = output(dims);
      if (other.array.integer) other = fresh_output(dims);
      const std::vector<Scope> scopes = open(dims);
      const std::string at = "[" + joined(params) + "]";
      const std::string first = tasklet(1, false, dims);
      read(array, at, scopes, first + ".a0");
      const std::string second = tasklet(0, false, dims);
      line(first + " -> " + second);
      write(other.array, other.at, scopes, first + ".o");
      write(array, at, scopes, second + ".o");
      return keep(other, dims);
    }
  }

  std::mt19937_64 random_;
  const bool empty_;
  std::vector<Array> arrays_;
  Names arguments_, locals_;
  std::string body_;
  size_t count_ = 0;
  bool looping_ = false;
  std::vector<Dimension> previous_;
  std::map<std::string, std::string> written_, sources_;  // access nodes in this state
  std::set<std::string> touched_, held_;  // held_: entries of inner maps with an order edge from the map around
};

}  // namespace

RandomGraph random_maps(uint64_t seed) {
  const bool empty = seed % 8 == 5;
  std::mt19937_64 random(seed * 7919);
  const int64_t least = empty ? 0 : 3;
  RandomGraph out;
  out.symbols = {{"N", least + static_cast<int64_t>(random() % 3)}, {"M", least + static_cast<int64_t>(random() % 3)}};
  const std::string text = Program(seed, empty).text();
  auto parsed = text::parse(text);
  TW_CHECK(parsed.ok(), "a random text does not parse: " + (parsed.ok() ? "" : parsed.error().message) + "\n" + text);
  out.sdfg = *parsed;
  static const auto file = std::make_shared<const std::string>("maps.py");
  int line = 0;
  for (ir::ControlFlowBlock* block : ir::all_blocks(*out.sdfg)) {
    block->set_location({base::Span{file, ++line, 0, line, 9, nullptr}});
    auto* state = ir::as<ir::State>(block);
    if (!state) continue;
    for (const auto& node : state->nodes()) {
      node->set_location(block->location());
      if (auto* entry = ir::as<ir::MapEntry>(node.get())) entry->scope().set_location(block->location());
    }
    for (const auto& edge : state->edges()) edge->set_location(block->location());
  }
  analysis::propagate_memlets(*out.sdfg);
  out.sdfg->log()->forget();
  return out;
}

}  // namespace thalweg::tests
