#include "transforms/control_values.h"

#include <algorithm>

#include "analysis/symbols.h"
#include "ir/scopes.h"
#include "rewrite/transformation.h"
#include "transforms/carries.h"
#include "transforms/reach.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::legal;

namespace {

bool is_written(const AccessNode& node) { return std::any_of(node.in_edges().begin(), node.in_edges().end(), carries); }

// The value that a tasklet alone gives to a whole scalar; null where it is none.
code::Ptr stored_value(const AccessNode& node) {
  const Edge* from = nullptr;
  for (const Edge* edge : node.in_edges()) {
    if (!carries(edge)) continue;
    if (from) return nullptr;
    from = edge;
  }
  auto* tasklet = from ? as<Tasklet>(&from->source()) : nullptr;
  if (!tasklet || tasklet->get().language.row().opaque || tasklet->get().side_effects) return nullptr;
  if (from->memlet()->wcr != Wcr::none || from->memlet()->dynamic) return nullptr;
  code::Ptr value;
  for (const code::Statement& statement : tasklet->get().code) {
    auto* store = std::get_if<code::Store>(&statement);
    if (!store || store->connector != from->source_connector()) continue;
    if (value || !store->indices.empty()) return nullptr;
    value = store->value;
  }
  return value;
}

}  // namespace

ControlValues::ControlValues(SDFG& graph, ValueRules rules) : rules_(std::move(rules)), overlap_(graph) {
  if (rules_.scalars)
    for (const auto& container : graph.containers()) {
      const ContainerFields& fields = container->get();
      if (fields.kind == ContainerKind::scalar && legal(rules_.conditions.transient, fields.transient) &&
          legal(rules_.conditions.not_shared, !overlap_.shares(fields.name)))
        scalars_.insert(fields.name);
    }
  collect(graph);
  if (!names_.empty()) region(graph, {});
}

// Names that some assignment gives a value of the kind that is looked for. The others cost nothing afterwards; among them
// variables of loops, which change in the loop.
void ControlValues::collect(ControlFlowRegion& region) {
  auto note = [&](const std::string& name, const code::Ptr& value) {
    // What the value is made of may become known, too: any assignment without containers counts.
    std::set<std::string> read;
    if (value) code::collect_inputs(*value, read);
    const bool may = std::all_of(read.begin(), read.end(), [&](const auto& one) { return scalars_.count(one) > 0; });
    if (value && may) names_.insert(name);
  };
  auto edges = [&](const ControlFlowRegion& of) {
    for (const auto& edge : of.edges())
      for (const auto& [name, value] : edge->get().assignments) note(name, value);
  };
  edges(region);
  for (ControlFlowBlock* block : all_blocks(region)) {
    if (auto* inner = as<ControlFlowRegion>(block)) edges(*inner);
    auto* state = scalars_.empty() ? nullptr : as<State>(block);
    if (!state) continue;
    for (const auto& node : state->nodes())
      if (auto* access = as<AccessNode>(node.get()); access && scalars_.count(access->get().data))
        if (code::Ptr value = stored_value(*access); value && value->op == code::Op::constant)
          names_.insert(access->get().data);
  }
}

const Values& ControlValues::at(const Element& element) const {
  static const Values none;
  auto found = at_.find(&element);
  return found == at_.end() ? none : found->second;
}
const Values& ControlValues::at_init(const LoopRegion& loop) const {
  static const Values none;
  auto found = init_.find(&loop);
  return found == init_.end() ? none : found->second;
}

// Symbols assigned and scalars written when the block runs.
const ControlValues::Names& ControlValues::changed_in(const ControlFlowBlock& block) const {
  auto [at, fresh] = changed_.try_emplace(&block);
  if (!fresh) return at->second;
  Names found = analysis::assigned_symbols(block);
  auto add = [&](const State& state) {
    for (const auto& node : state.nodes())
      if (auto* access = as<AccessNode>(node.get()); access && is_written(*access)) found.insert(access->get().data);
  };
  if (auto* state = dynamic_cast<const State*>(&block)) add(*state);
  auto below = [&](const ControlFlowRegion& region) {
    for (const State* state : all_states(const_cast<ControlFlowRegion&>(region))) add(*state);
  };
  if (auto* inner = dynamic_cast<const ControlFlowRegion*>(&block)) below(*inner);
  if (auto* conditional = dynamic_cast<const ConditionalBlock*>(&block))
    for (const auto& branch : conditional->branches()) below(*branch.body);
  return changed_[&block] = std::move(found);
}

// Drops what is no longer so after these names changed.
void ControlValues::forget(Values& values, const Names& changed, const std::string& why) const {
  for (auto& [name, known] : values) {
    if (!known.value) continue;
    std::set<std::string> used;
    code::collect_symbols(*known.value, used);
    const bool stale =
        std::any_of(used.begin(), used.end(), [&](const auto& symbol) { return changed.count(symbol) > 0; });
    if (changed.count(name))
      known = {nullptr, why};
    else if (!legal(rules_.conditions.unchanged_since, !stale))
      known = {nullptr, "what it was copied from has changed"};
  }
}

Known ControlValues::assigned(const std::string& name, const code::Ptr& value, const Values& before) const {
  return rules_.assigned(name, value, before);
}

void ControlValues::assign(Values& values, const InterstateEdge& edge) const {
  const auto& assignments = edge.get().assignments;
  if (assignments.empty()) return;
  std::vector<std::pair<std::string, Known>> made;
  Names changed;
  for (const auto& [name, value] : assignments) {
    if (names_.count(name)) made.emplace_back(name, assigned(name, value, values));
    changed.insert(name);
  }
  forget(values, changed, "");
  for (auto& [name, known] : made) values[name] = std::move(known);
  // A value in terms of what the same transition assigns is that of before.
  for (const auto& [name, known] : made) {
    std::set<std::string> used;
    if (Known& now = values[name]; now.value) {
      code::collect_symbols(*now.value, used);
      const bool stale = std::any_of(used.begin(), used.end(), [&](const auto& one) { return changed.count(one) > 0; });
      if (!legal(rules_.conditions.unchanged_since, !stale)) now = {nullptr, "what it was copied from has changed"};
    }
  }
}

void ControlValues::join(Way& into, const Way& more) const {
  if (!more.open) return;
  if (!into.open) {
    into = more;
    return;
  }
  for (auto& [name, known] : into.values) {
    auto other = more.values.find(name);
    const Known* there = other == more.values.end() ? nullptr : &other->second;
    if (!known.value) continue;
    const bool same = there && there->value && code::equal(*known.value, *there->value);
    if (!legal(rules_.conditions.one_value, same))
      known = {nullptr,
               there && !there->value && !there->why.empty() ? there->why : "it has another value on another way here"};
  }
  for (const auto& [name, known] : more.values) {
    if (into.values.count(name)) continue;
    into.values[name] = {legal(rules_.conditions.one_value, false) ? known.value : nullptr,
                         "it has another value on another way here"};
  }
}

// ------------------------------------------------------------------------------------------------ the walk

ControlValues::Way ControlValues::region(const ControlFlowRegion& region, Values values) {
  if (region.blocks().empty()) return {true, std::move(values)};
  std::map<const ControlFlowBlock*, int> waiting;
  for (const auto& edge : region.edges()) ++waiting[&edge->target()];
  std::vector<ControlFlowBlock*> order;
  for (const auto& block : region.blocks())
    if (!waiting[block.get()]) order.push_back(block.get());
  for (size_t at = 0; at < order.size(); ++at)
    for (InterstateEdge* edge : region.out_edges(*order[at]))
      if (--waiting[&edge->target()] == 0) order.push_back(&edge->target());
  if (order.size() != region.blocks().size()) return cycle(region, std::move(values));
  std::map<const ControlFlowBlock*, Way> ways;
  ways[region.start()] = {true, std::move(values)};
  Way end;
  for (ControlFlowBlock* current : order) {
    Way way = ways[current];
    if (!way.open) continue;
    Way out = block(*current, std::move(way.values));
    bool may_end = true;
    for (InterstateEdge* edge : region.out_edges(*current)) {
      if (!out.open) break;
      at_[edge] = out.values;
      Way taken = out;
      assign(taken.values, *edge);
      join(ways[&edge->target()], taken);
      may_end = may_end && edge->get().condition;
    }
    if (may_end) join(end, out);
  }
  return end;
}

// Blocks that may run again: what any of them changes is known nowhere.
ControlValues::Way ControlValues::cycle(const ControlFlowRegion& region, Values values) {
  Names changed;
  for (const auto& block : region.blocks()) changed.insert(changed_in(*block).begin(), changed_in(*block).end());
  for (const auto& edge : region.edges())
    for (const auto& [name, value] : edge->get().assignments) changed.insert(name);
  if (!legal(rules_.conditions.no_cycle, changed.empty()))
    forget(values, changed, "it changes in a cycle of transitions");
  for (const auto& current : region.blocks()) block(*current, values);
  for (const auto& edge : region.edges()) at_[edge.get()] = values;
  return {true, std::move(values)};
}

ControlValues::Way ControlValues::block(ControlFlowBlock& block, Values values) {
  return match(
      block,
      [&](State* state) {
        at_[state] = values;
        this->state(*state, values);
        return Way{true, std::move(values)};
      },
      [&](ControlFlowRegion* inner) { return region(*inner, std::move(values)); },
      [&](LoopRegion* loop) {
        init_[loop] = values;
        Names changed = changed_in(*loop);
        if (!legal(rules_.conditions.not_in_loop, changed.empty())) forget(values, changed, "it changes in the loop");
        at_[loop] = values;
        region(*loop, values);
        return Way{true, std::move(values)};
      },
      [&](ConditionalBlock* conditional) {
        at_[conditional] = values;
        Way out;
        bool otherwise = true;
        for (const auto& branch : conditional->branches()) {
          join(out, region(*branch.body, values));
          otherwise = otherwise && branch.condition;
        }
        if (otherwise) join(out, {true, std::move(values)});
        return out;
      },
      [](JumpBlock*) { return Way{}; });
}

// ------------------------------------------------------------------------------------------------ scalars

Known ControlValues::written(const AccessNode& node, const Values& before) const {
  const std::string& name = node.get().data;
  code::Ptr value = stored_value(node);
  if (!value || value->op != code::Op::constant) return {nullptr, name + " is computed here"};
  if (!legal(rules_.conditions.always_written, !Scopes(*node.state()).parent(node)))
    return {nullptr, name + " is written in a scope that may run for no turn"};
  return assigned(name, value, before);
}

void ControlValues::state(const State& state, Values& values) {
  if (scalars_.empty()) return;
  std::map<std::string, std::vector<const AccessNode*>> writes;
  for (const auto& node : state.nodes())
    if (auto* access = as<AccessNode>(node.get());
        access && names_.count(access->get().data) && scalar(access->get().data) && is_written(*access))
      writes[access->get().data].push_back(access);
  const Values before = values;
  for (const auto& [name, nodes] : writes)
    values[name] = nodes.size() == 1 ? written(*nodes[0], before) : Known{nullptr, name + " is written several times"};
}

Known ControlValues::held(const State& state, const AccessNode& node) const {
  const std::string& name = node.get().data;
  // Other writes come before this one, or after all who read it here.
  if (is_written(node)) return written(node, at(state));
  for (const auto& other : state.nodes())
    if (auto* access = as<AccessNode>(other.get()); access && access->get().data == name && is_written(*access) &&
                                                    !legal(rules_.conditions.not_written_here, false))
      return {nullptr, name + " is written in the same state"};
  const Values& values = at(state);
  auto found = values.find(name);
  return found == values.end() ? Known{nullptr, name + " has no known value here"} : found->second;
}

}  // namespace thalweg::transforms
