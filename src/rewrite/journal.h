// Applying transformations: each application is a transaction on the edit log and an entry of the journal.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "rewrite/transformation.h"

namespace thalweg::rewrite {

struct Application {
  std::string transformation, place;
  base::Location location;
  std::string reason;  // why it was legal, where the plan says so
};

// Looks at a graph before and after one application (verify mode, the structural verifier in tests). A failure undoes
// the application and stops.
class Oracle {
 public:
  virtual ~Oracle() = default;
  virtual void before(const ir::SDFG& graph, const Application& application) = 0;
  virtual base::Status after(const ir::SDFG& graph, const Application& application) = 0;
};

class Journal {
 public:
  explicit Journal(Oracle* oracle = nullptr) : oracle_(oracle) {}
  const std::vector<Application>& applications() const { return applications_; }

  // Lets the oracle look on from now on; null: nobody.
  void set_oracle(Oracle* oracle) { oracle_ = oracle; }

  // Applies a candidate; rolls back if it throws or the oracle objects.
  base::Status apply(ir::SDFG& graph, const Transformation& transformation, const Candidate& candidate);
  // Applies wherever it matches, first place first, until nowhere (in one sweep, if it would undo itself); returns how
  // often. In nested graphs too.
  base::Result<int> apply_repeated(ir::SDFG& graph, const Transformation& transformation);

 private:
  Oracle* oracle_;
  std::vector<Application> applications_;
};

}  // namespace thalweg::rewrite
