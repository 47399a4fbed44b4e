#include "symbolic/sampler.h"

#include <algorithm>

namespace thalweg::symbolic {

namespace {

constexpr int64_t far_away = 1 << 12;  // values stay within, so that products of two fit

uint32_t mixed(uint32_t hash, size_t sample) {
  uint32_t x = (hash ^ (static_cast<uint32_t>(sample) * 0x9E3779B9u)) * 0x85EBCA6Bu;
  return x ^ (x >> 15);
}

// A value from `low` on: the smallest, those next to it, close ones of which some are equal, scattered ones, and one
// that most divisors divide.
int64_t value_from(int64_t low, uint32_t random, size_t sample) {
  static constexpr int64_t first[] = {0, 1, 0, 0, 0, 1, 3};
  static constexpr uint32_t spread[] = {1, 1, 2, 3, 3, 6, 12};
  if (sample == std::size(first)) return ceil_quotient(low, 16) * 16;
  return low + first[sample] + random % spread[sample];
}

}  // namespace

int32_t Sampler::free_value(const Node* symbol, size_t sample) {
  if (sample < 2) return static_cast<int32_t>(sample);
  return static_cast<int32_t>(mixed(symbol->hash, sample) % (2 * free_value_limit)) - free_value_limit;
}

// What is no symbol has no value of its own: bounds that hold it wait for ever, and are tried in the end.
Sampler::Sampler(const LinearFacts& linear, Samples& into)
    : linear_(linear), into_(into), drawn_(linear.atoms().size(), false) {
  into_.values_.resize(linear.atoms().size());
  for (auto& lanes : into_.values_) lanes.limit = 0;
  for (const auto& bound : linear.bounds()) missing_.push_back(bound.size);
}

bool Sampler::is_free(uint32_t atom) const {
  const auto& of = linear_.atoms()[atom];
  return !drawn_[atom] && of.root == atom && of.monomial->kind == Kind::symbol;
}

// The symbol that waits for the fewest lower bounds: what counts up before the extents that it counts up to.
uint32_t Sampler::next() const {
  std::vector<uint32_t> waits(drawn_.size(), 0);
  for (size_t k = 0; k < missing_.size(); ++k) {
    if (missing_[k] < 2) continue;
    const auto& bound = linear_.bounds()[k];
    for (const auto& part : linear_.parts(bound)) waits[part.atom] += bound.exact || part.coefficient > 0;
  }
  uint32_t best = LinearFacts::none;
  for (uint32_t s = 0; s < waits.size(); ++s)
    if (is_free(s) && (best == LinearFacts::none || waits[s] < waits[best])) best = s;
  return best;
}

Sampler::Limits Sampler::limits_of(uint32_t atom) const {
  Limits out;
  out.low.fill(-far_away);
  out.high.fill(far_away);
  for (size_t k = 0; k < missing_.size(); ++k) {
    if (missing_[k] != 1) continue;
    const auto& bound = linear_.bounds()[k];
    int64_t c = 0;
    std::array<int64_t, Samples::count> rest;
    rest.fill(bound.constant);
    for (const auto& part : linear_.parts(bound)) {
      if (part.atom == atom)
        c = part.coefficient;
      else
        for (size_t s = 0; s < Samples::count; ++s) rest[s] += part.coefficient * into_.values_[part.atom].at[s];
    }
    if (c == 0) continue;
    // c*x + rest >= 0
    const bool below = c > 0 || bound.exact, above = c < 0 || bound.exact;
    for (size_t s = 0; s < Samples::count; ++s) {
      const int64_t x = c > 0 ? -rest[s] : rest[s], by = std::abs(c);
      if (below) out.low[s] = std::max(out.low[s], ceil_quotient(x, by));
      if (above) out.high[s] = std::min(out.high[s], floor_quotient(x, by));
    }
    out.has_low |= below;
    out.has_high |= above;
  }
  return out;
}

void Sampler::give_values(uint32_t atom) {
  const Limits limits = limits_of(atom);
  const Node* symbol = linear_.atoms()[atom].monomial;
  for (size_t s = 0; s < Samples::count; ++s) {
    const int64_t low = limits.low[s], high = limits.high[s];
    const uint32_t random = mixed(symbol->hash, s);
    set(atom, s,
        limits.has_low    ? std::min(value_from(low, random, s), std::max(low, high))
        : limits.has_high ? -value_from(-high, random, s)
                          : free_value(symbol, s));
  }
  drawn_[atom] = true;
  for (size_t k = 0; k < missing_.size(); ++k)
    for (const auto& part : linear_.parts(linear_.bounds()[k])) missing_[k] -= part.atom == atom;
}

void Sampler::set(uint32_t atom, size_t sample, int64_t value) {
  value = std::clamp(value, -far_away, far_away);
  Samples::Lanes& lanes = into_.values_[atom];
  lanes.at[sample] = static_cast<int32_t>(value);
  lanes.limit = std::max(lanes.limit, std::abs(value));
}

void Sampler::draw() {
  for (uint32_t atom = next(); atom != LinearFacts::none; atom = next()) give_values(atom);
  for (uint32_t atom = 0; atom < drawn_.size(); ++atom) {
    const auto& same = linear_.atoms()[atom];
    for (size_t s = 0; s < Samples::count && same.root != atom; ++s)
      set(atom, s, into_.values_[same.root].at[s] + same.distance);
  }
  into_.alive_ = (1u << Samples::count) - 1;
}

void Sampler::hold_against(const Expr& condition) {
  Samples::Lanes truth{};
  unsigned defined = into_.alive_;
  const bool known = into_.evaluate(Node::of(condition), truth, defined);
  for (size_t s = 0; s < Samples::count; ++s)
    if (!known || truth.at[s] == 0) defined &= ~(1u << s);
  into_.alive_ = defined;
}

}  // namespace thalweg::symbolic
