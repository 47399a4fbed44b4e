// Canonical form: one handle per meaning, values kept, text that reads back, no silent overflow, nothing leaked.
#include "symbolic/expr.h"

#include <gtest/gtest.h>

#include <thread>

#include "symbolic/node.h"
#include "symbolic/random.h"

namespace thalweg::symbolic {
namespace {

using namespace testing;

TEST(expr, rules_keep_the_value) {
  Shape shape;
  for (uint64_t k = 0; k < case_count(4000); ++k) {
    Random random(base_seed() + k);
    Tree tree = random.chance(25) ? random_condition(random, shape, 3) : random_integer(random, shape, 4);
    Expr built = tree.build();
    for (int sample = 0; sample < 12; ++sample) {
      Values values;
      for (const std::string& symbol : shape.symbols) values[symbol] = random.between(-7, 9);
      auto expected = tree.value_at(values);
      if (!expected) continue;
      auto found = evaluate(built, values);
      ASSERT_TRUE(found && *found == *expected)
          << "seed " << base_seed() + k << ": " << tree.text() << " became " << to_string(built) << " at "
          << describe(values) << "expected " << *expected << " found " << (found ? std::to_string(*found) : "nothing");
    }
  }
}

TEST(expr, text_reads_back_as_the_same_handle) {
  Shape shape;
  shape.largest = 1000;
  for (uint64_t k = 0; k < case_count(4000); ++k) {
    Random random(base_seed() + k);
    Tree tree = random.chance(25) ? random_condition(random, shape, 3) : random_integer(random, shape, 4);
    Expr built = tree.build();
    auto again = parse(to_string(built));
    ASSERT_TRUE(again.ok()) << "seed " << base_seed() + k << ": " << to_string(built) << ": " << again.error().message;
    ASSERT_EQ(to_string(built), to_string(*again)) << "seed " << base_seed() + k;
    ASSERT_TRUE(built == *again) << "seed " << base_seed() + k << ": " << to_string(built);
  }
}

// Equal polynomials are equal handles, however they are written.
TEST(expr, equal_polynomials_are_one_handle) {
  Shape shape;
  shape.operators = {"+", "-", "*", "neg"};
  for (uint64_t k = 0; k < case_count(2000); ++k) {
    Random random(base_seed() + k);
    Expr a = random_integer(random, shape, 3).build(), b = random_integer(random, shape, 3).build();
    Expr c = random_integer(random, shape, 2).build();
    std::string at = "seed " + std::to_string(base_seed() + k) + ": " + to_string(a) + " | " + to_string(b);
    ASSERT_TRUE((a + b) * c == c * b + a * c) << at;
    ASSERT_TRUE((a - b) * (a + b) == a * a - b * b) << at;
    ASSERT_TRUE((a + c) - (b + c) == a - b) << at;
    ASSERT_TRUE(lt(a, b) == gt(b + c, a + c)) << at;
    ASSERT_TRUE(logical_not(le(a, b)) == le(b + 1, a)) << at;
    ASSERT_TRUE(eq(a, b) == eq(b - a, 0)) << at;
  }
}

TEST(expr, rebuilding_and_substituting_change_nothing_by_themselves) {
  Shape shape;
  for (uint64_t k = 0; k < case_count(2000); ++k) {
    Random random(base_seed() + k);
    Tree tree = random_integer(random, shape, 4);
    Expr built = tree.build();
    std::span<const Expr> operands = built.operands();
    ASSERT_TRUE(rebuild(built, {operands.begin(), operands.end()}) == built)
        << "seed " << base_seed() + k << ": " << to_string(built);
    Substitution by{{"N", Expr::symbol("M") + 2}, {"M", Expr::symbol("N")}};
    Expr moved = substitute(built, by);
    Values values{{"M", random.between(-7, 9)}, {"N", random.between(-7, 9)}, {"i", random.between(-7, 9)}};
    Values inner{{"M", values["N"]}, {"N", values["M"] + 2}, {"i", values["i"]}};
    auto expected = evaluate(built, inner), found = evaluate(moved, values);
    if (!expected || !tree.value_at(inner)) continue;
    ASSERT_EQ(expected, found) << "seed " << base_seed() + k << ": " << to_string(built) << " became "
                               << to_string(moved);
  }
}

TEST(expr, order_is_total_and_structural) {
  Shape shape;
  for (uint64_t k = 0; k < case_count(2000); ++k) {
    Random random(base_seed() + k);
    Expr a = random_integer(random, shape, 3).build(), b = random_integer(random, shape, 3).build();
    Expr c = random_integer(random, shape, 3).build();
    ASSERT_EQ(Expr::compare(a, b), -Expr::compare(b, a));
    ASSERT_EQ(Expr::compare(a, b) == 0, a == b);
    ASSERT_TRUE(!(a < b && b < c) || a < c) << to_string(a) << " | " << to_string(b) << " | " << to_string(c);
  }
  EXPECT_TRUE(Expr::symbol("A") < Expr::symbol("B"));
  EXPECT_TRUE(Expr(2) < Expr(10));
}

struct Written {
  const char* text;
  const char* canonical;
};

TEST(expr, canonical_text) {
  const Written cases[] = {{"2*N + min(i, 4)//3", "2*N + min(4, i)//3"},
                           {"N - 1 - i", "N - i - 1"},
                           {"(i + 1)*M - i*M", "M"},
                           {"N**2 - 1", "N*N - 1"},
                           {"i*2//2", "i"},
                           {"(N*M + i)//N", "M + i//N"},
                           {"4*(i//4) + i%4", "i"},
                           {"N*(i//N) + i%N", "i"},
                           {"(2*z)%4 + 4*(z//2)", "2*z"},
                           {"int_ceil(N, 4)", "(N + 3)//4"},
                           {"(i//4)//2", "i//8"},
                           {"x%8%4", "x%4"},
                           {"(5*x + 7)%4", "(x - 1)%4"},
                           {"i <= N - 1", "i < N"},
                           {"N > i", "i < N"},
                           {"2*i < 2*N", "i < N"},
                           {"2*i < 5", "i < 3"},
                           {"N >= 2", "2 <= N"},
                           {"2*i == 2*j + 1", "0"},
                           {"not (i < N and j > 3)", "j < 4 or N <= i"},
                           {"i < N and i >= N", "0"},
                           {"min(N, N - 1, M)", "min(M, N - 1)"},
                           {"min(a, max(a, b))", "a"},
                           {"a if a < b else b", "min(a, b)"},
                           {"abs(x)", "max(x, -x)"},
                           {"Min(N, int_floor(M, 2))", "min(N, M//2)"},
                           {"A[i, j + 1]*2", "2*A[i, j + 1]"},
                           {"x if flag else y", "(y if flag == 0 else x)"},
                           {"f(i) - f(i)", "0"},
                           {"True", "1"},
                           {"1 << 4", "16"},
                           {"s.shape0 + 1", "s.shape0 + 1"}};
  for (const Written& c : cases) EXPECT_EQ(to_string(expr(c.text)), c.canonical) << c.text;
}

TEST(expr, refuses_what_is_no_integer_expression) {
  for (const char* text :
       {"N / 2", "0.5", "'a'", "a @ b", "x is None", "[1]", "9223372036854775808", "A[i:j]", "f(x=1)"})
    EXPECT_FALSE(parse(text).ok()) << text;
  EXPECT_EQ(parse("N / 2").error().fix, "write a // b");
  EXPECT_EQ(parse("1 + N / 2").error().span.column, 4);
  EXPECT_EQ(parse("N / 2").error().code, "TW0201");
}

TEST(expr, overflow_stays_unfolded) {
  Expr big = INT64_MAX, small = INT64_MIN, n = Expr::symbol("N");
  for (const Expr& e : {big + 1, small - 1, big * 2, -small, n * big * 3, (n + big) + 1, small * -1,
                        floor_div(small, -1), (n + small) - big, (n * big) + (n * big), n * (n + big) * 4}) {
    EXPECT_FALSE(e.as_integer()) << to_string(e);
    EXPECT_TRUE(parse(to_string(e)).ok() && *parse(to_string(e)) == e) << to_string(e);
  }
  EXPECT_EQ(evaluate(big + 1, {}), std::nullopt);
  EXPECT_TRUE((big + 1) - (big + 1) == Expr(0));
  EXPECT_EQ((Expr(INT64_MAX - 1) + 1).integer(), INT64_MAX);
  EXPECT_EQ(Expr(INT64_MIN).integer(), INT64_MIN);
  EXPECT_EQ(evaluate(n * 4, {{"N", INT64_MAX / 2}}), std::nullopt);
}

TEST(expr, free_names) {
  std::set<std::string> symbols, containers;
  collect_symbols(expr("A[i + B[k]] + N*f(j)"), symbols);
  collect_containers(expr("A[i + B[k]] + N*f(j)"), containers);
  EXPECT_EQ(symbols, (std::set<std::string>{"N", "i", "j", "k"}));
  EXPECT_EQ(containers, (std::set<std::string>{"A", "B"}));
}

// Long sums neither recurse deeply when they die nor leave anything behind.
TEST(expr, nodes_die_with_their_last_handle) {
  size_t before = live_nodes();
  {
    Expr chain = Expr::symbol("start");
    for (int i = 0; i < 20000; ++i) chain = Expr::call("f", {chain});
    EXPECT_GE(live_nodes(), before + 20000);
  }
  EXPECT_EQ(live_nodes(), before);
}

TEST(expr, threads_share_one_table) {
  size_t before = live_nodes();
  {
    constexpr int threads = 4, rounds = 300;
    std::vector<std::vector<Expr>> results(threads);
    std::vector<std::thread> workers;
    for (int t = 0; t < threads; ++t)
      workers.emplace_back([&results, t] {
        for (int i = 0; i < rounds; ++i) {
          Expr n = Expr::symbol("n" + std::to_string(i % 7)), m = Expr::symbol("m" + std::to_string(i % 5));
          Expr e = min(n * m + i, floor_div(n + i, 4)) * 2;
          results[static_cast<size_t>(t)].push_back(e - e + e);
        }
      });
    for (std::thread& worker : workers) worker.join();
    for (int t = 1; t < threads; ++t) EXPECT_TRUE(results[0] == results[static_cast<size_t>(t)]);
  }
  EXPECT_EQ(live_nodes(), before);
}

}  // namespace
}  // namespace thalweg::symbolic
