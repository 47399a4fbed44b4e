// Random expression trees with their own evaluator, so that the library is judged by something that does not use it.
// Case k runs from seed base + k; THALWEG_SEED sets the base, THALWEG_FUZZ the number of cases.
#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "symbolic/subset.h"

namespace thalweg::symbolic {

inline void PrintTo(Truth truth, std::ostream* out) {
  *out << (truth == Truth::yes ? "yes" : truth == Truth::no ? "no" : "unknown");
}

}  // namespace thalweg::symbolic

namespace thalweg::symbolic::testing {

using Values = std::map<std::string, int64_t>;

inline uint64_t environment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}
inline uint64_t case_count(uint64_t by_default) { return environment("THALWEG_FUZZ", by_default); }
inline uint64_t base_seed() { return environment("THALWEG_SEED", 20240607); }

class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed * 0x9E3779B97F4A7C15u + 1) {}
  int64_t between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(engine_() % static_cast<uint64_t>(high - low + 1));
  }
  bool chance(int percent) { return between(1, 100) <= percent; }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[static_cast<size_t>(between(0, static_cast<int64_t>(from.size()) - 1))];
  }

 private:
  std::mt19937_64 engine_;
};

// An expression as it was written, before any rule saw it.
struct Tree {
  std::string op;  // "", for a leaf
  std::string symbol;
  int64_t value = 0;
  std::vector<Tree> children;

  Expr build() const;
  std::optional<int64_t> value_at(const Values& values) const;
  std::string text() const;
};

struct Shape {
  std::vector<std::string> symbols = {"M", "N", "i"};
  int64_t largest = 9;  // of constants
  std::vector<std::string> operators = {"+", "+", "-", "-", "*", "//", "%", "min", "max", "select", "neg"};
};
Tree random_integer(Random& random, const Shape& shape, int depth);
Tree random_condition(Random& random, const Shape& shape, int depth);

// Every assignment of the symbols to low..high.
template <class Visit>
void for_all_values(const std::vector<std::string>& symbols, int64_t low, int64_t high, Visit&& visit) {
  Values values;
  for (const std::string& symbol : symbols) values[symbol] = low;
  while (true) {
    visit(static_cast<const Values&>(values));
    auto at = values.begin();
    while (at != values.end() && at->second == high) (at++)->second = low;
    if (at == values.end()) return;
    ++at->second;
  }
}

inline std::string describe(const Values& values) {
  std::string out;
  for (const auto& [name, value] : values) out += name + "=" + std::to_string(value) + " ";
  return out;
}

inline std::string describe(const Facts& facts) {
  std::string out;
  for (const Expr& condition : facts.conditions()) out += to_string(condition) + "; ";
  return out;
}

inline Expr expr(std::string_view text) {
  auto parsed = parse(text);
  EXPECT_TRUE(parsed.ok()) << text << ": " << (parsed.ok() ? "" : parsed.error().message);
  return parsed.ok() ? *parsed : Expr(0);
}

inline Facts facts_of(const std::vector<std::string>& conditions) {
  Facts facts;
  for (const std::string& condition : conditions) facts.assume(expr(condition));
  return facts;
}

}  // namespace thalweg::symbolic::testing
