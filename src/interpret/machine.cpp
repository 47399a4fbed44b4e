#include "interpret/machine.h"

#include <algorithm>
#include <set>

namespace thalweg::interpret {

bool Machine::step(const ir::Element& element) {
  at = &element;
  ++steps;
  if (options.max_steps > 0 && steps > options.max_steps) failure.give_up(options.max_steps);
  if (options.interrupted && steps % 1000 == 0 && options.interrupted()) failure.bug("interrupted");
  return !failed();
}

const StatePlan& Machine::plan(const ir::State& state) {
  auto& plan = state_plans_[&state];
  if (!plan) plan = std::make_unique<StatePlan>(make_plan(state));
  return *plan;
}

namespace {

std::set<std::string> symbols_of_extents(const ir::ContainerFields& fields) {
  std::set<std::string> symbols;
  for (const auto& extent : fields.shape) symbolic::collect_symbols(extent, symbols);
  for (const auto& stride : fields.strides) symbolic::collect_symbols(stride, symbols);
  symbolic::collect_symbols(fields.offset, symbols);
  return symbols;
}

bool has_lifetime_of_scope(const ir::ContainerFields& fields) {
  return fields.transient && fields.lifetime == ir::Lifetime::scope;
}

// The innermost scope that holds every access node of a container; null when they are in several states too.
struct Home {
  const ir::State* state = nullptr;
  const ir::Node* entry = nullptr;
};

const ir::Node* common_scope(const StatePlan& plan, const ir::Node* a, const ir::Node* b) {
  std::vector<const ir::Node*> around;
  for (; a; a = plan.entry_of.at(a)) around.push_back(a);
  while (b && std::find(around.begin(), around.end(), b) == around.end()) b = plan.entry_of.at(b);
  return b;
}

}  // namespace

const GraphPlan& Machine::plan(ir::SDFG& sdfg) {
  auto& made = graph_plans_[&sdfg];
  if (made) return *made;
  made = std::make_unique<GraphPlan>();
  for (const auto& container : sdfg.containers())
    for (const std::string& symbol : symbols_of_extents(container->get()))
      made->shaped_by[symbol].push_back(container->get().name);
  std::map<std::string, Home> homes;
  for (ir::State* state : ir::all_states(sdfg)) {
    const StatePlan& nodes = plan(*state);
    for (const auto& node : state->nodes()) {
      auto* access = ir::as<ir::AccessNode>(node.get());
      if (!access) continue;
      const ir::Node* entry = nodes.entry_of.at(access);
      auto [found, added] = homes.try_emplace(access->get().data, Home{state, entry});
      if (added) continue;
      found->second.entry = found->second.state == state ? common_scope(nodes, found->second.entry, entry) : nullptr;
    }
  }
  for (const auto& [name, home] : homes) {
    const ir::Container* container = sdfg.find(name);
    if (!container || !home.entry || !has_lifetime_of_scope(container->get())) continue;
    made->home[name] = home.entry;
    made->locals[home.entry].push_back(name);
  }
  return *made;
}

ir::SDFG* Machine::expansion(const ir::LibraryNode& node) {
  auto found = expansions_.find(&node);
  if (found != expansions_.end()) return found->second.get();
  if (!options.expand) {
    failure.bug("the library node " + node.label() + " (" + node->operation + ") needs a reference expansion");
    return nullptr;
  }
  auto graph = options.expand(node);
  if (!graph) {
    failure.report(graph.error());
    return nullptr;
  }
  return expansions_.emplace(&node, *graph).first->second.get();
}

}  // namespace thalweg::interpret
