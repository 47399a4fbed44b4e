// Objects in memory to an ELF shared object in memory, by lld.
#pragma once
#include <string>
#include <vector>

namespace thalweg::jit {

struct LinkResult {
  std::string bytes;  // empty after an error
  std::string error;
};

// lld is not re-entrant: calls wait for one another.
LinkResult link_shared(const std::vector<std::string>& objects);

}  // namespace thalweg::jit
