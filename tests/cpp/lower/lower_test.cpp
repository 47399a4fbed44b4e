// What lower decides: loop order, parallel regions, pointers without aliases, fusion and contraction, refusals.
#include "lower/lower.h"

#include <gtest/gtest.h>

#include "emit/flow.h"
#include "emit/programs.h"
#include "lower/walk.h"
#include "text/text.h"

namespace thalweg::tests {
namespace {

base::Result<lower::Program> try_lower(const std::string& text, const lower::Options& options = {}) {
  auto graph = text::parse(text);
  if (!graph) {
    ADD_FAILURE() << base::render(graph.error(), text);
    return graph.error();
  }
  return lower::lower(**graph, options);
}
lower::Program lowered(const std::string& text, const lower::Options& options = {}) {
  auto program = try_lower(text, options);
  EXPECT_TRUE(program.ok()) << program.error().message;
  return program.ok() ? *program : lower::Program{};
}

std::vector<const lower::Loop*> loops_of(const lower::Function& function) {
  std::vector<const lower::Loop*> loops;
  lower::each_statement(const_cast<lower::Body&>(function.body), [&](lower::Statement& s) {
    if (auto* loop = std::get_if<lower::Loop>(&s.node)) loops.push_back(loop);
  });
  return loops;
}
const lower::Parameter& parameter(const lower::Function& function, const std::string& name) {
  for (const lower::Parameter& p : function.parameters)
    if (p.name == name) return p;
  ADD_FAILURE() << "no parameter " << name;
  return function.parameters.front();
}

TEST(Lower, NestsAreFunctionsWithRestrictPointers) {
  lower::Program program = lowered(jacobi_2d);
  ASSERT_EQ(program.functions.size(), 3u);
  const lower::Function& nest = program.functions[0];
  EXPECT_TRUE(nest.ranged);
  EXPECT_FALSE(nest.may_stop);
  EXPECT_TRUE(parameter(nest, "A").restrict_ && parameter(nest, "A").const_);
  EXPECT_TRUE(parameter(nest, "B").restrict_ && !parameter(nest, "B").const_);
  EXPECT_TRUE(program.signature.parallel);
  EXPECT_EQ(program.signature.data, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(program.signature.symbols, (std::vector<std::string>{"N", "T"}));
  EXPECT_TRUE(loops_of(program.functions[2])[0]->poll);
}

TEST(Lower, ABranchAllocatesWhatItAloneTouches) {
  lower::Program program = lowered(ways);
  lower::Body& entry = program.functions.back().body;
  size_t outside = 0, inside = 0;
  lower::each_statement(entry, [&](lower::Statement& s) { inside += std::holds_alternative<lower::Allocate>(s.node); });
  for (lower::Statement& s : entry) outside += std::holds_alternative<lower::Allocate>(s.node);
  EXPECT_EQ(outside, 0u);
  EXPECT_EQ(inside, 1u);
}

// Four rows at a time, then the rest; what a row read of its last step stays in a variable.
TEST(Lower, RecurrencesRunSideBySide) {
  lower::Program program = lowered(recurrence);
  std::vector<const lower::Loop*> loops = loops_of(program.functions[0]);
  ASSERT_EQ(loops.size(), 4u);
  EXPECT_TRUE(loops[0]->step.is(4) && loops[2]->step.is(1));
  auto count = [](const lower::Loop& loop, const std::string& buffer, bool write) {
    int found = 0;
    lower::each_access(loop.body, [&](const lower::Access& access) {
      found += access.buffer == buffer && access.write == write ? 1 : 0;
    });
    return found;
  };
  EXPECT_EQ(count(*loops[1], "A", true), 4);
  EXPECT_EQ(count(*loops[1], "A", false), 4) << "A[i, j - 1] is not read again";
  EXPECT_EQ(count(*loops[3], "A", false), 1);
}

std::vector<const lower::Allocate*> allocations(const lower::Program& program) {
  std::vector<const lower::Allocate*> found;
  for (const lower::Statement& s : program.functions.back().body)
    if (auto* allocate = std::get_if<lower::Allocate>(&s.node)) found.push_back(allocate);
  return found;
}

TEST(Lower, TemporariesTakeTheMemoryOfDeadOnes) {
  lower::Options options;
  options.fuse = false;
  lower::Program program = lowered(softmax, options);
  auto found = allocations(program);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0]->buffer, "top");
  EXPECT_EQ(found[1]->buffer, "e");
  EXPECT_EQ(found[1]->takes, "") << "e has another layout";
  EXPECT_EQ(found[2]->buffer, "total");
  EXPECT_EQ(found[2]->takes, "top");
}

TEST(Lower, AliasedArgumentsAreNotRestrict) {
  lower::Options options;
  options.no_alias = false;
  lower::Program program = lowered(jacobi_2d, options);
  EXPECT_FALSE(parameter(program.functions[0], "A").restrict_);
  EXPECT_FALSE(parameter(program.functions[0], "B").restrict_);
}

TEST(Lower, ReferencesAreRestrictOnlyWhereDistinct) {
  auto smooth = [](const lower::Program& program) -> const lower::Function& { return program.functions[0]; };
  EXPECT_TRUE(parameter(smooth(lowered(swap)), "b").restrict_);
  std::string unknown = swap;
  for (const char* clause : {" distinct (b)", " distinct (a)"}) unknown.erase(unknown.find(clause), 13);
  EXPECT_FALSE(parameter(smooth(lowered(unknown)), "b").restrict_);
}

TEST(Lower, SoftmaxIsOneNestWithOneRow) {
  lower::Program program = lowered(softmax);
  EXPECT_EQ(program.functions.size(), 2u);
  EXPECT_TRUE(program.variables.contains("top"));
  EXPECT_TRUE(program.variables.contains("total"));
  EXPECT_TRUE(program.buffers.at("e").strides[0].is(0));
  EXPECT_TRUE(program.buffers.at("e").strides[1].is(1));
  EXPECT_EQ(program.functions[0].heap, std::vector<std::string>{"e"});
  lower::Options apart;
  apart.fuse = false;
  EXPECT_EQ(lowered(softmax, apart).functions.size(), 5u);
}

TEST(Lower, StencilsOfOneAnotherAreNotFused) { EXPECT_EQ(lowered(jacobi_2d).functions.size(), 3u); }

TEST(Lower, MeetingIterationsRunOneAfterTheOther) {
  lower::Program program = lowered(histogram);
  EXPECT_FALSE(program.signature.parallel);
  EXPECT_EQ(loops_of(program.functions[0])[0]->level, lower::Level::serial);
}

TEST(Lower, UnitStrideIsInnermost) {
  lower::Program program = lowered(R"(sdfg transposed(A, B)
  symbols N: int64
  array A: float64[N, N]
  array B: float64[N, N]
  state s
    n0 = access A
    n1 = map m[i = 0:N, j = 0:N]
    n2 = tasklet t(a: float64) -> (b: float64)
      b = a + 1.0
    n3 = exit n1
    n4 = access B
    n0 -> n1.IN_A : A[0:N, 0:N]
    n1.OUT_A -> n2.a : A[j, i]
    n2.b -> n3.IN_B : B[j, i]
    n3.OUT_B -> n4 : B[0:N, 0:N]
)");
  auto loops = loops_of(program.functions[0]);
  ASSERT_EQ(loops.size(), 2u);
  EXPECT_EQ(loops[0]->variable, "j");
  EXPECT_EQ(loops[1]->variable, "i");
}

TEST(Lower, ATransientThatLivesAcrossTurnsIsNotContracted) {
  // t[i] is read before it is written in each turn of the loop: it carries a value from turn to turn.
  lower::Program program = lowered(R"(sdfg carried(A, T)
  symbols N: int64, T: int64, k: int64
  array A: float64[N]
  transient array t: float64[N]
  state first
    n0 = access A
    n1 = access t
    n0 -> n1 : A[0:N]
  loop for_1 var k from 0 while k < T update k + 1
    state s
      n0 = access t
      n1 = map m[i = 0:N]
      n2 = tasklet u(a: float64) -> (b: float64)
        b = a + 1.0
      n3 = exit n1
      n4 = access A
      n0 -> n1.IN_t : t[0:N]
      n1.OUT_t -> n2.a : t[i]
      n2.b -> n3.IN_A : A[i]
      n3.OUT_A -> n4 : A[0:N]
      n5 = access t
      n4 -> n5 : A[0:N]
)");
  EXPECT_TRUE(program.buffers.contains("t"));
  EXPECT_TRUE(program.buffers.at("t").strides[0].is(1));
}

std::vector<const lower::MatMul*> products_of(const lower::Program& program) {
  std::vector<const lower::MatMul*> found;
  for (const lower::Function& function : program.functions)
    lower::each_statement(const_cast<lower::Body&>(function.body), [&](lower::Statement& s) {
      if (auto* product = std::get_if<lower::MatMul>(&s.node)) found.push_back(product);
    });
  return found;
}

TEST(Lower, ProductsOfAVectorThatMovesAreDoneInBlocks) {
  const std::string rows = R"(sdfg rows(X, Y, out)
  symbols N: int64, K: int64, M: int64
  array X: float64[N, K]
  array Y: float64[N + K, M]
  array out: float64[N, M]
  state s
    n0 = access X
    n1 = access Y
    n2 = map m[i = 0:N]
    n3 = library MatMul(_a, _b) -> (_c)
      a_rank = 1
      b_rank = 2
    n4 = exit n2
    n5 = access out
    n0 -> n2.IN_X : X[0:N, 0:K]
    n1 -> n2.IN_Y : Y[0:K, 0:M]
    n2.OUT_X -> n3._a : X[i, 0:K]
    n2.OUT_Y -> n3._b : Y[0:K, 0:M]
    n3._c -> n4.IN_out : out[i, 0:M]
    n4.OUT_out -> n5 : out[0:N, 0:M]
)";
  auto product = [](const lower::Program& program) { return *products_of(program).at(0); };
  const lower::MatMul together = product(lowered(rows));
  EXPECT_FALSE(together.m.is(1));
  EXPECT_EQ(together.a.row, symbolic::Expr::symbol("K"));
  EXPECT_EQ(together.c.row, symbolic::Expr::symbol("M"));
  // A matrix whose rows move along is another one each time.
  std::string moving = rows;
  for (const char* place : {"IN_Y : Y[0:K,", "_b : Y[0:K,"}) {
    const std::string with = place[0] == 'I' ? "IN_Y : Y[0:N + K," : "_b : Y[i:i + K,";
    moving.replace(moving.find(place), std::string(place).size(), with);
  }
  EXPECT_TRUE(product(lowered(moving)).m.is(1));
  lower::Options alone;
  alone.parallel = false;
  EXPECT_TRUE(product(lowered(rows, alone)).m.is(1)) << "one thread asks BLAS, with NumPy's bits";
}

TEST(Lower, ACopiedTemporaryChangesPlaces) {
  const std::string shrinking = R"(sdfg shrinking(A, out)
  symbols N: int64, T: int64, n: int64, m: int64, k: int64
  array A: float64[N]
  array out: float64[1]
  transient array made: float64[m]
  transient array kept: float64[n]
  state first
    n0 = access A
    n1 = access kept
    n0 -> n1 : A[0:n]
  loop for_1 var k from 0 while k < T update k + 1
    state start
    set m = n - 1
    state make
      n0 = access kept
      n1 = map m[i = 0:m]
      n2 = tasklet t(a: float64) -> (b: float64)
        b = a + 1.0
      n3 = exit n1
      n4 = access made
      n0 -> n1.IN_kept : kept[0:m]
      n1.OUT_kept -> n2.a : kept[i]
      n2.b -> n3.IN_made : made[i]
      n3.OUT_made -> n4 : made[0:m]
    set n = m
    state keep
      n0 = access made
      n1 = access kept
      n0 -> n1 : made[0:n]
  state last
    n0 = access kept
    n1 = access out
    n0 -> n1 : kept[0]
)";
  auto exchanges = [](const lower::Program& program) {
    int found = 0;
    for (const lower::Function& function : program.functions)
      lower::each_statement(const_cast<lower::Body&>(function.body), [&](lower::Statement& s) {
        auto* allocate = std::get_if<lower::Allocate>(&s.node);
        found += allocate && allocate->gives && allocate->takes == "made" ? 1 : 0;
      });
    return found;
  };
  EXPECT_EQ(exchanges(lowered(shrinking)), 1);
  std::string read_later = shrinking;  // what was made is read after the loop
  read_later.replace(read_later.rfind("access kept"), 11, "access made");
  read_later.replace(read_later.rfind(": kept[0]"), 9, ": made[0]");
  EXPECT_EQ(exchanges(lowered(read_later)), 0);
}

TEST(Lower, RowsThatMayBeRepeatedAreAskedForOnce) {
  lower::Program program = lowered(R"(sdfg repeated(A, B)
  symbols N: int64, M: int64
  array A: float64[M]
  array B: float64[N]
  state s
    n0 = access A
    n1 = map m[i = 0:N]
    n2 = tasklet t(a: float64) -> (b: float64)
      b = a + 1.0
    n3 = exit n1
    n4 = access B
    n0 -> n1.IN_A : A[0:M]
    n1.OUT_A -> n2.a : A[0 if M == 1 else i]
    n2.b -> n3.IN_B : B[i]
    n3.OUT_B -> n4 : B[0:N]
)");
  auto* choice = std::get_if<lower::If>(&program.functions[0].body.back().node);
  ASSERT_TRUE(choice);
  bool plain = false;
  lower::each_access(choice->otherwise, [&](const lower::Access& access) {
    const auto* place = lower::plain_index(access.index->at(0));
    plain |= access.buffer == "A" && place && place->is_symbol();
  });
  EXPECT_TRUE(plain);
}

TEST(Lower, RegisteredSchedulesAndStoragesNeedNoChangeHere) {
  ir::add_schedule({"Test_Lanes", "parallel", "Sequential"});
  ir::add_storage({"Test_Scratchpad", "scratch", "heap", true});
  std::string text = jacobi_2d;
  text.replace(text.find("map m0[i = 1:N - 1, j = 1:N - 1]"), 32,
               "map m0[i = 1:N - 1, j = 1:N - 1] schedule Test_Lanes");
  text.replace(text.find("array B: float64[N, N]"), 22, "array B: float64[N, N] storage Test_Scratchpad");
  lower::Program program = lowered(text);
  EXPECT_TRUE(program.functions[0].ranged);
  EXPECT_EQ(program.buffers.at("B").space, "scratch");
}

TEST(Lower, WhatItCannotDoIsRefused) {
  auto streams = try_lower("sdfg s()\n  transient stream S: int32[4] buffer 8\n  state only\n");
  ASSERT_FALSE(streams.ok());
  EXPECT_EQ(streams.error().code, "TW0600");
  EXPECT_NE(streams.error().message.find("stream 'S'"), std::string::npos);
  auto library = try_lower(R"(sdfg s(A)
  array A: float64[4]
  state only
    n0 = access A
    n1 = library Unheard(_in) -> (_out)
    n2 = access A
    n0 -> n1._in : A[0:4]
    n1._out -> n2 : A[0:4]
)");
  ASSERT_FALSE(library.ok());
  EXPECT_EQ(library.error().kind, base::ErrorKind::unsupported);
  auto device = try_lower("sdfg s()\n  transient array D: float64[4] storage GPU_Global\n  state only\n");
  ASSERT_FALSE(device.ok());
  EXPECT_NE(device.error().message.find("GPU_Global"), std::string::npos);
}

}  // namespace
}  // namespace thalweg::tests
