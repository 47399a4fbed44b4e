// Verify mode without runs: every application of a transformation is asked for accesses that it left in no order.
#pragma once
#include <string>
#include <vector>

#include "rewrite/journal.h"

namespace thalweg::verify {

// Objects to applications that leave more such accesses than there were (THALWEG_VERIFY=order): without any run of the
// program, so that thousands of programs can be looked at.
class OrderOracle final : public rewrite::Oracle {
 public:
  void before(const ir::SDFG& graph, const rewrite::Application& application) override;
  base::Status after(const ir::SDFG& graph, const rewrite::Application& application) override;
  int applications() const { return applications_; }  // that were looked at

 private:
  const ir::SDFG* root_ = nullptr;
  uint64_t version_ = 0;
  std::vector<std::string> known_;
  int applications_ = 0;
};

}  // namespace thalweg::verify
