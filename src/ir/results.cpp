#include "ir/results.h"

#include <algorithm>

namespace thalweg::ir {

std::set<std::string> result_containers(const SDFG& sdfg) {
  const auto& arguments = sdfg.get().arguments;
  std::set<std::string> seen, results;
  std::vector<std::string> waiting;
  for (const ReturnValue& value : sdfg.get().returns)
    if (value.kind == ReturnValue::Kind::container || value.kind == ReturnValue::Kind::view)
      waiting.push_back(value.container);
  while (!waiting.empty()) {
    const std::string name = std::move(waiting.back());
    waiting.pop_back();
    if (!seen.insert(name).second) continue;
    const Container* container = sdfg.find(name);
    if (!container) continue;
    if (container->get().kind == ContainerKind::reference)
      waiting.insert(waiting.end(), container->get().targets.begin(), container->get().targets.end());
    else if (!container->get().transient && std::find(arguments.begin(), arguments.end(), name) == arguments.end())
      results.insert(name);
  }
  return results;
}

std::vector<const Container*> given_containers(const SDFG& sdfg) {
  const std::set<std::string> results = result_containers(sdfg);
  std::vector<const Container*> given;
  for (const auto& container : sdfg.containers()) {
    const ContainerFields& fields = container->get();
    const bool pointer = fields.kind == ContainerKind::reference || fields.kind == ContainerKind::view;
    if (!fields.transient && !pointer && !results.count(fields.name)) given.push_back(container.get());
  }
  return given;
}

std::vector<symbolic::Expr> sizes_of_given(const SDFG& sdfg) {
  std::vector<symbolic::Expr> out;
  for (const Container* container : given_containers(sdfg))
    for (const symbolic::Expr& extent : container->get().shape)
      if (!extent.as_integer()) out.push_back(symbolic::ge(extent, 0));
  return out;
}

}  // namespace thalweg::ir
