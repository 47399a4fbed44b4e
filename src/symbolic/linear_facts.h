// The linear ones among facts, made ready for many questions: symbols at a constant distance are one, and a form that
// is known to be >= 0 is found by its hash.
#pragma once
#include "symbolic/facts.h"
#include "symbolic/prover.h"

namespace thalweg::symbolic {

class LinearFacts {
 public:
  static constexpr uint32_t none = UINT32_MAX;
  static constexpr int64_t largest = int64_t{1} << 30;  // coefficients and constants stay below, or are left out

  // A symbol, or any other monomial, of the facts; its value is that of its root plus a distance. Only symbols have
  // roots other than themselves, and those are symbols.
  struct Atom {
    const Node* monomial;
    uint32_t root;
    int64_t distance;
  };
  struct Part {
    uint32_t atom;  // a root
    int64_t coefficient;
  };
  // constant + parts is >= 0, or 0.
  struct Bound {
    uint32_t first, size;
    int64_t constant;
    bool exact;
    uint32_t hash;
    uint32_t next;  // with the same place in the table
  };

  // The facts must stay while this is used.
  explicit LinearFacts(const Facts& facts);
  LinearFacts(const LinearFacts&) = delete;
  LinearFacts& operator=(const LinearFacts&) = delete;

  const std::vector<Atom>& atoms() const { return atoms_; }
  const std::vector<Bound>& bounds() const { return bounds_; }
  std::span<const Part> parts(const Bound& bound) const { return {parts_.data() + bound.first, bound.size}; }
  uint32_t find(const Node* monomial) const;
  // Whether form >= 0 is one of the facts, or weaker than one. No is no proof of anything.
  bool hold(const Form& form) const;

 private:
  using Parts = InlineVector<Part, 8>;
  size_t slot_of(const Node* monomial) const;
  uint32_t add_atom(const Node* monomial);
  void grow();
  void register_symbols(const Node* node);
  void collect(const Expr& condition);
  void add(const Expr& larger, const Expr& smaller, int64_t constant, bool exact);
  void join(uint32_t x, uint32_t y, int64_t distance);
  Atom root_of(uint32_t atom) const;
  bool in_roots(std::span<const Part> parts, Parts& out, int64_t& constant) const;
  void fill_table(std::vector<Part> parts, std::vector<Bound> bounds);

  std::vector<Atom> atoms_;
  std::vector<uint32_t> slots_;  // of atoms, by address
  std::vector<Part> parts_;
  std::vector<Bound> bounds_;
  std::vector<uint32_t> table_;  // of bounds, by hash
};

}  // namespace thalweg::symbolic
