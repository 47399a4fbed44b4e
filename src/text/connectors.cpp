#include "text/connectors.h"

#include <algorithm>

namespace thalweg::text {

namespace {

void add(std::vector<ir::Connector>& list, const std::string& name) {
  auto same = [&](const ir::Connector& connector) { return connector.name == name; };
  if (!name.empty() && std::none_of(list.begin(), list.end(), same)) list.push_back({name, std::nullopt});
}

}  // namespace

std::map<const ir::Node*, Connectors> connectors_of_edges(const ir::State& state) {
  std::map<const ir::Node*, Connectors> out;
  for (const auto& edge : state.edges()) {
    add(out[&edge->source()].out, edge->source_connector());
    add(out[&edge->target()].in, edge->target_connector());
  }
  return out;
}

}  // namespace thalweg::text
