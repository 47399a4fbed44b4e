// Connectors of access nodes and scopes follow from the edges and are not written, unless they differ from that.
#pragma once
#include <map>

#include "ir/sdfg.h"

namespace thalweg::text {

struct Connectors {
  std::vector<ir::Connector> in, out;
  friend bool operator==(const Connectors&, const Connectors&) = default;
};

// Per node the connectors that the edges use, untyped, in the order of the edges.
std::map<const ir::Node*, Connectors> connectors_of_edges(const ir::State& state);

}  // namespace thalweg::text
