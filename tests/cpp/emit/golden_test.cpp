// The emitted text of small graphs, reviewed like source: ./dev golden --update rewrites it.
#include "support/golden.h"
#include "compiled.h"
#include "flow.h"
#include "programs.h"

namespace thalweg::tests {
namespace {

void golden(const char* name, const char* graph, const lower::Options& options = {}) {
  lower::Program program = lowered(graph, options);
  const emit::Dialect& dialect = options.kernels ? emit::cuda_dialect() : emit::c_dialect();
  expect_golden("emit/" + std::string(name), emit::emit_body(program, dialect));
}

TEST(Golden, Jacobi) { golden("jacobi_2d.c", jacobi_2d); }
TEST(Golden, Softmax) { golden("softmax.c", softmax); }
TEST(Golden, Swap) { golden("swap.c", swap); }
TEST(Golden, Histogram) { golden("histogram.c", histogram); }
TEST(Golden, Channels) { golden("channels.c", channels); }
TEST(Golden, Counts) { golden("counts.c", counts); }
TEST(Golden, Compress) { golden("compress.c", compress); }
TEST(Golden, Nested) { golden("nested.c", nested); }
TEST(Golden, Recurrence) { golden("recurrence.c", recurrence); }
TEST(Golden, LongRows) { golden("long_rows.c", long_rows); }
TEST(Golden, Reductions) { golden("reductions.c", reductions); }
TEST(Golden, PythonInt) { golden("python_int.c", python_int); }
TEST(Golden, Ways) { golden("ways.c", ways); }
TEST(Golden, Unstructured) { golden("unstructured.c", unstructured); }

TEST(Golden, JacobiOnTheGrid) {
  lower::Options options;
  options.kernels = true;
  golden("jacobi_2d.cu.c", jacobi_2d, options);
}

TEST(Golden, UsersLineStandsAboveItsNest) {
  auto graph = graph_of(jacobi_2d);
  auto* loop = ir::as<ir::LoopRegion>(graph->blocks()[0].get());
  auto* state = ir::as<ir::State>(loop->blocks()[0].get());
  base::Span span;
  span.file = std::make_shared<const std::string>("jacobi.py");
  span.line = 12;
  for (const auto& node : state->nodes()) node->set_location({span});
  auto program = lower::lower(*graph);
  ASSERT_TRUE(program.ok());
  std::string text = emit::emit_body(*program, emit::c_dialect(),
                                     [](const base::Span& at) { return at.line == 12 ? "    B[1:-1] = \\ a" : ""; });
  EXPECT_EQ(text.rfind("// jacobi.py:12: B[1:-1] =   a\nstatic __attribute__((noinline)) void nest_1", 0), 0u) << text;
}

}  // namespace
}  // namespace thalweg::tests
