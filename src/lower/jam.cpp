// Unroll and jam: four independent iterations of a nest run side by side through the recurrence inside, whose chain of
// operations each has to wait for.
//
//   for i: acc = 0; for j: acc = acc + A[i, j]*x[j]; y[i] = acc
//   ==>
//   for i by 4: acc = 0; acc_1 = 0; ... for j: acc = acc + A[i, j]*x[j]; acc_1 = acc_1 + A[i + 1, j]*x[j]; ...
//   for the rest: as before
//
// Each iteration does the same operations in the same order: the same bits.
#include <algorithm>

#include "base/planted.h"
#include "lower/lowering.h"

namespace thalweg::lower {

namespace {

constexpr int kSideBySide = 4;    // covers the latency of an addition
constexpr int kLargestBody = 40;  // leaves and operations of the recurrence

bool is_straight(const Statement& s) {
  if (auto* assign = std::get_if<Assign>(&s.node)) return !assign->flags.any();
  if (auto* store = std::get_if<Store>(&s.node)) return !store->flags.any() && !store->conflict;
  return std::holds_alternative<Source>(s.node) || std::holds_alternative<Declare>(s.node);
}

int size_of(const Ptr& value) {
  int size = 1;
  for (const Ptr& argument : value->args) size += size_of(argument);
  return size;
}

// The only loop directly in the nest, between straight lines, around a straight line.
Loop* recurrence_of(Loop& nest) {
  Loop* found = nullptr;
  for (Statement& s : nest.body) {
    if (is_straight(s)) continue;
    auto* loop = std::get_if<Loop>(&s.node);
    if (!loop || found) return nullptr;
    found = loop;
  }
  if (!found || found->simd_safe || !found->step.as_integer()) return nullptr;
  if (!std::all_of(found->body.begin(), found->body.end(), is_straight)) return nullptr;
  int size = 0;
  for (Statement& s : found->body) each_expression(s, [&](Ptr& value) { size += size_of(value); });
  return size <= kLargestBody ? found : nullptr;
}

// The bounds of the recurrence are the same for all iterations of the nest, which share only what they read.
bool may_jam(const Program& program, const Loop& nest, const Loop& recurrence) {
  const Uses touched = uses(nest.body, program);
  auto is_variable = [&](const std::string& name) { return program.variables.contains(name); };
  for (const std::string& name : touched.written)
    if (!touched.declared.contains(name)) return false;
  std::set<std::string> bounds;
  for (const Expr& bound : {recurrence.begin, recurrence.end}) symbolic::collect_symbols(bound, bounds);
  for (const std::string& name : bounds)
    if ((name == nest.variable && !base::planted("lower.jam_triangles")) || touched.declared.contains(name))
      return false;
  return std::all_of(touched.declared.begin(), touched.declared.end(),
                     [&](const std::string& name) { return name == recurrence.variable || is_variable(name); });
}

// The statements of the iteration k further on, with variables of its own.
class Copies {
 public:
  Copies(Program& program, const Loop& nest, const Loop& recurrence) : program_(program), variable_(nest.variable) {
    const Uses touched = uses(nest.body, program);
    own_ = touched.declared;
    own_.erase(recurrence.variable);
    taken_ = loop_variables(nest.body);
    taken_.insert(nest.variable);
    shared_ = recurrence.variable;
  }

  void add(const Body& from, int k, const std::map<std::string, std::string>& names, Body& into) const {
    Body copy = from;
    if (k > 0)
      std::erase_if(copy, [&](const Statement& s) {
        auto* declare = std::get_if<Declare>(&s.node);
        auto* assign = std::get_if<Assign>(&s.node);
        return std::holds_alternative<Source>(s.node) || (declare && declare->name == shared_) ||
               (assign && assign->variable == shared_);
      });
    for (const auto& [name, fresh] : names) rename_variable(copy, name, fresh);
    if (k > 0) substitute(copy, {{variable_, Expr::symbol(variable_) + k}});
    for (Statement& s : copy) into.push_back(std::move(s));
  }
  std::map<std::string, std::string> fresh_names() {
    std::map<std::string, std::string> names;
    for (const std::string& name : own_) {
      const std::string fresh = fresh_name(program_, taken_, name);
      program_.variables[fresh] = {fresh, program_.variables.at(name).dtype};
      names[name] = fresh;
    }
    return names;
  }

 private:
  Program& program_;
  std::string variable_, shared_;
  std::set<std::string> own_, taken_;
};

}  // namespace

void jam(Program& program, Function& function) {
  Body& body = function.body;
  auto* nest = body.empty() ? nullptr : std::get_if<Loop>(&body.back().node);
  if (!nest || !nest->simd_safe || nest->keep || !nest->step.is(1)) return;
  Loop* recurrence = recurrence_of(*nest);
  if (!recurrence || !may_jam(program, *nest, *recurrence)) return;

  Copies copies(program, *nest, *recurrence);
  std::vector<std::map<std::string, std::string>> names(1);
  for (int k = 1; k < kSideBySide; ++k) names.push_back(copies.fresh_names());
  const auto at = std::find_if(nest->body.begin(), nest->body.end(),
                               [&](const Statement& s) { return std::holds_alternative<Loop>(s.node); });
  const Body before(nest->body.begin(), at), behind(at + 1, nest->body.end());
  Loop wide = *nest, inner = *recurrence;
  wide.body.clear();
  inner.body.clear();
  for (int k = 0; k < kSideBySide; ++k) copies.add(before, k, names[k], wide.body);
  for (int k = 0; k < kSideBySide; ++k) copies.add(recurrence->body, k, names[k], inner.body);
  wide.body.push_back({std::move(inner)});
  for (int k = 0; k < kSideBySide; ++k) copies.add(behind, k, names[k], wide.body);

  const Expr count = symbolic::max(nest->end - nest->begin, 0);
  const Expr rest = nest->begin + kSideBySide * symbolic::floor_div(count, kSideBySide);
  wide.end = rest;
  wide.step = kSideBySide;
  nest->begin = rest;
  body.insert(body.end() - 1, Statement{std::move(wide)});
  function.side_by_side = kSideBySide;
}

}  // namespace thalweg::lower
