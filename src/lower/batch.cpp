// Products of a matrix with a vector that moves along with the iterations: those of a block of iterations are one
// product of matrices, whose rows they read.
//
//   parallel for i in 0:M:                    parallel for b in 0:ceil(M / 96):
//     row[:] = X[:, i] @ X[:, i:M]              rows[:, :] = X[:, 96*b : min(96*b + 96, M)].T @ X[:, 96*b:M]
//     ... row[j] ...                            for i in 96*b : min(96*b + 96, M):
//                                                 ... rows[i - 96*b, j + i - 96*b] ...
//
// A matrix product reads its operands from the cache, where vectors wait for memory. Only loops that run in parallel,
// whose products are our own and not to the bit those of the BLAS that NumPy calls. Legal when: nothing in the loop
// writes the operands or what their places are computed from, nothing stands before the product that might keep it from
// being reached, no jump leaves the loop; the vector moves by a constant distance; the matrix stays where it is, or gives
// up one column (row) an iteration at its front while its end stays (or gets one at its end), so that the widest of a
// block holds all others. The result is a temporary of the iteration, or lies in rows at a constant distance.
#include <algorithm>

#include "lower/alias.h"
#include "lower/lowering.h"

namespace thalweg::lower {

using ir::code::Op;

namespace {

constexpr int64_t kTogether = 96;  // iterations of a block

bool mentions(const Expr& expr, const std::string& name) {
  std::set<std::string> symbols;
  symbolic::collect_symbols(expr, symbols);
  return symbols.contains(name);
}

// One operand, by what its dimensions mean for the product.
struct Side {
  MatMul::Operand* operand;
  Expr inner;  // strides along the sum,
  Expr free;   // and along what is left of it
};

// c[j] = sum over k of vector[k] * matrix[k, j].
struct VectorProduct {
  Side vector, matrix, result;
  Expr count;  // of j
};

std::optional<VectorProduct> vector_product(MatMul& product) {
  const bool row = product.m.is(1), column = product.n.is(1);
  if (row == column || product.solves) return std::nullopt;
  if (row)
    return VectorProduct{{&product.a, product.a.column, 0},
                         {&product.b, product.b.row, product.b.column},
                         {&product.c, 0, product.c.column},
                         product.n};
  return VectorProduct{{&product.b, product.b.row, 0},
                       {&product.a, product.a.column, product.a.row},
                       {&product.c, 0, product.c.row},
                       product.m};
}

class Batcher {
 public:
  Batcher(Program& program, Body& root) : program_(program), root_(root) {
    each_statement(root, [&](Statement& s) {
      if (auto* loop = std::get_if<Loop>(&s.node)) next_id_ = std::max(next_id_, loop->id + 1);
      if (auto* loop = std::get_if<While>(&s.node)) next_id_ = std::max(next_id_, loop->id + 1);
    });
  }

  void visit(Body& body) {
    for (Statement& statement : body) {
      auto* loop = std::get_if<Loop>(&statement.node);
      if (loop && loop->level == Level::parallel) {
        if (auto blocks = in_blocks(*loop)) statement.node = std::move(*blocks);
      } else {
        each_body(statement, [&](Body& inner) { visit(inner); });
      }
    }
  }

 private:
  // How far an iteration moves the operand, in elements, if that is the same for all.
  std::optional<Expr> distance(const MatMul::Operand& operand, const std::string& variable) const {
    const Buffer& buffer = program_.buffers.at(operand.buffer);
    const symbolic::Substitution next{{variable, Expr::symbol(variable) + 1}};
    Expr total = 0;
    for (size_t d = 0; d < operand.index.size(); ++d) {
      const Expr* place = plain_index(operand.index[d]);
      if (!place) return std::nullopt;
      total = total + (symbolic::substitute(*place, next) - *place) * buffer.strides[d];
    }
    if (mentions(total, variable)) return std::nullopt;
    return total;
  }

  // Everything that the product's places and sizes are computed from stays as it is while the loop runs.
  bool is_fixed(const MatMul& product, const VectorProduct& parts, const Uses& touched) const {
    auto changes = [&](const Expr& expr) {
      std::set<std::string> symbols;
      symbolic::collect_symbols(expr, symbols);
      return std::any_of(symbols.begin(), symbols.end(), [&](const std::string& name) {
        return touched.written.contains(name) || touched.declared.contains(name);
      });
    };
    bool fixed = !changes(product.m) && !changes(product.n) && !changes(product.k);
    for (const MatMul::Operand* operand : {&product.a, &product.b, &product.c}) {
      fixed &= !changes(operand->row) && !changes(operand->column);
      for (const Ptr& index : operand->index) fixed &= plain_index(index) && !changes(*plain_index(index));
      for (const Expr& stride : program_.buffers.at(operand->buffer).strides) fixed &= !changes(stride);
    }
    for (const Side* side : {&parts.vector, &parts.matrix}) {
      const std::string& name = side->operand->buffer;
      fixed &= !touched.buffers_allocated.contains(name) && !touched.pointers_set.contains(name);
      for (const std::string& written : touched.buffers_written) fixed &= !may_overlap(program_, name, written);
    }
    return fixed;
  }

  static bool has_jump(Body& body) {
    bool jump = false;
    each_statement(body, [&](Statement& s) { jump |= std::holds_alternative<Jump>(s.node); });
    return jump;
  }

  // A vector in a buffer that only this loop knows, written by the product alone and read by element.
  bool is_temporary(Loop& loop, size_t at, const std::string& name) {
    const Buffer& buffer = program_.buffers.at(name);
    const auto& product = std::get<MatMul>(loop.body[at].node);
    if (buffer.home != Home::heap || buffer.strides.size() != 1 || !buffer.strides[0].is(1) || !buffer.offset.is(0) ||
        !plain_index(product.c.index[0])->is(0))
      return false;
    int allocations = 0, others = 0;
    each_statement(loop.body, [&](Statement& s) {
      if (auto* allocate = std::get_if<Allocate>(&s.node)) {
        allocations += allocate->buffer == name;
        others += allocate->takes == name;
      }
      if (auto* set = std::get_if<SetPointers>(&s.node))
        for (auto& one : set->sets) others += one.base == name;
      if (auto* call = std::get_if<Callback>(&s.node))
        for (auto* side : {&call->inputs, &call->outputs})
          for (auto& operand : *side) others += operand.name == name;
      if (auto* store = std::get_if<Store>(&s.node)) others += store->buffer == name;
      if (auto* reduce = std::get_if<Reduce>(&s.node)) others += reduce->target == name || reduce->chunks;
      auto* other = std::get_if<MatMul>(&s.node);
      if (other && other != &product)
        for (auto* operand : {&other->a, &other->b, &other->c}) others += operand->buffer == name;
    });
    bool allocated_before = false;
    for (size_t k = 0; k < at; ++k)
      if (auto* allocate = std::get_if<Allocate>(&loop.body[k].node)) allocated_before |= allocate->buffer == name;
    if (allocations != 1 || others != 0 || !allocated_before) return false;
    Body inside = std::exchange(loop.body, {});
    const Uses outside = uses(root_, program_);
    loop.body = std::move(inside);
    return !outside.buffers_read.contains(name) && !outside.buffers_written.contains(name) &&
           !outside.buffers_allocated.contains(name);
  }

  std::optional<Loop> in_blocks(Loop& loop) {
    if (!loop.step.is(1) || loop.keep || has_jump(loop.body)) return std::nullopt;
    for (size_t at = 0; at < loop.body.size(); ++at) {
      const auto& node = loop.body[at].node;
      if (std::holds_alternative<MatMul>(node)) return in_blocks(loop, at);
      if (!std::holds_alternative<Source>(node) && !std::holds_alternative<Allocate>(node) &&
          !std::holds_alternative<Declare>(node))
        return std::nullopt;
    }
    return std::nullopt;
  }

  std::optional<Loop> in_blocks(Loop& loop, size_t at) {
    auto& product = std::get<MatMul>(loop.body[at].node);
    auto parts = vector_product(product);
    const std::string& i = loop.variable;
    if (!parts || !is_fixed(product, *parts, uses(loop.body, program_))) return std::nullopt;
    const auto step = distance(*parts->vector.operand, i), gives_up = distance(*parts->matrix.operand, i);
    if (!step || !gives_up || step->is(0) || mentions(product.k, i) || mentions(parts->vector.inner, i) ||
        mentions(parts->matrix.inner, i) || mentions(parts->matrix.free, i))
      return std::nullopt;
    const bool at_front = !gives_up->is(0);
    if (at_front && *gives_up != parts->matrix.free) return std::nullopt;
    const symbolic::Substitution next{{i, Expr::symbol(i) + 1}};
    const Expr more = symbolic::substitute(parts->count, next) - parts->count;
    if (!more.is(at_front ? -1 : 0) && !(more.is(1) && !at_front)) return std::nullopt;

    // The block, and the widest product of its iterations: the first one's or the last one's.
    std::set<std::string> taken = loop_variables(Body{{loop}});
    const std::string block = fresh_name(program_, taken, i + "_block");
    const Expr first = loop.begin + kTogether * Expr::symbol(block);
    const Expr after = symbolic::min(first + kTogether, loop.end);
    const symbolic::Substitution at_first{{i, first}}, at_widest{{i, more.is(1) ? after - 1 : first}};
    auto place = [&](const MatMul::Operand& operand, const Expr& row, const Expr& column) {
      MatMul::Operand out{operand.buffer, {}, row, column};
      for (const Ptr& index : operand.index)
        out.index.push_back(index_of(symbolic::substitute(*plain_index(index), at_first)));
      return out;
    };
    MatMul together;
    together.dtype = product.dtype;
    together.m = after - first;
    together.n = symbolic::substitute(parts->count, at_widest);
    together.k = product.k;
    together.a = place(*parts->vector.operand, *step, parts->vector.inner);
    together.b = place(*parts->matrix.operand, parts->matrix.inner, parts->matrix.free);

    Loop blocks{block, 0, symbolic::ceil_div(loop.end - loop.begin, Expr(kTogether))};
    blocks.level = Level::parallel;
    blocks.simd_safe = loop.simd_safe;
    blocks.id = next_id_++;
    Loop inner = loop;
    inner.level = Level::serial;
    inner.begin = first;
    inner.end = after;
    const std::string result = parts->result.operand->buffer;
    if (is_temporary(loop, at, result)) {
      const std::string rows = add_rows(result, together.m, together.n);
      together.c = {rows, {index_of(0), index_of(0)}, together.n, 1};
      read_rows(inner.body, result, rows, Expr::symbol(i) - first, at_front);
      blocks.body.push_back({Allocate{rows}});
      inner.body.erase(inner.body.begin() + static_cast<std::ptrdiff_t>(at));
      std::erase_if(inner.body, [&](const Statement& s) {
        auto* allocate = std::get_if<Allocate>(&s.node);
        return allocate && allocate->buffer == result;
      });
    } else {
      const auto apart = distance(*parts->result.operand, i);
      if (!apart || apart->is(0) || !more.is(0) || mentions(parts->result.free, i) ||
          uses(loop.body, program_).buffers_allocated.contains(result))
        return std::nullopt;
      together.c = place(*parts->result.operand, *apart, parts->result.free);
      inner.body.erase(inner.body.begin() + static_cast<std::ptrdiff_t>(at));
    }
    blocks.body.push_back({std::move(together)});
    blocks.body.push_back({std::move(inner)});
    return blocks;
  }

  std::string add_rows(const std::string& vector, const Expr& rows, const Expr& columns) {
    Buffer buffer{fresh_name(program_, {}, vector + "_rows"), program_.buffers.at(vector).dtype};
    buffer.shape = {rows, columns};
    buffer.strides = {columns, 1};
    program_.buffers[buffer.name] = buffer;
    return buffer.name;
  }

  // Element j of the vector is element (row, j) of the rows; (row, j + row) where the matrix gives up its front.
  static void read_rows(Body& body, const std::string& vector, const std::string& rows, const Expr& row,
                        bool at_front) {
    each_statement(body, [&](Statement& s) {
      each_expression(s, [&](Ptr& value) {
        value = rewrite(value, [&](const Ptr& node) -> Ptr {
          if (node->op != Op::element || node->name != vector) return nullptr;
          Ptr column = node->args[0];
          if (at_front) {
            const Expr* plain = plain_index(column);
            column = plain ? index_of(*plain + row) : ir::code::make(Op::add, column, index_of(row));
          }
          return ir::code::element(rows, node->type, {index_of(row), column});
        });
      });
    });
  }

  Program& program_;
  Body& root_;
  int next_id_ = 0;
};

}  // namespace

void batch_products(Program& program, Body& root) { Batcher(program, root).visit(root); }

}  // namespace thalweg::lower
