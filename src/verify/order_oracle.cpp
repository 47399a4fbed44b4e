#include "verify/order_oracle.h"

#include <algorithm>

#include "transforms/unordered.h"
#include "verify/oracle.h"

namespace thalweg::verify {

using namespace ir;
using transforms::unordered_accesses;

void OrderOracle::before(const SDFG& graph, const rewrite::Application&) {
  const SDFG& root = outermost(graph);
  if (root_ == &root && version_ == root.log()->version()) return;
  known_ = unordered_accesses(root);
  root_ = &root;
}

base::Status OrderOracle::after(const SDFG& graph, const rewrite::Application& application) {
  const SDFG& root = outermost(graph);
  auto found = unordered_accesses(root);
  ++applications_;
  if (found.size() > known_.size()) {
    base::Diagnostic error;
    error.code = "TW2005";
    error.kind = base::ErrorKind::internal;
    const auto one = std::find_if(found.begin(), found.end(), [&](const std::string& line) {
      return std::find(known_.begin(), known_.end(), line) == known_.end();
    });
    error.message = application.transformation + " at " + application.place +
                    " left accesses in no order: " + (one == found.end() ? found.back() : *one);
    if (!application.location.empty()) error.span = application.location.front();
    return error;
  }
  known_ = std::move(found);
  version_ = root.log()->version();
  return base::success();
}

}  // namespace thalweg::verify
