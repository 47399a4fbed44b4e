// What follows from assumptions: never wrong (against brute force), and strong enough for what programs ask.
#include "symbolic/facts.h"

#include <gtest/gtest.h>

#include "symbolic/random.h"

namespace thalweg::symbolic {

namespace {

using namespace testing;

struct Question {
  std::vector<std::string> assumed;
  const char* condition;
};

TEST(facts, proves_what_programs_ask) {
  const std::vector<std::string> in_bounds = {"0 <= i", "i < N", "0 <= j", "j < M"};
  const Question questions[] = {// Slice bounds.
                                {{"N >= 2"}, "0 <= 1"},
                                {{"N >= 2"}, "1 <= N - 1"},
                                {{"N >= 2"}, "N - 1 <= N"},
                                {{"N >= 2"}, "0 <= 1 and 1 <= N - 1 and N - 1 <= N"},
                                {{"N >= 2"}, "max(0, N - 2) == N - 2"},
                                {{"0 <= i", "i < N - 2"}, "i + 1 < N"},
                                {{"0 <= i", "i < N - 2"}, "0 < i + 1"},
                                {{"0 <= i", "i < N"}, "N >= 1"},
                                // Linearised indices.
                                {in_bounds, "i*M + j < N*M"},
                                {in_bounds, "0 <= i*M + j"},
                                {in_bounds, "i*M + j <= (N - 1)*M + M - 1"},
                                {{"0 <= i", "i < N", "0 <= j", "j < M", "0 <= k", "k < K"}, "(i*M + j)*K + k < N*M*K"},
                                {{"N >= 0", "M >= 0"}, "0 <= N*M"},
                                {{}, "0 <= N*N"},
                                // Minimum and maximum.
                                {{}, "min(a, b) <= a"},
                                {{}, "max(a, b) >= b"},
                                {{}, "min(a, b) <= max(a, b)"},
                                {{}, "min(a + 1, b + 1) == min(a, b) + 1"},
                                {{"a <= b"}, "min(a, b) == a"},
                                {{"0 <= t", "4*t < N"}, "min(4*t + 4, N) <= N"},
                                {{"0 <= t", "4*t < N"}, "4*t < min(4*t + 4, N)"},
                                // Equalities.
                                {{"N == M"}, "N == M"},
                                {{"N == M"}, "M == N"},
                                {{"N == M"}, "N*K == M*K"},
                                {{"N == M"}, "N//2 == M//2"},
                                {{"N == M", "M == 4"}, "N == 4"},
                                {{"N == 2*M", "i < M"}, "2*i < N"},
                                // Distinct offsets.
                                {{}, "i != i + 1"},
                                {{"i != j"}, "j != i"},
                                {{"i < j"}, "i != j"},
                                {{}, "2*i != 2*j + 1"},
                                {{"N != 0", "N >= 0"}, "N >= 1"},
                                {{"N >= 0", "N != 0"}, "N >= 1"},
                                // Division.
                                {{"N >= 1"}, "N//2 < N"},
                                {{"N >= 0"}, "N//2 <= N"},
                                {{"N >= 0"}, "2*(N//2) <= N"},
                                {{"0 <= i", "i < 4"}, "i//4 == 0"},
                                {{"0 <= i", "i < N"}, "i//N == 0"},
                                {{"0 <= i", "i < N"}, "i%N == i"},
                                {{"T >= 1", "0 <= i"}, "(i//T)*T <= i"},
                                {{"T >= 1", "0 <= i", "i <= N - 1"}, "i//T <= (N - 1)//T"},
                                {{"0 <= t", "t < (N + 3)//4"}, "4*t < N"},
                                {{"0 <= i", "i < N*M", "M >= 1"}, "i//M < N"},
                                {{"M >= 1"}, "i%M < M"},
                                {{"N % 4 == 0"}, "N % 2 == 0"},
                                {{"N % 4 == 0"}, "(N//4)*4 == N"},
                                {{"N % 4 == 0", "N >= 0"}, "N//4*4 <= N"},
                                {{"N % 4 == 1"}, "(N + 3) % 4 == 0"},
                                // Conditions.
                                {{"a < 3 or b < 3"}, "a < 3 or b < 3"},
                                {{"a < 3 or b < 3", "a >= 3"}, "b < 3"},
                                {{"i < j"}, "(a if i < j else b) == a"},
                                {{}, "i < N or i >= N"},
                                {{"flag"}, "flag != 0"},
                                {{"A[i] >= 0", "A[i] < N"}, "A[i] + 1 <= N"}};
  for (const Question& q : questions) {
    Facts facts = facts_of(q.assumed);
    EXPECT_EQ(facts.prove(expr(q.condition)), Truth::yes) << describe(facts) << "|- " << q.condition;
    EXPECT_EQ(facts.prove(logical_not(expr(q.condition))), Truth::no) << describe(facts) << "|- not " << q.condition;
  }
}

TEST(facts, leaves_open_what_is_open) {
  const Question questions[] = {{{}, "N >= 0"},
                                {{}, "N*M >= 0"},
                                {{"N >= 0"}, "N >= 1"},
                                {{"i < N"}, "i*M < N*M"},
                                {{"N >= 1"}, "i//N <= i"},
                                {{"N % 4 == 0"}, "N % 8 == 0"},
                                {{}, "i != j"},
                                {{"a < 3 or b < 3"}, "a < 3"},
                                {{}, "A[i] == A[j]"}};
  for (const Question& q : questions) {
    Facts facts = facts_of(q.assumed);
    EXPECT_EQ(facts.prove(expr(q.condition)), Truth::unknown) << describe(facts) << "|- " << q.condition;
  }
}

// A short proof is found among many facts that lead nowhere.
TEST(facts, many_facts_do_not_hide_a_proof) {
  Facts facts;
  for (int k = 0; k < 40; ++k) {
    Expr x = Expr::symbol("x" + std::to_string(k)), y = Expr::symbol("x" + std::to_string((k * 7 + 3) % 40));
    facts.assume(le(x, y + Expr::symbol("big")));
    facts.assume(le(0, Expr::symbol("z" + std::to_string(k)) + x));
  }
  for (const char* text : {"a < b", "b < c", "c < d", "d <= e", "0 <= a"}) facts.assume(expr(text));
  EXPECT_TRUE(facts.proves(expr("a + 3 <= e")));
  EXPECT_FALSE(facts.proves(expr("a + 4 <= e")));
  EXPECT_EQ(facts.lower_bound(expr("d")), 3);
}

TEST(facts, scopes_end) {
  Facts facts = facts_of({"N >= 2"});
  {
    auto scope = facts.scope();
    facts.assume(expr("i >= 0 and i < N"));
    EXPECT_TRUE(facts.proves(expr("i <= N")));
    EXPECT_EQ(facts.size(), 2u);
  }
  EXPECT_EQ(facts.size(), 1u);
  EXPECT_EQ(facts.prove(expr("i <= N")), Truth::unknown);
  EXPECT_TRUE(facts.proves(expr("N >= 1")));
}

TEST(facts, bounds) {
  Facts facts = facts_of({"2 <= N", "N <= 10", "0 <= i", "i < N"});
  EXPECT_EQ(facts.lower_bound(expr("N - 1")), 1);
  EXPECT_EQ(facts.upper_bound(expr("2*N + i")), 29);
  EXPECT_EQ(facts.upper_bound(expr("min(N, 7)")), 7);
  EXPECT_EQ(facts.lower_bound(expr("max(i, 3)")), 3);
  EXPECT_EQ(facts.upper_bound(expr("i%4")), 3);
  EXPECT_EQ(facts.upper_bound(expr("N//4")), 2);
  EXPECT_EQ(facts.lower_bound(expr("N - i")), 1);
  EXPECT_EQ(facts.upper_bound(expr("K")), std::nullopt);
}

struct Simplification {
  std::vector<std::string> assumed;
  const char* from;
  const char* to;
};

TEST(facts, simplifies) {
  const Simplification cases[] = {{{"N >= 2"}, "max(0, N - 2)", "N - 2"},
                                  {{"N >= 0"}, "max(0, N) + min(N, N + i*i)", "2*N"},
                                  {{"0 <= i", "i < 4"}, "(4*j + i)//4", "j"},
                                  {{"0 <= i", "i < 4"}, "(4*j + i)%4", "i"},
                                  {{"0 <= j", "j < M"}, "(i*M + j)//M", "i"},
                                  {{"4 <= i", "i < 8"}, "i//4 + i%4", "i - 3"},
                                  {{"N == 4"}, "N*M", "4*M"},
                                  {{"N == M"}, "N + M", "2*M"},
                                  {{"i < N"}, "(1 if i <= N else 0) + i", "i + 1"},
                                  {{}, "(max(i, 0) if i >= 0 else 0)", "max(0, i)"},
                                  {{"N >= 1"}, "min(N, 2*N, 3*N)", "N"}};
  for (const Simplification& c : cases) {
    Facts facts = facts_of(c.assumed);
    EXPECT_EQ(to_string(facts.simplify(expr(c.from))), c.to) << describe(facts) << "|- " << c.from;
  }
}

// Random facts of the kinds that programs bring.
Facts random_facts(Random& random, const Shape& shape) {
  Facts facts;
  Shape simple = shape;
  simple.operators = {"+", "-", "+", "-", "*"};
  int64_t count = random.between(1, 4);
  for (int64_t i = 0; i < count; ++i) {
    Expr symbol = Expr::symbol(random.pick(shape.symbols)), other = random_integer(random, simple, 1).build();
    switch (random.between(0, 7)) {
      case 0: facts.assume(ge(symbol, random.between(-3, 3))); break;
      case 1: facts.assume(le(0, symbol)); break;
      case 2: facts.assume(lt(symbol, other)); break;
      case 3: facts.assume(eq(symbol, other)); break;
      case 4: facts.assume(eq(mod(symbol, random.between(2, 4)), random.between(0, 1))); break;
      case 5: facts.assume(ne(symbol, other)); break;
      case 6: facts.assume(logical_and(le(0, symbol), le(symbol, other))); break;
      default: facts.assume(random_condition(random, shape, 1).build());
    }
  }
  return facts;
}

bool meets(const Facts& facts, const Values& values) {
  for (const Expr& condition : facts.conditions()) {
    auto value = evaluate(condition, values);
    if (!value || *value == 0) return false;
  }
  return true;
}

TEST(facts, answers_agree_with_brute_force) {
  Shape shape;
  uint64_t settled = 0, cases = case_count(1500);
  for (uint64_t k = 0; k < cases; ++k) {
    Random random(base_seed() + k);
    Facts facts = random_facts(random, shape);
    Tree tree = random_condition(random, shape, 2);
    Expr condition = tree.build();
    Truth truth = facts.prove(condition);
    if (truth == Truth::unknown) continue;
    ++settled;
    for_all_values(shape.symbols, -4, 6, [&](const Values& values) {
      auto value = tree.value_at(values);
      if (!value || !meets(facts, values)) return;
      ASSERT_EQ(*value != 0, truth == Truth::yes) << "seed " << base_seed() + k << ": " << describe(facts) << "|- "
                                                  << to_string(condition) << " at " << describe(values);
    });
    if (::testing::Test::HasFatalFailure()) return;
  }
  EXPECT_GT(settled, cases / 10) << "the generator asks nothing that can be settled";
}

TEST(facts, simplification_keeps_the_value) {
  Shape shape;
  for (uint64_t k = 0; k < case_count(900); ++k) {
    Random random(base_seed() + k);
    Facts facts = random_facts(random, shape);
    Tree tree = random_integer(random, shape, 3);
    Expr simple = facts.simplify(tree.build());
    auto low = facts.lower_bound(simple), high = facts.upper_bound(tree.build());
    for_all_values(shape.symbols, -3, 5, [&](const Values& values) {
      auto expected = tree.value_at(values);
      if (!expected || !meets(facts, values)) return;
      std::string at = "seed " + std::to_string(base_seed() + k) + ": " + describe(facts) + "|- " + tree.text() +
                       " = " + to_string(simple) + " at " + describe(values);
      ASSERT_EQ(evaluate(simple, values), expected) << at;
      ASSERT_LE(low.value_or(*expected), *expected) << at;
      ASSERT_GE(high.value_or(*expected), *expected) << at;
    });
    if (::testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace thalweg::symbolic
