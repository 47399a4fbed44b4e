// One build: a function compiled under guards, from the cache or anew. Planning it (passes, lowering, the emitted text) and
// compiling the text are two steps: a call that only wants the graph or the plan never asks for machine code.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "driver/assumptions.h"
#include "driver/entry_plan.h"
#include "jit/jit.h"
#include "thalweg/abi.h"

namespace thalweg::driver {

// Milliseconds of each phase; zero for what was skipped.
struct BuildTimes {
  double frontend = 0, cache = 0, passes = 0, lower = 0, emit = 0, compile = 0, load = 0, total = 0;
  jit::PhaseTimes jit;
};

// The text of the user's function, for comments in the emitted program.
struct SourceText {
  std::shared_ptr<const std::string> file;
  std::string text;
  int first_line = 1;
  std::string line(const base::Span& span) const;  // empty outside the text
};

struct Build {
  ir::Ref<ir::SDFG> graph;  // as the frontend made it
  SourceText source;
  std::vector<Guard> guards;
  std::vector<SlotExpr> tests;  // the guards, over the signature's symbols
  frontend::Built frontend;     // closures, callbacks, written arguments (its sdfg is `graph`)
  EntryPlan plan;
  jit::Loaded code;
  int32_t (*entry)(thw_context*, const thw_call*) = nullptr;  // null until it is compiled
  std::string why;  // "first call with float64[2]", "N >= 3 does not hold: general build"
  bool general = false, aliased = false, cached = false;
  bool optimised = true;  // the passes ran, or would have if it had not been cached
  BuildTimes times;
  std::shared_ptr<void> border;  // what the border to Python worked out for this build, once
  std::string c_text;            // the emitted program; empty when it came from the cache
  std::string cache_key;         // where its machine code is kept; empty: nowhere

  bool serves(const int64_t* symbols) const {
    for (const SlotExpr& test : tests)
      if (!test.holds(symbols)) return false;
    return true;
  }
};

// What making a build needs from its surroundings.
struct BuildContext {
  const syntax::Function* function = nullptr;
  frontend::Host* host = nullptr;
  bool strict = false;
  bool optimise = true;
  bool bounds = true;  // check indices
  // Runs long work that needs no Python objects (the border releases the GIL around it).
  std::function<void(const std::function<void()>&)> without_host = [](const std::function<void()>& work) { work(); };
  std::function<void(const std::string& line)> log;  // one line a build; empty: no log
};

// The passes that run between frontend and lower, with an observer for `thalweg show`.
using GraphObserver = std::function<void(const std::string& stage, const ir::SDFG& graph)>;
base::Status optimise(ir::SDFG& graph, const GraphObserver& observer = {});

// From an optimised graph to C text (no compiler): for `thalweg show` and golden tests.
struct Emitted {
  std::string c_text;
  EntryPlan plan;
};
base::Result<Emitted> emit_program(const ir::SDFG& optimised, bool aliased, const SourceText& source = {});

// The same as C++ for other people's compilers (docs/export.md).
base::Result<std::string> export_program(const ir::SDFG& optimised, bool aliased, const SourceText& source = {});

// Fills in the plan and the emitted text of a build whose graph and guards are set; from the cache also what follows.
base::Status plan_build(Build& build, const BuildContext& context);

// Fills in code and entry of a build that is planned.
base::Status compile_build(Build& build, const BuildContext& context);

}  // namespace thalweg::driver
