// How a build decides what to rely on, given the sizes of the call that asked for it.
#pragma once
#include <map>
#include <optional>
#include <vector>

#include "driver/guards.h"
#include "frontend/frontend.h"

namespace thalweg::driver {

// A plain build takes what holds for the observed call (or, without one, the plain case) as guarded facts. When an
// inequality does not hold (a slice that is clamped, an empty array) the call is called degenerate: the attempt is
// given up and the general build, which assumes nothing, serves it. Equalities are different: `N == M` being false
// only selects another way of broadcasting.
class BuildAssumptions final : public frontend::Assumptions {
 public:
  enum class Mode { plain, general };
  BuildAssumptions(Mode mode, std::optional<std::map<std::string, int64_t>> observed)
      : mode_(mode), observed_(std::move(observed)) {}

  bool assume(const symbolic::Expr& condition, const base::Span& span, const std::string& reason) override;
  std::optional<bool> choose(const symbolic::Expr& condition, const base::Span& span,
                             const std::string& reason) override;
  std::optional<int64_t> value(const symbolic::Expr& expr, const base::Span& span, const std::string& reason) override;

  const std::vector<Guard>& guards() const { return guards_; }
  // Inequalities that the observed call does not meet.
  const std::vector<symbolic::Expr>& unmet() const { return unmet_; }

 private:
  bool add(const symbolic::Expr& condition, const base::Span& span, const std::string& reason);
  Mode mode_;
  std::optional<std::map<std::string, int64_t>> observed_;
  std::vector<Guard> guards_;
  std::vector<symbolic::Expr> unmet_;
};

}  // namespace thalweg::driver
