// Probe 12: schedules and storages are rows. A test brings two of each along, and they go through text, verifier,
// interpreter and lower, with nothing in ir/ knowing them.
#include <gtest/gtest.h>

#include "interpret/interpret.h"
#include "ir/verify.h"
#include "lower/lower.h"
#include "lower/walk.h"
#include "text/text.h"

namespace thalweg::probes {
namespace {

constexpr const char* scale = R"(sdfg scale(A, B)
  symbols N: int64
  array A: float64[N]
  array B: float64[N]
  transient array T: float64[N] storage ProbeBank
  assume 0 <= N
  state first
    n0 = access A
    n1 = map m[i = 0:N] schedule ProbeTeam
    n2 = tasklet twice(a: float64) -> (out: float64)
      out = 2.0 * a
    n3 = exit n1
    n4 = access T
    n0 -> n1.IN_A : A[0:N]
    n1.OUT_A -> n2.a : A[i]
    n2.out -> n3.IN_T : T[i]
    n3.OUT_T -> n4 : T[0:N]
  state second
    n0 = access T
    n1 = map m[i = 0:N] schedule ProbeOneByOne
    n2 = tasklet more(a: float64) -> (out: float64)
      out = a + 1.0
    n3 = exit n1
    n4 = access B
    n0 -> n1.IN_T : T[0:N]
    n1.OUT_T -> n2.a : T[N - i - 1]
    n2.out -> n3.IN_B : B[i]
    n3.OUT_B -> n4 : B[0:N]
)";

struct Kinds : ::testing::Test {
  ir::Schedule team = ir::add_schedule({"ProbeTeam", "parallel", "ProbeOneByOne"});
  ir::Schedule one_by_one = ir::add_schedule({"ProbeOneByOne", "serial", "Sequential"});
  ir::Storage bank = ir::add_storage({"ProbeBank", "bank 7", "heap", true});
  ir::Storage far_bank = ir::add_storage({"ProbeFarBank", "far", "none", false});

  static ir::Ref<ir::SDFG> parsed(const std::string& text) {
    auto graph = text::parse(text);
    EXPECT_TRUE(graph.ok()) << (graph.ok() ? "" : base::render(graph.error(), text));
    return graph ? *graph : nullptr;
  }
  static std::string with(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
  }
};

TEST_F(Kinds, GoThroughTextAndVerifier) {
  auto graph = parsed(scale);
  ASSERT_TRUE(graph);
  EXPECT_EQ(graph->container("T").get().storage, bank);
  EXPECT_EQ(text::print(*graph), scale);
  auto status = ir::verify(*graph);
  EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().message);
  EXPECT_FALSE(text::parse(with(scale, "ProbeTeam", "NoSuchTeam")).ok());
}

TEST_F(Kinds, RunInTheInterpreter) {
  auto graph = parsed(scale);
  std::vector<double> a{1, 2, 3, 4}, b(4);
  auto outcome = interpret::run(*graph, {{{"A", {a.data(), {4}, {}}}, {"B", {b.data(), {4}, {}}}}, {}});
  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  EXPECT_EQ(b, (std::vector<double>{9, 7, 5, 3}));
}

// Loop levels and memory spaces in loop IR are those of the rows.
TEST_F(Kinds, DecideLevelAndSpaceInLower) {
  auto graph = parsed(scale);
  lower::Options options;
  options.fuse = false;
  auto program = lower::lower(*graph, options);
  ASSERT_TRUE(program.ok()) << program.error().message;
  EXPECT_EQ(program->buffers.at("T").space, "bank 7");
  EXPECT_EQ(program->buffers.at("A").space, "host");
  std::vector<lower::Level> levels;
  for (lower::Function& function : program->functions)
    lower::each_statement(function.body, [&](lower::Statement& statement) {
      if (auto* loop = std::get_if<lower::Loop>(&statement.node)) levels.push_back(loop->level);
    });
  EXPECT_EQ(levels, (std::vector{lower::Level::parallel, lower::Level::serial}));
}

TEST_F(Kinds, WhatTheHostCannotRunIsRefusedByName) {
  auto graph = parsed(with(scale, "ProbeBank", "ProbeFarBank"));
  auto status = ir::verify(*graph);
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().message.find("ProbeFarBank"), std::string::npos) << status.error().message;

  ir::add_schedule({"ProbeGrid", "grid", "Sequential"});
  graph = parsed(with(scale, "ProbeTeam", "ProbeGrid"));
  auto program = lower::lower(*graph);
  ASSERT_FALSE(program.ok());
  EXPECT_NE(program.error().message.find("ProbeGrid"), std::string::npos) << program.error().message;
}

}  // namespace
}  // namespace thalweg::probes
