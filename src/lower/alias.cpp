// Which buffers may be the same memory.
#include "lower/alias.h"

#include <algorithm>

#include "base/planted.h"

namespace thalweg::lower {

bool may_overlap(const Program& program, const std::string& a, const std::string& b) {
  if (a == b) return true;
  if (base::planted("lower.nothing_overlaps")) return false;
  auto at = program.buffers.find(a), other_at = program.buffers.find(b);
  if (at == program.buffers.end() || other_at == program.buffers.end()) return false;
  const Buffer &x = at->second, &y = other_at->second;
  bool px = x.home == Home::pointer, py = y.home == Home::pointer;
  if (!px && !py) return x.may_alias && y.may_alias;
  auto has = [](const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  if (has(x.distinct, b) || has(y.distinct, a)) return false;
  const Buffer &pointer = px ? x : y, &other = px ? y : x;
  if (pointer.targets.empty()) return true;
  return std::any_of(pointer.targets.begin(), pointer.targets.end(),
                     [&](const std::string& target) { return may_overlap(program, target, other.name); });
}

}  // namespace thalweg::lower
