// Dependences between iterations: which of them touch the same memory, and in which order that has to stay.
//
// Answers hold for all values of the symbols that meet the facts at the loop. "none" is proved: by the symbolic engine
// where subsets differ plainly, else by isl on the accesses' exact relations. What is not proved is a dependence that
// exists (for some sizes; both accesses are known exactly) or one that is not known, each with a reason for people.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "analysis/accesses.h"
#include "analysis/loop_range.h"
#include "symbolic/facts.h"

namespace thalweg::analysis {

enum class DependenceKind : uint8_t { flow, anti, output };

struct Dependence {
  DependenceKind kind = DependenceKind::flow;
  std::string container;
  bool exists = false;              // for some sizes at least; else it is not known
  std::optional<int64_t> distance;  // in iterations, where it is always the same
  std::optional<int64_t> least;     // the smallest distance, where there is a bound above 1
  base::Location from, to;          // the access that comes first, and the one that has to stay behind it
  std::string reason;               // "each iteration reads a[i - 1], which the iteration before wrote (distance 1)"
  const BodyAccess *source = nullptr, *target = nullptr;
};

// The iterations of a loop or map: variables with their values, the first the slowest.
struct Iterations {
  std::vector<std::string> variables;
  std::vector<symbolic::Range> ranges;
};

// What holds where the block begins to run: the graph's assumptions, no extent is negative, loops and branches around.
symbolic::Facts facts_at(const ir::ControlFlowBlock& block);

class Dependences {
 public:
  Dependences(const ir::SDFG& graph, const Body& body, Iterations iterations, symbolic::Facts facts);

  // All dependences between different iterations; for each pair of accesses the one whose source comes first.
  std::vector<Dependence> all() const;
  // Those on one container; stops after the first if asked to.
  std::vector<Dependence> on(const std::string& container, bool first_only) const;
  // Nothing: proved that no two iterations meet in these two accesses.
  std::optional<Dependence> between(const BodyAccess& a, const BodyAccess& b) const;
  // May `late` in one iteration touch an element that `early` touches in a later one? "no" is proved.
  bool may_come_first(const BodyAccess& late, const BodyAccess& early) const;
  // Containers with accesses of which one at least writes, in name order.
  std::vector<std::string> written() const;

  // Is everything that an iteration reads of the container written before by that iteration?
  bool written_before_read(const std::string& container) const;
  // Does every iteration write all elements of the container (each of the same ones)?
  bool always_written(const std::string& container) const;

  const symbolic::Facts& facts() const { return facts_; }

 private:
  struct Renamed;
  bool apart(const BodyAccess& a, const BodyAccess& b) const;
  bool apart_by_stride(const BodyAccess& a, const BodyAccess& b) const;
  bool apart_by_function(const BodyAccess& a, const BodyAccess& b) const;
  bool always_meet(const BodyAccess& a, const BodyAccess& b) const;
  bool same_each_time(const BodyAccess& access) const;
  bool plainly_meet(const BodyAccess& a, const BodyAccess& b) const;
  Dependence describe(const BodyAccess& a, const BodyAccess& b) const;
  bool covered(const BodyAccess& read) const;
  symbolic::Subset subset_of(const BodyAccess& access) const;
  std::vector<const BodyAccess*> accesses_of(const std::string& container) const;

  const ir::SDFG& graph_;
  const Body& body_;
  Iterations iterations_;
  symbolic::Facts facts_;
};

// For a loop that counts; the body is kept for the accesses that dependences point to.
struct LoopDependences {
  CountedLoop counted;
  Body body;
  std::vector<Dependence> carried;
};
LoopDependences dependences_of(const ir::LoopRegion& loop);
LoopDependences dependences_of(const ir::State& state, const ir::MapEntry& entry);

}  // namespace thalweg::analysis
