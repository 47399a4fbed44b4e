// Removal of unused symbols: what is assigned and never read goes, with its assignments and its declaration.
//
//   s0 -> s1 set k = index(j + 1), j = 0      ==>      s0 -> s1
//   (nothing reads k, and only k reads j)
//
// Values given to symbols of a nested graph that it does not use go, too. Assignments that may raise stay.
#include "transforms/remove_unused_symbols.h"

#include <algorithm>

#include "analysis/symbols.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;

namespace {

using Names = std::set<std::string>;

void add(Names& into, const code::Ptr& code) {
  if (code) code::collect_symbols(*code, into);
}

// Symbols that something other than their own assignments reads.
Names really_used(SDFG& graph) {
  Names used;
  auto transitions = [&](const ControlFlowRegion& region) {
    for (const auto& edge : region.edges()) {
      add(used, edge->get().condition);
      for (const auto& [name, value] : edge->get().assignments) {
        Names read;
        add(read, value);
        read.erase(name);
        used.insert(read.begin(), read.end());
      }
    }
  };
  transitions(graph);
  for (ControlFlowBlock* block : all_blocks(graph)) {
    if (auto* state = as<State>(block)) {
      const Names more = analysis::used_symbols(*state);
      used.insert(more.begin(), more.end());
    }
    if (auto* region = as<ControlFlowRegion>(block)) transitions(*region);
    if (auto* loop = as<LoopRegion>(block)) {
      for (const auto& code : {loop->get().init, loop->get().condition, loop->get().update}) add(used, code);
      if (!loop->get().variable.empty()) used.insert(loop->get().variable);
    }
    if (auto* conditional = as<ConditionalBlock>(block))
      for (const auto& branch : conditional->branches()) add(used, branch.condition);
  }
  for (const auto& container : graph.containers()) {
    for (const auto* list : {&container->get().shape, &container->get().strides})
      for (const auto& expr : *list) symbolic::collect_symbols(expr, used);
    symbolic::collect_symbols(container->get().offset, used);
    symbolic::collect_symbols(container->get().buffer_size, used);
  }
  for (const ReturnValue& value : graph.get().returns) {
    symbolic::collect_symbols(value.expr, used);
    symbolic::collect_symbols(value.subset, used);
  }
  return used;
}

struct UnusedSymbolsContext {
  Names used, assumed, assigned;
};

struct UnusedSite {
  Ref<SDFG> graph;
  std::string symbol;
  std::shared_ptr<UnusedSymbolsContext> context;
};

std::vector<InterstateEdge*> assignments_of(SDFG& graph, const std::string& symbol) {
  std::vector<InterstateEdge*> found;
  auto add_from = [&](const ControlFlowRegion& region) {
    for (const auto& edge : region.edges())
      if (std::any_of(edge->get().assignments.begin(), edge->get().assignments.end(),
                      [&](const auto& one) { return one.first == symbol; }))
        found.push_back(edge.get());
  };
  add_from(graph);
  for (ControlFlowBlock* block : all_blocks(graph))
    if (auto* region = as<ControlFlowRegion>(block)) add_from(*region);
  return found;
}

struct RemoveUnusedSymbols {
  static constexpr std::string_view name = "RemoveUnusedSymbols";
  static constexpr std::string_view help = "Removes symbols that nothing reads, with their assignments.";
  using Site = UnusedSite;
  struct Plan {
    Site site;
    std::vector<Ref<InterstateEdge>> edges;
  };

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    const Names assigned = analysis::assigned_symbols(graph);
    if (assigned.empty() && !graph.parent_node()) return found;
    auto context = std::make_shared<UnusedSymbolsContext>(UnusedSymbolsContext{really_used(graph), {}, assigned});
    for (const auto& condition : graph.get().assumptions) symbolic::collect_symbols(condition, context->assumed);
    for (const auto& [symbol, dtype] : graph.get().symbols)
      if (assigned.count(symbol) || graph.parent_node()) found.push_back({Ref<SDFG>(&graph), symbol, context});
    return found;
  }
  static bool present(const Site& site) { return site.graph->get().symbols.count(site.symbol) > 0; }
  static std::string describe(const Site& site) { return "symbol " + site.symbol; }
  static base::Location location(const Site& site) { return site.graph->location(); }

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site) {
    const auto& arguments = graph.get().arguments;
    const bool given = std::find(arguments.begin(), arguments.end(), site.symbol) != arguments.end();
    if (!legal("RemoveUnusedSymbols.not_an_argument", !given)) return Declined{"it is an argument"};
    if (!legal("RemoveUnusedSymbols.not_assumed", !site.context->assumed.count(site.symbol)))
      return Declined{"an assumption speaks of it"};
    if (!legal("RemoveUnusedSymbols.not_used", !site.context->used.count(site.symbol))) return Declined{"it is used"};
    Plan plan{site, {}};
    for (InterstateEdge* edge : assignments_of(graph, site.symbol)) {
      for (const auto& [symbol, value] : edge->get().assignments)
        if (symbol == site.symbol && !legal("RemoveUnusedSymbols.checks_stay", !code::may_raise(*value)))
          return Declined{"an assignment to it may raise an exception"};
      plan.edges.emplace_back(edge);
    }
    return plan;
  }

  static void apply(SDFG& graph, const Plan& plan) {
    const std::string& symbol = plan.site.symbol;
    for (const auto& edge : plan.edges) {
      auto assignments = edge->get().assignments;
      std::erase_if(assignments, [&](const auto& one) { return one.first == symbol; });
      edge->set<&InterstateEdgeFields::assignments>(std::move(assignments));
    }
    auto symbols = graph.get().symbols;
    symbols.erase(symbol);
    graph.set<&SDFGFields::symbols>(std::move(symbols));
    if (NestedSDFG* node = graph.parent_node(); node && node->get().symbol_mapping.count(symbol)) {
      symbolic::Substitution mapping = node->get().symbol_mapping;
      mapping.erase(symbol);
      node->set<&NestedSDFGFields::symbol_mapping>(std::move(mapping));
    }
  }
};

}  // namespace

const rewrite::Transformation remove_unused_symbols = rewrite::make_transformation<RemoveUnusedSymbols>();

}  // namespace thalweg::transforms
