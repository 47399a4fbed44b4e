#include "transforms/overlap.h"

#include "analysis/aliases.h"

namespace thalweg::transforms {

using namespace ir;

Overlap::Overlap(const SDFG& graph) : graph_(graph) {
  for (const auto& container : graph.containers()) {
    const ContainerFields& fields = container->get();
    const bool pointer = fields.kind == ContainerKind::reference || fields.kind == ContainerKind::view;
    if (pointer || fields.may_alias) shared_.insert(fields.name);
    shared_.insert(fields.targets.begin(), fields.targets.end());
    all_ = all_ || (pointer && fields.targets.empty());
  }
}

bool Overlap::operator()(const std::string& a, const std::string& b) const {
  if (a == b) return true;
  return shares(a) && shares(b) && analysis::may_overlap(graph_, a, b);
}

}  // namespace thalweg::transforms
