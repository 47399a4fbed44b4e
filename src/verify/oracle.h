// Verify mode (THALWEG_VERIFY=1): every application of a transformation is held against the interpreter. The graph
// before and after runs on generated inputs, in several orders; at the first difference the application is undone, a
// cut-out is saved and compilation stops.
#pragma once
#include <string>
#include <vector>

#include "verify/order_oracle.h"
#include "verify/run.h"

namespace thalweg::verify {

// Is THALWEG_VERIFY set (and not 0 or off)?
bool verify_mode();
// Is it `order`: nothing runs, only the order of accesses is looked at (order_oracle.h)?
bool verifies_order_only();
// The graph that a nested graph belongs to in the end.
const ir::SDFG& outermost(const ir::SDFG& graph);

class InterpreterOracle final : public rewrite::Oracle {
 public:
  // Cut-outs are written to this folder; "" for none. By default $THALWEG_VERIFY_DIR, else the working directory.
  explicit InterpreterOracle(std::string folder = default_folder(), size_t most_inputs = 8);
  static std::string default_folder();

  void before(const ir::SDFG& graph, const rewrite::Application& application) override;
  base::Status after(const ir::SDFG& graph, const rewrite::Application& application) override;

  int applications() const { return applications_; }     // that were checked
  int runs() const { return runs_; }                     // on which inputs, summed over all applications
  const std::string& cutout() const { return cutout_; }  // of the guilty one: the text of the file

 private:
  base::Diagnostic guilty(const ir::SDFG& root, const rewrite::Application& application, const Inputs* inputs,
                          const std::string& what);

  OrderOracle order_;
  std::string folder_, cutout_, text_before_;
  size_t most_inputs_;
  const ir::SDFG* root_ = nullptr;  // whose inputs these are
  std::vector<Inputs> inputs_;
  std::vector<Seen> seen_;  // before, for each of the inputs
  uint64_t version_ = 0;    // of the graph that seen_ is about
  Tolerance tolerance_ = Tolerance::none;
  int applications_ = 0, runs_ = 0;
};

}  // namespace thalweg::verify
