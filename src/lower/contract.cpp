// Contraction: a temporary that lives only inside one nest, and of which an iteration touches only its own slice,
// shrinks to that slice: a variable, or a row that stays in cache and is private to its thread.
#include <algorithm>

#include "base/planted.h"
#include "lower/lowering.h"

namespace thalweg::lower {

using ir::code::Op;

namespace {

struct Place {
  std::vector<Ptr> index;
  bool write;
  bool conditional;                // under an if inside the nest
  std::vector<Loop*> loops;        // loops around it inside the nest, outermost first
  std::vector<Reduce::Axis> axes;  // of the reduction whose value it is
};

class Contractor {
 public:
  Contractor(Program& program, Body& root) : program_(program), root_(root) {}

  void run() {
    count(root_);
    for (const auto& result : program_.signature.results) ++elsewhere_[result.name];
    visit(root_, false);
    remove_allocations(root_);
  }

 private:
  // Mentions of each buffer: as accesses, and in statements that need its address.
  void count(Body& body) {
    each_access(body, [&](const Access& access) { ++accesses_[access.buffer]; });
    each_statement(body, [&](Statement& s) {
      if (auto* set = std::get_if<SetPointers>(&s.node))
        for (auto& one : set->sets) ++elsewhere_[one.base];
      if (auto* mm = std::get_if<MatMul>(&s.node))
        for (auto* operand : {&mm->a, &mm->b, &mm->c}) ++elsewhere_[operand->buffer];
      if (auto* call = std::get_if<Callback>(&s.node))
        for (auto* side : {&call->inputs, &call->outputs})
          for (auto& operand : *side) ++elsewhere_[operand.name];
      if (auto* reduce = std::get_if<Reduce>(&s.node); reduce && reduce->chunks) ++elsewhere_[reduce->value->name];
    });
  }

  void visit(Body& body, bool repeated) {
    for (Statement& s : body) {
      auto* loop = std::get_if<Loop>(&s.node);
      if (loop && loop->simd_safe) {
        contract_in(*loop, repeated);
        continue;
      }
      bool inner = repeated || loop || std::holds_alternative<While>(s.node);
      each_body(s, [&](Body& inside) { visit(inside, inner); });
    }
  }

  // Every change moves statements, so the accesses are collected again after each.
  void contract_in(Loop& nest, bool repeated) {
    std::set<std::string> tried;
    for (bool changed = true; changed;) {
      changed = false;
      std::map<std::string, std::vector<Place>> places;
      std::vector<Loop*> loops{&nest};
      collect(nest.body, loops, false, places);
      for (auto& [name, found] : places) {
        auto at = program_.buffers.find(name);
        if (at == program_.buffers.end() || elsewhere_.contains(name) || local_.contains(name)) continue;
        bool temporary = at->second.home == Home::heap || at->second.home == Home::stack;
        if (!temporary || accesses_[name] != static_cast<int>(found.size()) || !tried.insert(name).second) continue;
        changed = contract_buffer(at->second, found, repeated);
        if (changed) break;
      }
    }
  }

  // In the order of execution inside one iteration: operands before the store.
  void collect(Body& body, std::vector<Loop*>& loops, bool conditional,
               std::map<std::string, std::vector<Place>>& into) {
    for (Statement& s : body) {
      if (auto* declare = std::get_if<Declare>(&s.node)) local_.insert(declare->name);
      if (auto* allocate = std::get_if<Allocate>(&s.node)) local_.insert(allocate->buffer);
      std::vector<Reduce::Axis> axes;
      if (auto* reduce = std::get_if<Reduce>(&s.node)) axes = reduce->axes;
      each_expression(s, [&](Ptr& value) {
        each_leaf(value, [&](const ir::code::Expr& leaf) {
          if (leaf.op == Op::element) into[leaf.name].push_back({leaf.args, false, conditional, loops, axes});
        });
      });
      if (auto* store = std::get_if<Store>(&s.node))
        into[store->buffer].push_back({store->index, true, conditional, loops, {}});
      if (auto* reduce = std::get_if<Reduce>(&s.node))
        into[reduce->target].push_back({reduce->index, true, conditional, loops, {}});
      auto* loop = std::get_if<Loop>(&s.node);
      if (loop) loops.push_back(loop);
      bool below = conditional || std::holds_alternative<If>(s.node) || std::holds_alternative<While>(s.node);
      each_body(s, [&](Body& inner) { collect(inner, loops, below, into); });
      if (loop) loops.pop_back();
    }
  }

  bool contract_buffer(Buffer& buffer, const std::vector<Place>& places, bool repeated) {
    if (!places[0].write || places[0].conditional) return false;
    // Loops around all accesses.
    std::vector<Loop*> common = places[0].loops;
    for (const Place& place : places) {
      size_t k = 0;
      while (k < common.size() && k < place.loops.size() && common[k] == place.loops[k]) ++k;
      common.resize(k);
    }
    std::vector<bool> contracted(buffer.shape.size(), false);
    size_t innermost = 0;  // one past the innermost loop whose variable is contracted
    for (size_t d = 0; d < buffer.shape.size(); ++d)
      for (size_t k = 0; k < common.size(); ++k)
        if (common[k]->simd_safe && same_offset(places, d, common[k]->variable)) {
          contracted[d] = true;
          innermost = std::max(innermost, k + 1);
          break;
        }
    if (innermost == 0) return false;
    // A dimension of extent 1 has one index.
    for (size_t d = 0; d < buffer.shape.size(); ++d) contracted[d] = contracted[d] || buffer.shape[d].is(1);
    // A loop outside the innermost contracted one must be contracted, too, or the contents would mix.
    if (repeated && !covered(places, contracted)) return false;
    for (size_t k = 0; k < innermost; ++k) {
      bool used = false;
      for (size_t d = 0; d < buffer.shape.size(); ++d)
        used |= contracted[d] && !buffer.shape[d].is(1) && same_offset(places, d, common[k]->variable);
      if (!used && !covered(places, contracted)) return false;
    }
    bool whole = std::all_of(contracted.begin(), contracted.end(), [](bool c) { return c; });
    removed_.insert(buffer.name);
    whole =
        whole && std::all_of(places.begin(), places.end(), [&](const Place& p) { return !p.conditional || !p.write; });
    program_.contractions.push_back({buffer.name, buffer.container, whole});
    if (whole) {
      become_variable(buffer, common[innermost - 1]->body);
      return true;
    }
    Expr stride = 1;
    for (size_t d = buffer.shape.size(); d-- > 0;) {
      buffer.strides[d] = contracted[d] ? Expr(0) : stride;
      if (!contracted[d]) stride = stride * buffer.shape[d];
    }
    buffer.offset = 0;
    Body& body = common[innermost - 1]->body;
    if (buffer.home == Home::stack)
      body.insert(body.begin(), {Declare{buffer.name}});
    else
      body.insert(body.begin(), {Allocate{buffer.name, -1}});
    local_.insert(buffer.name);
    return true;
  }

  static bool same_offset(const std::vector<Place>& places, size_t d, const std::string& variable) {
    std::optional<Expr> offset;
    for (const Place& place : places) {
      const Expr* plain = plain_index(place.index[d]);
      if (!plain) return false;
      Expr rest = *plain - Expr::symbol(variable);
      std::set<std::string> symbols;
      symbolic::collect_symbols(rest, symbols);
      if (symbols.contains(variable)) return false;
      for (const Loop* loop : place.loops)
        if (symbols.contains(loop->variable)) return false;
      if (offset && !(*offset == rest)) return false;
      offset = rest;
    }
    return true;
  }

  // Every read sees what the same iteration wrote: each remaining dimension is read over the range that it was written
  // over.
  static bool covered(const std::vector<Place>& places, const std::vector<bool>& contracted) {
    if (base::planted("lower.contract_what_is_kept")) return true;
    const Place& first = places[0];
    auto range_of = [&](const Place& place, size_t d) -> std::optional<std::pair<Expr, Expr>> {
      const Expr* plain = plain_index(place.index[d]);
      if (!plain) return std::nullopt;
      for (const Loop* loop : place.loops) {
        Expr rest = *plain - Expr::symbol(loop->variable);
        std::set<std::string> symbols;
        symbolic::collect_symbols(rest, symbols);
        if (!symbols.contains(loop->variable) && loop->step.is(1))
          return std::pair(loop->begin + rest, loop->end + rest);
      }
      for (const Reduce::Axis& axis : place.axes) {
        Expr rest = *plain - Expr::symbol(axis.variable);
        std::set<std::string> symbols;
        symbolic::collect_symbols(rest, symbols);
        if (!symbols.contains(axis.variable)) return std::pair(rest, axis.extent + rest);
      }
      return std::pair(*plain, *plain + 1);
    };
    for (const Place& place : places) {
      if (place.write) continue;
      for (size_t d = 0; d < contracted.size(); ++d) {
        if (contracted[d]) continue;
        auto written = range_of(first, d), read = range_of(place, d);
        if (!written || !read || !(written->first == read->first) || !(written->second == read->second)) return false;
      }
    }
    return true;
  }

  void become_variable(const Buffer& buffer, Body& body) {
    std::string name = buffer.name;
    ir::DType dtype = buffer.dtype;
    program_.buffers.erase(name);
    program_.variables[name] = {name, dtype};
    each_statement(body, [&](Statement& s) {
      each_expression(s, [&](Ptr& value) {
        value = rewrite(value, [&](const Ptr& node) -> Ptr {
          if (node->op != Op::element || node->name != name) return nullptr;
          return ir::code::input(name, dtype);
        });
      });
      if (auto* reduce = std::get_if<Reduce>(&s.node); reduce && reduce->target == name) reduce->index.clear();
      if (auto* store = std::get_if<Store>(&s.node); store && store->buffer == name) {
        Assign assign{name, store->value, store->flags};
        s.node = std::move(assign);
      }
    });
    body.insert(body.begin(), {Declare{name}});
    local_.insert(name);
  }

  // The allocations at the old places, outside the nests.
  void remove_allocations(Body& body) {
    std::erase_if(body, [&](const Statement& s) {
      if (auto* allocate = std::get_if<Allocate>(&s.node)) return removed_.contains(allocate->buffer);
      if (auto* declare = std::get_if<Declare>(&s.node)) return removed_.contains(declare->name);
      return false;
    });
    for (Statement& s : body) {
      auto* loop = std::get_if<Loop>(&s.node);
      if (!loop || !loop->simd_safe) each_body(s, [&](Body& inner) { remove_allocations(inner); });
    }
  }

  Program& program_;
  Body& root_;
  std::map<std::string, int> accesses_, elsewhere_;
  std::set<std::string> removed_, local_;
};

}  // namespace

void contract(Program& program, Body& root) { Contractor(program, root).run(); }

}  // namespace thalweg::lower
