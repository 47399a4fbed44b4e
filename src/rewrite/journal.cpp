#include "rewrite/journal.h"

#include <cstdlib>

namespace thalweg::rewrite {

bool legal(std::string_view condition, bool holds) {
  if (holds) return true;
  const char* planted = std::getenv("THALWEG_PLANT");
  return planted && condition == planted;
}

base::Status Journal::apply(ir::SDFG& graph, const Transformation& transformation, const Candidate& candidate) {
  Application application{transformation.name, candidate.place, candidate.location, candidate.reason};
  ir::EditLog& log = *graph.log();
  size_t mark = log.mark();
  if (oracle_) oracle_->before(graph, application);
  try {
    candidate.apply();
  } catch (...) {
    log.rollback(mark);
    throw;
  }
  if (oracle_) {
    auto status = oracle_->after(graph, application);
    if (!status) {
      log.rollback(mark);
      return status;
    }
  }
  applications_.push_back(std::move(application));
  return base::success();
}

base::Result<int> Journal::apply_repeated(ir::SDFG& graph, const Transformation& transformation) {
  int count = 0;
  for (bool changed = true; changed;) {
    changed = false;
    const bool again = !transformation.once;
    std::vector<ir::Ref<ir::SDFG>> graphs;
    for (ir::SDFG* sdfg : ir::all_sdfgs(graph)) graphs.emplace_back(sdfg);
    for (const auto& sdfg : graphs) {
      if (sdfg->log() != graph.log()) continue;  // it went with the node around it
      TW_TRY(int applied, transformation.sweep(*sdfg, [&](const Candidate& candidate) {
        return apply(*sdfg, transformation, candidate);
      }));
      count += applied;
      changed = changed || (again && applied > 0);
    }
  }
  return count;
}

}  // namespace thalweg::rewrite
