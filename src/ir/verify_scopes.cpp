// Invariants of a state's shape: no cycles, scopes that nest.
#include "ir/verify_report.h"

namespace thalweg::ir::verifier {

bool state_is_acyclic(const State& state, Report& report) {
  if (state.topological_order().size() == state.nodes().size()) return true;
  report.add("TW0321", state, "its edges form a cycle");
  return false;
}

void scopes_are_closed(const StateContext& at) {
  std::set<const Node*> matched;
  for (const auto& node : at.state.nodes()) {
    if (is_entry(*node)) {
      const Node* exit = at.scopes.exit(*node);
      if (!exit) at.report.add("TW0322", *node, "it has no exit in its state");
      matched.insert(exit);
    }
  }
  for (const auto& node : at.state.nodes())
    if (is_exit(*node) && !matched.count(node.get()))
      at.report.add("TW0322", *node, "it has no entry of its own in its state");
}

void edges_stay_in_scope(const StateContext& at) {
  for (const auto& edge : at.state.edges()) {
    const Node* from = at.scopes.scope_of_outputs(edge->source());
    const Node* to = at.scopes.scope_of_inputs(edge->target());
    if (from == to) continue;
    auto name = [](const Node* entry) { return entry ? describe(*entry) : std::string("the top level"); };
    at.report.add("TW0323", *edge, "it leads from " + name(from) + " into " + name(to) + " past the entry or exit");
  }
}

namespace {

void check_parameters(const StateContext& at, const Node& entry, const std::vector<std::string>& params) {
  const std::set<std::string> around = symbols_at(at, at.scopes.parent(entry));
  std::set<std::string> own;
  for (const auto& param : params) {
    if (!is_name(param)) at.report.add("TW0310", entry, "'" + param + "' is no name for a parameter");
    if (!own.insert(param).second) at.report.add("TW0324", entry, "two parameters are called '" + param + "'");
    if (around.count(param)) at.report.add("TW0324", entry, "parameter '" + param + "' hides a symbol of that name");
    if (at.sdfg.find(param)) at.report.add("TW0324", entry, "parameter '" + param + "' hides a container of that name");
  }
}

}  // namespace

void maps_are_whole(const StateContext& at) {
  for (const auto& node : at.state.nodes()) {
    auto* entry = as<MapEntry>(node.get());
    if (!entry) continue;
    const MapFields& map = entry->scope().get();
    auto bad = [&](const std::string& what) { at.report.add("TW0324", *entry, what); };
    if (map.params.empty()) bad("it has no parameter");
    if (map.params.size() != map.range.rank())
      bad(std::to_string(map.params.size()) + " parameters, but " + std::to_string(map.range.rank()) + " ranges");
    check_parameters(at, *entry, map.params);
    std::set<std::string> known = symbols_at(at, at.scopes.parent(*entry));
    for (size_t d = 0; d < std::min(map.params.size(), map.range.rank()); ++d) {
      const symbolic::Range& range = map.range.ranges[d];
      if (auto step = range.step.as_integer(); step && *step <= 0)
        bad("the step of '" + map.params[d] + "' is not positive");
      if (auto size = range.size.as_integer(); size && *size < 0)
        bad("the range of '" + map.params[d] + "' has a negative size");
      std::set<std::string> used;
      symbolic::collect_symbols(symbolic::Subset{{range}}, used);
      require_symbols(used, known, "its range", *entry, at.report);
      known.insert(map.params[d]);
    }
  }
}

void consumes_are_whole(const StateContext& at) {
  for (const auto& node : at.state.nodes()) {
    auto* entry = as<ConsumeEntry>(node.get());
    if (!entry) continue;
    const ConsumeFields& consume = entry->scope().get();
    check_parameters(at, *entry, {consume.pe_index});
    std::set<std::string> used;
    symbolic::collect_symbols(consume.num_pes, used);
    require_symbols(used, symbols_at(at, at.scopes.parent(*entry)), "its number of elements", *entry, at.report);
    const Edge* stream = entry->in_edge("IN_stream");
    const Container* container = stream ? at.sdfg.find(stream->memlet().get().data) : nullptr;
    if (!container || container->get().kind != ContainerKind::stream)
      at.report.add("TW0324", *entry, "no stream arrives at its connector IN_stream");
    if (consume.condition) {
      if (!consume.condition->type.is_bool()) at.report.add("TW0324", *entry, "its condition is no bool");
      control_code_reads_containers(at.sdfg, *consume.condition, *entry, at.report);
    }
  }
}

}  // namespace thalweg::ir::verifier
