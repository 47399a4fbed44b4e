#include "analysis/aliases.h"

#include <algorithm>

namespace thalweg::analysis {

using ir::ContainerFields;
using ir::ContainerKind;

namespace {

bool names(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool is_pointer(const ContainerFields& c) {
  return c.kind == ContainerKind::reference || c.kind == ContainerKind::view;
}

// May the pointer lead into the other container's memory?
bool leads_to(const ir::SDFG& graph, const ContainerFields& pointer, const ContainerFields& other) {
  if (names(pointer.distinct, other.name) || names(other.distinct, pointer.name)) return false;
  if (pointer.targets.empty()) return true;
  return std::any_of(pointer.targets.begin(), pointer.targets.end(), [&](const std::string& target) {
    return target == other.name || may_overlap(graph, target, other.name);
  });
}

}  // namespace

bool may_overlap(const ir::SDFG& graph, const std::string& a, const std::string& b) {
  if (a == b) return true;
  const ir::Container *first = graph.find(a), *second = graph.find(b);
  if (!first || !second) return true;
  const ContainerFields &x = first->get(), &y = second->get();
  if (is_pointer(x) && is_pointer(y)) {
    if (names(x.distinct, b) || names(y.distinct, a)) return false;
    // Targets may be pointers themselves: anything but two lists of plain containers counts as overlapping.
    auto plain = [&](const ContainerFields& c) {
      return !c.targets.empty() && std::all_of(c.targets.begin(), c.targets.end(), [&](const std::string& target) {
        const ir::Container* found = graph.find(target);
        return found && !is_pointer(found->get());
      });
    };
    if (!plain(x) || !plain(y)) return true;
    return std::any_of(x.targets.begin(), x.targets.end(), [&](const std::string& one) {
      return std::any_of(y.targets.begin(), y.targets.end(),
                         [&](const std::string& other) { return may_overlap(graph, one, other); });
    });
  }
  if (is_pointer(x)) return leads_to(graph, x, y);
  if (is_pointer(y)) return leads_to(graph, y, x);
  return x.may_alias && y.may_alias;
}

}  // namespace thalweg::analysis
