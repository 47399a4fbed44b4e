// What one run shares: options, the first failure, the step count, the random order, the processes, and what was
// worked out once about each graph.
#pragma once
#include <random>
#include <unordered_map>

#include "interpret/interpret.h"
#include "interpret/plan.h"
#include "interpret/scheduler.h"
#include "interpret/scope.h"

namespace thalweg::interpret {

struct Machine {
  explicit Machine(const Options& options) : options(options), random(options.seed), scheduler(*this) {}

  const Options& options;
  Failure failure;
  int64_t steps = 0;
  std::shared_ptr<int64_t> bytes = std::make_shared<int64_t>(0);  // of living memory
  std::mt19937_64 random;
  Scheduler scheduler;
  const ir::Element* at = nullptr;  // what is being run, for reports

  bool shuffled() const { return options.seed != 0; }
  bool failed() const { return failure.failed(); }
  // Counts a step; false when the run is over (failure, limit, interrupt).
  bool step(const ir::Element& element);
  size_t pick(size_t count) { return shuffled() ? random() % count : 0; }

  const StatePlan& plan(const ir::State& state);
  const GraphPlan& plan(ir::SDFG& sdfg);
  // The reference expansion of a library node, made once.
  ir::SDFG* expansion(const ir::LibraryNode& node);

 private:
  std::unordered_map<const ir::State*, std::unique_ptr<StatePlan>> state_plans_;
  std::unordered_map<const ir::SDFG*, std::unique_ptr<GraphPlan>> graph_plans_;
  std::unordered_map<const ir::LibraryNode*, ir::Ref<ir::SDFG>> expansions_;
};

}  // namespace thalweg::interpret
