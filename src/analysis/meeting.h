// Pairs of iterations of a loop and the elements in which two accesses meet, as a question to isl.
#pragma once
#include "analysis/dependences.h"
#include "sets/set.h"

namespace thalweg::analysis {

inline const char* const kPrime = "'";  // ends the names of the second iteration

// Two iterations, the second one's names with a prime, and what they touch.
class Meeting {
 public:
  sets::Dims dims;
  std::vector<symbolic::Expr> conditions;
  bool exact = true;

  void add(const Iterations& iterations, const sets::Dims& first, const sets::Dims& second, const symbolic::Subset& x,
           const symbolic::Subset& y);
  void add_iterations(const Iterations& iterations, const std::string& suffix);

 private:
  void add_elements(const symbolic::Range& x, const symbolic::Range& y);
};

// i comes before i' (the first variable is the slowest).
symbolic::Expr earlier(const Iterations& iterations);

// What isl says of two accesses that may meet.
struct Order {
  bool meet = true;     // false: proved never to
  bool forward = true;  // the first access's iteration comes first
  bool certain = false;
  std::optional<int64_t> low, high;  // iterations between them
};

// Which of two accesses comes first where they meet, and how far apart they are.
struct Question {
  Meeting meeting;
  Iterations iterations;
  bool one_access = false;
  bool prefers_backward = false;  // where both orders occur, the backward one is the better reason

  // Equal questions have equal answers, and are not asked twice: the passes come to a loop that they declined again in
  // each round.
  Order answer() const;

 private:
  Order ask() const;
  sets::Set at_distance(const char* from, const char* to) const;
  std::vector<symbolic::Expr> key() const;
};

}  // namespace thalweg::analysis
