// Maps whose iterations meet in elements of whole numbers: pieces of the range run in parallel, each on a copy of its own.
//
//   for i: bins[where[i]] += w[i]        parallel for piece: part[piece, :] = 0
//                                          for i in its share: part[piece, where[i]] += w[i]
//                                        for piece: bins[:] += part[piece, :]
//
// Whole numbers and booleans only: their combinations wrap or saturate alike in any order, so the bits do not depend on
// pieces or threads. Floating point keeps its order and one thread. Worth it where a piece has many more iterations than
// the copy has elements, which the program asks when it runs; else the nest runs as it was.
#include <algorithm>

#include "lower/alias.h"
#include "lower/lowering.h"

namespace thalweg::lower {

using ir::code::Op;

namespace {

constexpr int64_t kMostPieces = 64;
constexpr int64_t kLeastElements = 512;       // a copy counts as at least so many elements
constexpr int64_t kIterationsPerElement = 8;  // of a piece, for each element of its copy

// A store whose combinations may run in any order, each in the element's own type.
bool is_free(const Store& store, ir::DType dtype) {
  return store.conflict && is_whole(dtype) && !store.flags.any() && neutral(store.wcr, dtype) &&
         store.value->type == dtype && store.value->args.size() == 2 && store.value->args[1]->type == dtype;
}

// The nest touches the buffer only through free stores of one kind, and reaches its memory by no other name.
std::optional<ir::Wcr> combined_only(const Program& program, Loop& nest, const std::string& name) {
  const Buffer& buffer = program.buffers.at(name);
  std::optional<ir::Wcr> kind;
  bool only = true;
  int stores = 0, reads = 0;
  each_statement(nest.body, [&](Statement& s) {
    only &= !std::holds_alternative<MatMul>(s.node) && !std::holds_alternative<Invoke>(s.node);
    auto* store = std::get_if<Store>(&s.node);
    if (!store || store->buffer != name) return;
    ++stores;
    only &= is_free(*store, buffer.dtype) && (!kind || *kind == store->wcr);
    kind = store->wcr;
  });
  each_access(nest.body, [&](const Access& access) {
    if (access.buffer != name) {
      only &= !program.buffers.contains(access.buffer) || !may_overlap(program, access.buffer, name);
      return;
    }
    reads += access.write ? 0 : 1;
    only &= !access.write || access.conflict;
  });
  return only && stores == reads ? kind : std::nullopt;
}

class Privatiser {
 public:
  Privatiser(Program& program, const Loop& nest) : program_(program), taken_(loop_variables(Body{{nest}})) {}

  If split(const Loop& nest, const Expr& iterations, const std::map<std::string, ir::Wcr>& buffers, const Body& line) {
    std::string pieces = variable("pieces"), share = variable("share");
    piece_ = fresh("piece");
    Expr elements = kLeastElements;
    for (const auto& [name, wcr] : buffers) elements = symbolic::max(elements, elements_of(program_.buffers.at(name)));
    Expr extent = nest.end - nest.begin;
    Expr count = symbolic::min(
        Expr(kMostPieces), symbolic::min(extent, symbolic::floor_div(iterations, elements * kIterationsPerElement)));
    If choice{ir::code::make(Op::le, index_of(2), index_of(count)), {}, line};
    choice.otherwise.push_back({nest});
    Body& out = choice.then;
    out.push_back({Assign{pieces, index_of(count), {}}});
    out.push_back({Assign{share, index_of(symbolic::ceil_div(extent, Expr::symbol(pieces))), {}}});
    Loop part{piece_, 0, Expr::symbol(pieces)};
    part.level = Level::parallel;
    part.simd_safe = true;
    Loop all{piece_, 0, Expr::symbol(pieces)};
    Loop inner = nest;
    Expr first = nest.begin + Expr::symbol(piece_) * Expr::symbol(share);
    inner.begin = first;
    inner.end = symbolic::min(first + Expr::symbol(share), nest.end);
    inner.poll = false;
    for (const auto& [name, wcr] : buffers) {
      std::string copy = add_copy(name, Expr::symbol(pieces));
      out.push_back({Allocate{copy}});
      redirect(inner.body, name, copy);
      part.body.push_back(clear(name, copy, wcr));
      all.body.push_back(gather(name, copy, wcr));
    }
    part.body.push_back({std::move(inner)});
    for (Loop* loop : {&part, &all}) {
      out.insert(out.end(), line.begin(), line.end());
      out.push_back({std::move(*loop)});
    }
    return choice;
  }

 private:
  std::string fresh(const std::string& base) {
    std::string name = fresh_name(program_, taken_, base);
    taken_.insert(name);
    return name;
  }
  std::string variable(const std::string& base) {
    std::string name = fresh(base);
    program_.variables[name] = {name, ir::dtypes::int64};
    return name;
  }
  static Expr elements_of(const Buffer& buffer) {
    Expr count = 1;
    for (const Expr& extent : buffer.shape) count = count * extent;
    return count;
  }

  // Room for a copy of the buffer per piece, each in row-major order.
  std::string add_copy(const std::string& name, const Expr& pieces) {
    const Buffer& buffer = program_.buffers.at(name);
    Buffer copy{fresh(name + "_part"), buffer.dtype};
    copy.shape = buffer.shape;
    copy.shape.insert(copy.shape.begin(), pieces);
    copy.strides.assign(copy.shape.size(), 1);
    for (size_t d = copy.shape.size() - 1; d-- > 0;) copy.strides[d] = copy.strides[d + 1] * copy.shape[d + 1];
    program_.buffers[copy.name] = copy;
    return copy.name;
  }

  void redirect(Body& body, const std::string& from, const std::string& to) {
    auto in_copy = [&](const std::vector<Ptr>& index) {
      std::vector<Ptr> out{index_of(Expr::symbol(piece_))};
      out.insert(out.end(), index.begin(), index.end());
      return out;
    };
    each_statement(body, [&](Statement& s) {
      each_expression(s, [&](Ptr& value) {
        value = rewrite(value, [&](const Ptr& node) -> Ptr {
          if (node->op != Op::element || node->name != from) return nullptr;
          return ir::code::element(to, node->type, in_copy(node->args));
        });
      });
      auto* store = std::get_if<Store>(&s.node);
      if (!store || store->buffer != from) return;
      store->buffer = to;
      store->index = in_copy(store->index);
    });
  }

  // Loops over all elements around one store, which gets their index.
  template <class MakeStore>
  Statement over_elements(const std::string& name, MakeStore&& store) {
    const Buffer& buffer = program_.buffers.at(name);
    std::vector<std::string> counters;
    std::vector<Ptr> index;
    for (size_t d = 0; d < buffer.shape.size(); ++d) {
      counters.push_back(fresh("e" + std::to_string(d)));
      index.push_back(index_of(Expr::symbol(counters.back())));
    }
    Statement done{store(index)};
    for (size_t d = buffer.shape.size(); d-- > 0;) {
      Loop loop{counters[d], 0, buffer.shape[d]};
      loop.simd_safe = true;
      loop.body.push_back(std::move(done));
      done = {std::move(loop)};
      taken_.erase(counters[d]);  // the next nest may have it
    }
    return done;
  }
  Ptr copied(const std::string& copy, ir::DType dtype, std::vector<Ptr> index) const {
    index.insert(index.begin(), index_of(Expr::symbol(piece_)));
    return ir::code::element(copy, dtype, std::move(index));
  }
  Statement clear(const std::string& name, const std::string& copy, ir::Wcr wcr) {
    ir::DType dtype = program_.buffers.at(name).dtype;
    return over_elements(name, [&](const std::vector<Ptr>& index) {
      return Store{copy, copied(copy, dtype, index)->args, *neutral(wcr, dtype)};
    });
  }
  Statement gather(const std::string& name, const std::string& copy, ir::Wcr wcr) {
    ir::DType dtype = program_.buffers.at(name).dtype;
    ir::MemletFields combine_with;
    combine_with.wcr = wcr;
    return over_elements(name, [&](const std::vector<Ptr>& index) {
      return Store{name, index,
                   combine(ir::code::element(name, dtype, index), copied(copy, dtype, index), combine_with)};
    });
  }

  Program& program_;
  std::set<std::string> taken_;
  std::string piece_;
};

}  // namespace

std::optional<std::map<std::string, ir::Wcr>> privatisable(const Program& program, Loop& nest,
                                                           const std::set<std::string>& meeting) {
  std::map<std::string, ir::Wcr> found;
  if (!nest.step.is(1)) return std::nullopt;
  for (const std::string& name : meeting) {
    auto kind = combined_only(program, nest, name);
    if (!kind) return std::nullopt;
    found[name] = *kind;
  }
  return found;
}

If privatise(Program& program, const Loop& nest, const Expr& iterations, const std::map<std::string, ir::Wcr>& buffers,
             const Body& line) {
  return Privatiser(program, nest).split(nest, iterations, buffers, line);
}

}  // namespace thalweg::lower
