// Maps whose iterations meet in elements or scalars of whole numbers: pieces of the range run in parallel, each on a copy of its own.
//
//   for i: bins[where[i]] += w[i]        parallel for piece: part[piece, :] = 0
//                                          for i in its share: part[piece, where[i]] += w[i]
//                                        for piece: bins[:] += part[piece, :]
//
// Whole numbers and booleans only: their combinations wrap or saturate alike in any order, so the bits do not depend on
// pieces or threads. Floating point keeps its order and one thread. Worth it where a piece has many more iterations than
// the copy has elements, which the program asks when it runs; else the nest runs as it was.
#include <algorithm>

#include "ir/unit.h"
#include "lower/alias.h"
#include "lower/lowering.h"

namespace thalweg::lower {

using ir::code::Op;

namespace {

constexpr int64_t kMostPieces = 64;
constexpr int64_t kLeastElements = 512;       // a copy counts as at least so many elements
constexpr int64_t kIterationsPerElement = 8;  // of a piece, for each element of its copy

// Combinations that give the same bits in any order and grouping, and leave a value alone where there are none.
bool is_free(ir::Wcr wcr, ir::DType dtype, const FlagSites& flags) {
  const bool logical = wcr == ir::Wcr::logical_and || wcr == ir::Wcr::logical_or;
  const bool ordered = wcr == ir::Wcr::min || wcr == ir::Wcr::max;
  const bool whole = dtype.is_bool() || (dtype.is_integer() && (ordered || !dtype.python()));
  return whole && (!logical || dtype.is_bool()) && !flags.any() && ir::unit_of(wcr, dtype);
}

// The nest touches the buffer only through free stores of one kind, and reaches its memory by no other name.
std::optional<ir::Wcr> stored_only(const Program& program, Loop& nest, const std::string& name) {
  const Buffer& buffer = program.buffers.at(name);
  std::optional<ir::Wcr> kind;
  bool only = true;
  int stores = 0, reads = 0;
  each_statement(nest.body, [&](Statement& s) {
    only &= !std::holds_alternative<MatMul>(s.node) && !std::holds_alternative<Invoke>(s.node);
    auto* store = std::get_if<Store>(&s.node);
    if (!store || store->buffer != name) return;
    ++stores;
    only &= store->conflict && is_free(store->wcr, buffer.dtype, store->flags) && (!kind || *kind == store->wcr);
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

// The same of a variable.
std::optional<ir::Wcr> assigned_only(const Program& program, Loop& nest, const std::string& name) {
  const ir::DType dtype = program.variables.at(name).dtype;
  std::optional<ir::Wcr> kind;
  bool only = true;
  int assigns = 0, reads = 0;
  auto index = [&](const Expr& expr) {
    std::set<std::string> used;
    symbolic::collect_symbols(expr, used);
    only &= !used.contains(name);
  };
  each_statement(nest.body, [&](Statement& s) {
    only &= !std::holds_alternative<MatMul>(s.node) && !std::holds_alternative<Invoke>(s.node);
    each_index(s, [&](Expr& expr) { index(expr); });
    each_expression(s, [&](Ptr& value) {
      each_leaf(value, [&](const ir::code::Expr& leaf) {
        if (leaf.op == Op::symbol) index(leaf.symbol);
        if (leaf.op == Op::input && leaf.name == name) ++reads;
      });
    });
    auto* assign = std::get_if<Assign>(&s.node);
    if (!assign || assign->variable != name) return;
    ++assigns;
    only &= is_free(assign->wcr, dtype, assign->flags) && (!kind || *kind == assign->wcr);
    kind = assign->wcr;
  });
  return only && assigns == reads ? kind : std::nullopt;
}

class Privatiser {
 public:
  Privatiser(Program& program, const Loop& nest) : program_(program), taken_(loop_variables(Body{{nest}})) {}

  If split(const Loop& nest, const Expr& iterations, const Combined& combined, const Body& line) {
    std::string pieces = variable("pieces"), share = variable("share");
    piece_ = fresh("piece");
    Expr elements = kLeastElements;
    for (const auto& [name, wcr] : combined)
      if (is_buffer(name)) elements = symbolic::max(elements, elements_of(program_.buffers.at(name)));
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
    Body ends;  // of a piece
    for (const auto& [name, wcr] : combined) {
      std::string copy = add_copy(name, Expr::symbol(pieces));
      out.push_back({Allocate{copy}});
      if (is_buffer(name)) {
        redirect(inner.body, name, copy);
        part.body.push_back(clear(name, copy, wcr));
        all.body.push_back(gather(name, copy, wcr));
      } else {
        in_variable(name, copy, wcr, inner.body, part.body, ends, all.body);
      }
    }
    part.body.push_back({std::move(inner)});
    for (Statement& end : ends) part.body.push_back(std::move(end));
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
  bool is_buffer(const std::string& name) const { return program_.buffers.contains(name); }
  static Expr elements_of(const Buffer& buffer) {
    Expr count = 1;
    for (const Expr& extent : buffer.shape) count = count * extent;
    return count;
  }

  // Room for a copy of the buffer per piece, each in row-major order.
  std::string add_copy(const std::string& name, const Expr& pieces) {
    Buffer copy{fresh(name + "_part"),
                is_buffer(name) ? program_.buffers.at(name).dtype : program_.variables.at(name).dtype};
    if (is_buffer(name)) copy.shape = program_.buffers.at(name).shape;
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
      return Store{copy, copied(copy, dtype, index)->args, *ir::unit_of(wcr, dtype)};
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

  // A scalar: a piece has a variable of its own, which it leaves in the copy when it ends.
  void in_variable(const std::string& name, const std::string& copy, ir::Wcr wcr, Body& body, Body& begin, Body& end,
                   Body& all) {
    const ir::DType dtype = program_.variables.at(name).dtype;
    const std::string mine = fresh(name + "_mine");
    program_.variables[mine] = {mine, dtype};
    begin.push_back({Declare{mine}});
    begin.push_back({Assign{mine, *ir::unit_of(wcr, dtype), {}}});
    rename_variable(body, name, mine);
    end.push_back({Store{copy, {index_of(Expr::symbol(piece_))}, ir::code::input(mine, dtype)}});
    ir::MemletFields combine_with;
    combine_with.wcr = wcr;
    all.push_back({Assign{name, combine(ir::code::input(name, dtype), copied(copy, dtype, {}), combine_with), {}}});
  }

  Program& program_;
  std::set<std::string> taken_;
  std::string piece_;
};

}  // namespace

std::optional<Combined> privatisable(const Program& program, Loop& nest, const Meeting& meeting) {
  Combined found;
  if (!nest.step.is(1)) return std::nullopt;
  for (const auto* names : {&meeting.buffers, &meeting.variables})
    for (const std::string& name : *names) {
      auto kind = names == &meeting.buffers ? stored_only(program, nest, name) : assigned_only(program, nest, name);
      if (!kind) return std::nullopt;
      found[name] = *kind;
    }
  return found;
}

If privatise(Program& program, const Loop& nest, const Expr& iterations, const Combined& combined, const Body& line) {
  return Privatiser(program, nest).split(nest, iterations, combined, line);
}

}  // namespace thalweg::lower
