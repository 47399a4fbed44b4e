// Fusion of neighbouring map nests over common outer loops, so that rows stay in cache:
//
//   for i: t[i] = max(x[i,:])            for i:
//   for i: for j: e[i,j] = f(x, t[i])      t = max(x[i,:]); for j: e[j] = f(x, t); ...
//
// Legal where all accesses to a shared buffer, one of them a write, use the loop variable in the same dimension with
// the same offset: then iterations touch disjoint slices, and within one iteration program order is kept. Checks in
// the first nest would have guarded all of the second, so such a nest is not fused with what follows.
#include <algorithm>

#include "base/planted.h"
#include "lower/alias.h"
#include "lower/lowering.h"

namespace thalweg::lower {

namespace {

using Chain = std::vector<Loop*>;

// Only statements whose effects each_access shows.
bool is_plain(const Body& body) {
  bool plain = true;
  each_statement(const_cast<Body&>(body), [&](Statement& s) {
    plain &= !std::holds_alternative<While>(s.node) && !std::holds_alternative<Jump>(s.node) &&
             !std::holds_alternative<SetPointers>(s.node) && !std::holds_alternative<MatMul>(s.node) &&
             !std::holds_alternative<Callback>(s.node) && !std::holds_alternative<Invoke>(s.node) &&
             !std::holds_alternative<SetResult>(s.node);
    if (auto* loop = std::get_if<Loop>(&s.node)) plain &= !loop->keep;
  });
  return plain;
}

class Fuser {
 public:
  Fuser(Program& program) : program_(program) {}

  void run(Body& body) {
    for (size_t k = 0; k < body.size();) {
      if (!fuse_with_next(body, k)) ++k;
    }
    for (Statement& s : body) each_body(s, [&](Body& inner) { run(inner); });
  }

 private:
  // Fuses the nest at position k with a later one; what stands between must not mind that one moving up.
  bool fuse_with_next(Body& body, size_t k) {
    auto* first = std::get_if<Loop>(&body[k].node);
    if (!first || !first->simd_safe || !is_plain(first->body) || checks(first->body)) return false;
    constexpr size_t look_ahead = 12;
    for (size_t next = k + 1; next < body.size() && next <= k + look_ahead; ++next) {
      if (std::holds_alternative<Source>(body[next].node)) continue;
      auto* second = std::get_if<Loop>(&body[next].node);
      if (!second || !second->simd_safe || !is_plain(second->body)) return false;
      if (second->level == first->level && may_move_up(body, k + 1, next) && fuse_pair(body, k, next)) return true;
      if (checks(second->body)) return false;
    }
    return false;
  }

  static bool checks(const Body& body) {
    bool found = false;
    each_statement(const_cast<Body&>(body), [&](Statement& s) {
      found |= std::holds_alternative<Check>(s.node) && !base::planted("lower.fuse_over_checks");
      if (auto* store = std::get_if<Store>(&s.node)) found |= store->flags.any();
      if (auto* assign = std::get_if<Assign>(&s.node)) found |= assign->flags.any();
    });
    return found;
  }

  // The nest at `to` touches nothing that those from `from` on write, and the other way round.
  bool may_move_up(Body& body, size_t from, size_t to) {
    Uses moved = uses(std::get<Loop>(body[to].node).body, program_);
    auto meets = [&](const std::set<std::string>& x, const std::set<std::string>& y) {
      return std::any_of(x.begin(), x.end(), [&](const auto& a) {
        return std::any_of(y.begin(), y.end(), [&](const auto& b) { return may_overlap(program_, a, b); });
      });
    };
    for (size_t s = from; s < to; ++s) {
      auto* between = std::get_if<Loop>(&body[s].node);
      if (!between) continue;
      Uses of = uses(between->body, program_);
      if (meets(of.buffers_written, moved.buffers_read) || meets(of.buffers_written, moved.buffers_written) ||
          meets(of.buffers_read, moved.buffers_written) || !of.written.empty() || !moved.written.empty())
        return false;
    }
    return true;
  }

  bool fuse_pair(Body& body, size_t k, size_t next) {
    auto* first = &std::get<Loop>(body[k].node);
    auto* second = &std::get<Loop>(body[next].node);
    if (!shares_data(uses(first->body, program_), uses(second->body, program_))) return false;
    Statement copy = body[next];
    auto& candidate = std::get<Loop>(copy.node);
    rename_apart(*first, candidate);
    Chain a = chain_of(*first), b = chain_of(candidate);
    for (size_t depth = std::min(a.size(), b.size()); depth > 0; --depth) {
      if (!align(a, b, depth)) continue;
      Body moved = b[depth - 1]->body;
      substitute(moved, shift_);
      if (!disjoint_slices(a, depth, moved)) continue;
      substitute_layouts(program_, moved, in_layouts());
      Body& into = a[depth - 1]->body;
      // The line of the second nest goes with it.
      bool line = std::holds_alternative<Source>(body[next - 1].node);
      if (line) into.push_back(body[next - 1]);
      for (Statement& s : moved) into.push_back(std::move(s));
      body.erase(body.begin() + static_cast<std::ptrdiff_t>(next - (line ? 1 : 0)),
                 body.begin() + static_cast<std::ptrdiff_t>(next) + 1);
      return true;
    }
    return false;
  }

  // What the first writes the second touches, or the other way round.
  static bool shares_data(const Uses& a, const Uses& b) {
    auto meets = [](const std::set<std::string>& x, const std::set<std::string>& y) {
      return std::any_of(x.begin(), x.end(), [&](const auto& name) { return y.contains(name); });
    };
    return meets(a.buffers_written, b.buffers_read) || meets(a.buffers_written, b.buffers_written) ||
           meets(a.buffers_read, b.buffers_written);
  }

  // Inner loops of the second must not capture the names of the first.
  void rename_apart(Loop& first, Loop& second) {
    Body one;
    one.push_back({second});
    std::set<std::string> taken = loop_variables(first.body);
    taken.insert(first.variable);
    std::set<std::string> own = loop_variables(one);
    renamed_.clear();
    for (const std::string& name : own) {
      if (!taken.contains(name)) continue;
      std::string fresh;
      for (int k = 1; fresh.empty() || taken.contains(fresh) || own.contains(fresh) ||
                      program_.variables.contains(fresh) || program_.buffers.contains(fresh);
           ++k)
        fresh = name + "_" + std::to_string(k);
      rename_variable(one, name, fresh);
      renamed_[name] = Expr::symbol(fresh);
      taken.insert(fresh);
    }
    second = std::get<Loop>(std::move(one[0].node));
  }

  // What became of the second nest's variables, by the names that layouts still have.
  symbolic::Substitution in_layouts() const {
    symbolic::Substitution by = shift_;
    for (const auto& [name, fresh] : renamed_) by[name] = symbolic::substitute(fresh, shift_);
    return by;
  }

  // The first `depth` loops run over the same values up to a shift, which goes to shift_.
  bool align(const Chain& a, const Chain& b, size_t depth) {
    shift_.clear();
    for (size_t d = 0; d < depth; ++d) {
      if (program_.variables.contains(a[d]->variable)) return false;
      Expr begin = symbolic::substitute(b[d]->begin, shift_), end = symbolic::substitute(b[d]->end, shift_);
      if (!(a[d]->step == b[d]->step) || a[d]->level != b[d]->level) return false;
      Expr offset = a[d]->begin - begin;
      if (!(end + offset == a[d]->end) || (!offset.is(0) && !a[d]->step.is(1))) return false;
      shift_[b[d]->variable] = Expr::symbol(a[d]->variable) - offset;
    }
    return true;
  }

  // Every buffer that both touch, one of them writing, is indexed alike by each fused variable.
  bool disjoint_slices(const Chain& a, size_t depth, const Body& moved) {
    struct Touch {
      std::vector<const std::vector<Ptr>*> indices;
      bool written = false;
    };
    std::map<std::string, Touch> of_first, of_second;
    auto collect = [](const Body& body, std::map<std::string, Touch>& into) {
      each_access(body, [&](const Access& access) {
        Touch& touch = into[access.buffer];
        touch.indices.push_back(access.index);
        touch.written |= access.write;
      });
    };
    collect(a[depth - 1]->body, of_first);
    collect(moved, of_second);
    std::set<std::string> inside = loop_variables(a[depth - 1]->body);
    inside.merge(loop_variables(moved));
    for (const auto& [x, touch_x] : of_first)
      for (const auto& [y, touch_y] : of_second) {
        if (!touch_x.written && !touch_y.written) continue;
        if (!program_.buffers.contains(x) || !program_.buffers.contains(y)) {
          if (x == y) return false;
          continue;
        }
        if (x != y) {
          if (may_overlap(program_, x, y)) return false;
          continue;
        }
        auto all = touch_x.indices;
        all.insert(all.end(), touch_y.indices.begin(), touch_y.indices.end());
        for (size_t d = 0; d < depth; ++d)
          if (!base::planted("lower.fuse_any_slice") && !same_slice(all, a[d]->variable, inside)) return false;
      }
    // Scalars carried from one nest to the next would have to be private.
    Uses first = uses(a[depth - 1]->body, program_), second = uses(moved, program_);
    return first.written.empty() && second.written.empty();
  }

  static bool same_slice(const std::vector<const std::vector<Ptr>*>& indices, const std::string& variable,
                         const std::set<std::string>& inside) {
    for (size_t d = 0; d < indices[0]->size(); ++d) {
      std::optional<Expr> offset;
      bool same = true;
      for (const auto* index : indices) {
        const Expr* plain = d < index->size() ? plain_index((*index)[d]) : nullptr;
        if (!plain) {
          same = false;
          break;
        }
        Expr rest = *plain - Expr::symbol(variable);
        std::set<std::string> symbols;
        symbolic::collect_symbols(rest, symbols);
        bool clean = !symbols.contains(variable) &&
                     std::none_of(symbols.begin(), symbols.end(), [&](const auto& s) { return inside.contains(s); });
        if (!clean || (offset && !(*offset == rest))) {
          same = false;
          break;
        }
        offset = rest;
      }
      if (same) return true;
    }
    return false;
  }

  Program& program_;
  symbolic::Substitution renamed_, shift_;
};

}  // namespace

void fuse(Program& program, Body& body, const Options&) {
  Fuser(program).run(body);
  contract(program, body);
}

}  // namespace thalweg::lower
