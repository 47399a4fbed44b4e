#include "transforms/loop_halves.h"

#include <algorithm>

#include "analysis/dependences.h"
#include "analysis/effects.h"
#include "rewrite/transformation.h"
#include "transforms/overlap.h"

namespace thalweg::transforms {

using namespace ir;
using analysis::BodyAccess;
using analysis::Names;
using rewrite::legal;

namespace {

using Reason = std::optional<std::string>;

// Pairs of accesses beyond this are not compared: compile time.
constexpr size_t kMostPairs = 4000;

const std::string* common(const Names& a, const Names& b) {
  for (const std::string& name : a)
    if (b.count(name)) return &name;
  return nullptr;
}

void add(LoopHalf& half, const analysis::Effects& effects) {
  half.may_raise = half.may_raise || effects.may_raise;
  for (const auto* accesses : {&effects.reads, &effects.writes})
    for (const analysis::Access& access : *accesses) half.containers.insert(access.container);
}

Reason symbols_meet(const LoopHalf& first, const LoopHalf& second) {
  for (const auto& [a, b] : {std::pair(&first.assigned, &second.used), std::pair(&second.assigned, &first.used),
                             std::pair(&first.assigned, &second.assigned)})
    if (const std::string* name = common(*a, *b); !legal("LoopHalves.symbols", !name))
      return *name + " is assigned in one part and used in the other";
  return std::nullopt;
}

Names written(const LoopHalf& half) {
  Names out;
  for (const BodyAccess& access : half.body.accesses)
    if (access.write) out.insert(access.container);
  return out;
}

Reason memory_is_shared(const SDFG& graph, const LoopHalf& first, const LoopHalf& second) {
  const Overlap overlap(graph);
  const Names one = written(first), other = written(second);
  for (const LoopHalf* half : {&first, &second})
    for (const std::string& name : half->containers) {
      const Container* container = graph.find(name);
      const bool own = container && (container->get().kind == ContainerKind::array ||
                                     container->get().kind == ContainerKind::scalar);
      if (!own) return "it uses " + name + ", which is no array of its own";
    }
  auto check = [&](const Names& writes, const Names& all) -> Reason {
    for (const std::string& a : writes)
      for (const std::string& b : all)
        if (!legal("LoopHalves.overlap", a == b || !overlap(a, b))) return a + " and " + b + " may be the same memory";
    return std::nullopt;
  };
  if (auto reason = check(one, second.containers)) return reason;
  return check(other, first.containers);
}

// Is a place of the access read from what either part writes?
Reason places_change(const LoopHalf& first, const LoopHalf& second) {
  Names writes = written(first);
  writes.merge(written(second));
  for (const LoopHalf* half : {&first, &second})
    for (const BodyAccess& access : half->body.accesses) {
      Names inside;
      for (const symbolic::Range& range : access.subset.ranges)
        for (const symbolic::Expr& expr : {range.begin, range.size, range.step})
          symbolic::collect_containers(expr, inside);
      for (const symbolic::Expr& condition : access.conditions) symbolic::collect_containers(condition, inside);
      if (const std::string* name = common(inside, writes))
        return "the place " + access.text + " depends on " + *name + ", which it writes";
    }
  return std::nullopt;
}

}  // namespace

LoopHalf half_of(const LoopRegion& loop, size_t from, size_t to) {
  LoopHalf half;
  half.body = analysis::body_of(loop, from, to);
  const auto chain = *loop.chain();
  for (size_t k = from; k < to; ++k) {
    half.assigned.merge(analysis::assigned_symbols(*chain[k]));
    half.used.merge(analysis::used_symbols(*chain[k]));
    add(half, analysis::effects_of(*chain[k]));
    for (const InterstateEdge* edge : loop.out_edges(*chain[k])) {
      half.used.merge(analysis::used_symbols(edge->get()));
      for (const auto& [name, value] : edge->get().assignments) half.assigned.insert(name);
      add(half, analysis::effects_of(*edge));
    }
  }
  return half;
}

void rename_variable(LoopHalf& half, const std::string& from, const std::string& to) {
  if (from == to) return;
  const symbolic::Substitution by{{from, symbolic::Expr::symbol(to)}};
  for (BodyAccess& access : half.body.accesses) {
    access.subset = symbolic::substitute(access.subset, by);
    for (symbolic::Expr& condition : access.conditions) condition = symbolic::substitute(condition, by);
  }
}

std::optional<std::string> coupled(const LoopRegion& loop, const symbolic::Range& range, const LoopHalf& first,
                                   const LoopHalf& second) {
  for (const LoopHalf* half : {&first, &second}) {
    if (!legal("LoopHalves.effects", half->body.obstacle.empty())) return half->body.obstacle;
    if (!legal("LoopHalves.exceptions", !half->may_raise))
      return "it may raise an exception, and what has happened until then would be something else";
  }
  if (auto reason = symbols_meet(first, second)) return reason;
  const SDFG& graph = *loop.sdfg();
  if (auto reason = memory_is_shared(graph, first, second)) return reason;
  if (auto reason = places_change(first, second)) return reason;
  if (first.body.accesses.size() * second.body.accesses.size() > kMostPairs)
    return "it touches memory at too many places";
  const analysis::Dependences dependences(graph, first.body, {{loop.get().variable}, {range}},
                                          analysis::facts_at(loop));
  for (const BodyAccess& late : second.body.accesses)
    for (const BodyAccess& early : first.body.accesses) {
      if (late.container != early.container || (!late.write && !early.write)) continue;
      if (!legal("LoopHalves.dependence", !dependences.may_come_first(late, early)))
        return late.text + " in one iteration may be " + early.text + " of a later one";
    }
  return std::nullopt;
}

}  // namespace thalweg::transforms
