// Probe 8: a step of flow over terrain, printed by the CUDA dialect's table and compiled to PTX inside this process.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "emit/emit.h"
#include "jit/jit.h"
#include "lower/lower.h"
#include "passes/pipelines.h"
#include "text/text.h"

namespace thalweg::probes {
namespace {

constexpr const char* terrain_step = R"(sdfg terrain_step(z, h, next)
  symbols H: int64, W: int64
  array z: float64[H, W]
  array h: float64[H, W]
  array next: float64[H, W]
  array flow: float64[H, W]
  assume 3 <= H
  assume 3 <= W
  state flow
    n0 = access z
    n1 = access h
    n2 = map flow[i = 0:H, j = 1:W]
    n3 = tasklet flow(z0: float64, z1: float64, h0: float64, h1: float64) -> (q: float64)
      q = copysign(minimum(0.25 * maximum(h0, h1), sqrt(abs((z0 + h0) - (z1 + h1)))), (z0 + h0) - (z1 + h1))
    n4 = exit n2
    n5 = access flow
    n0 -> n2.IN_z : z[0:H, 0:W]
    n1 -> n2.IN_h : h[0:H, 0:W]
    n2.OUT_z -> n3.z0 : z[i, j - 1]
    n2.OUT_z -> n3.z1 : z[i, j]
    n2.OUT_h -> n3.h0 : h[i, j - 1]
    n2.OUT_h -> n3.h1 : h[i, j]
    n3.q -> n4.IN_flow : flow[i, j]
    n4.OUT_flow -> n5 : flow[0:H, 1:W]
  state route
    n0 = access h
    n1 = access flow
    n2 = map route[i = 0:H, j = 1:W - 1]
    n3 = tasklet route(c: float64, west: float64, east: float64) -> (out: float64)
      out = select(c > 0.001, maximum(c + 0.5 * (west - east), 0.0), 0.0)
    n4 = exit n2
    n5 = access next
    n0 -> n2.IN_h : h[0:H, 1:W - 1]
    n1 -> n2.IN_flow : flow[0:H, 1:W]
    n2.OUT_h -> n3.c : h[i, j]
    n2.OUT_flow -> n3.west : flow[i, j]
    n2.OUT_flow -> n3.east : flow[i, j + 1]
    n3.out -> n4.IN_next : next[i, j]
    n4.OUT_next -> n5 : next[0:H, 1:W - 1]
)";

size_t count(const std::string& text, const std::string& what) {
  size_t found = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

// The step as kernels.
lower::Program kernels() {
  auto graph = text::parse(terrain_step);
  EXPECT_TRUE(graph.ok()) << (graph.ok() ? "" : base::render(graph.error(), terrain_step));
  if (!graph || !passes::optimise(**graph).ok()) return {};
  lower::Options options;
  options.kernels = true;
  options.fuse = false;  // rows of both nests would be one kernel over one axis
  auto program = lower::lower(**graph, options);
  EXPECT_TRUE(program.ok()) << (program.ok() ? "" : program.error().message);
  return program ? std::move(*program) : lower::Program();
}

TEST(Cuda, TerrainStepIsTwoKernelsOverTheGrid) {
  const std::string text = emit::emit_body(kernels(), emit::cuda_dialect());
  EXPECT_EQ(count(text, "__attribute__((nvptx_kernel)) void nest_"), 2u) << text;
  EXPECT_NE(text.find("__nvvm_read_ptx_sreg_ctaid_y"), std::string::npos) << text;
  EXPECT_EQ(text.find("thw_context"), std::string::npos) << "a kernel has no host runtime\n" << text;
}

TEST(Cuda, TerrainStepCompilesToPtxInThisProcess) {
  if (jit::compiler_build_id().empty()) GTEST_SKIP() << "the compiler library is not built (THALWEG_JIT=OFF)";
  const jit::Source source{"terrain_step.c", emit::emit_c(kernels(), emit::cuda_dialect())};
  auto ptx = jit::compile_ptx(source);
  ASSERT_TRUE(ptx.ok()) << ptx.error().message << "\n" << source.text;
  if (const char* folder = std::getenv("THALWEG_KEEP_KERNELS")) {  // for tools/gpu_probe.py
    std::ofstream(std::string(folder) + "/terrain_step.c") << source.text;
    std::ofstream(std::string(folder) + "/terrain_step.ptx") << ptx->bytes;
  }
  EXPECT_EQ(count(ptx->bytes, ".visible .entry nest_"), 2u) << ptx->bytes;
  EXPECT_NE(ptx->bytes.find("sqrt.rn.f64"), std::string::npos) << "the root must be rounded correctly\n" << ptx->bytes;
  EXPECT_EQ(ptx->bytes.find("fma."), std::string::npos) << "a product and a sum are two roundings\n" << ptx->bytes;
}

}  // namespace
}  // namespace thalweg::probes
