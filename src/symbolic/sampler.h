// Draws the samples: symbol after symbol within the bounds that the linear facts give for those drawn before, then all
// conditions are tried. What a sample does not meet kills it; nothing is searched for.
#pragma once
#include "symbolic/samples.h"

namespace thalweg::symbolic {

class Sampler {
 public:
  Sampler(const LinearFacts& linear, Samples& into);
  void draw();
  // Drops the samples that do not meet the condition.
  void hold_against(const Expr& condition);

  // The value of a symbol that no fact speaks of; chosen by its name.
  static constexpr int32_t free_value_limit = 16;
  static int32_t free_value(const Node* symbol, size_t sample);

 private:
  struct Limits {
    std::array<int64_t, Samples::count> low, high;
    bool has_low = false, has_high = false;
  };

  bool is_free(uint32_t atom) const;  // still to be drawn
  uint32_t next() const;
  Limits limits_of(uint32_t atom) const;
  void give_values(uint32_t atom);
  void drawn(uint32_t atom);
  void set(uint32_t atom, size_t sample, int64_t value);

  const LinearFacts& linear_;
  Samples& into_;
  std::vector<uint32_t> missing_;  // for each bound: how many of its atoms have no values yet
  std::vector<bool> drawn_;
};

}  // namespace thalweg::symbolic
