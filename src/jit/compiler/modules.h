// Texts to objects (or to text), on as many threads as are allowed.
#pragma once
#include <string>
#include <vector>

#include "api.h"
#include "session.h"

namespace thalweg::jit {

struct ModulesResult {
  std::vector<std::string> products;  // in the order of the texts; one text may give several objects
  std::string error;                  // the first in that order
  thw_jit_times times{};
};

ModulesResult compile_modules(const thw_jit_source* sources, size_t count, const Target& target,
                              const thw_jit_options& options);

}  // namespace thalweg::jit
