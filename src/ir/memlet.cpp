#include "ir/memlet.h"

#include <array>

namespace thalweg::ir {

namespace {
constexpr std::array<const char*, 11> kWcrNames = {"none",       "sum",         "product",    "min",
                                                   "max",        "logical_and", "logical_or", "bitwise_and",
                                                   "bitwise_or", "bitwise_xor", "custom"};
}

MemletFields memlet(std::string data, symbolic::Subset subset) {
  MemletFields fields;
  fields.data = std::move(data);
  fields.volume = subset.num_elements();
  fields.subset = std::move(subset);
  return fields;
}

MemletFields no_memlet() {
  MemletFields fields;
  fields.volume = 0;
  return fields;
}

const char* to_string(Wcr wcr) { return kWcrNames[static_cast<size_t>(wcr)]; }

std::optional<Wcr> find_wcr(std::string_view name) {
  for (size_t i = 0; i < kWcrNames.size(); ++i)
    if (name == kWcrNames[i]) return static_cast<Wcr>(i);
  return std::nullopt;
}

}  // namespace thalweg::ir
