// What is assumed of a member of a range holds for every member, whichever way the range runs, and says enough.
#include "symbolic/range_facts.h"

#include <gtest/gtest.h>

namespace thalweg::symbolic {
namespace {

Expr expr(const char* text) { return *parse(text); }

TEST(range_facts, hold_for_every_member) {
  for (int64_t begin = -3; begin <= 3; ++begin)
    for (int64_t size = 1; size <= 4; ++size)
      for (int64_t step : {-3, -2, -1, 1, 2, 3})
        for (int known = 0; known < 2; ++known) {
          Facts facts;
          if (known) facts.assume(step > 0 ? expr("s >= 1") : expr("s <= -1"));
          assume_member(facts, expr("i"), {expr("b"), expr("n"), expr("s")});
          for (int64_t k = 0; k < size; ++k)
            for (const Expr& condition : facts.conditions())
              EXPECT_EQ(evaluate(condition, {{"b", begin}, {"n", size}, {"s", step}, {"i", begin + k * step}}), 1)
                  << to_string(condition) << " begin " << begin << " size " << size << " step " << step;
        }
}

TEST(range_facts, bound_a_descending_member_from_both_sides) {
  Facts facts;
  assume_member(facts, expr("i"), {expr("N - 1"), expr("N"), -1});
  EXPECT_TRUE(facts.proves(expr("i <= N - 1")));
  EXPECT_TRUE(facts.proves(expr("i >= 0")));
  EXPECT_FALSE(facts.proves(expr("i >= N - 1")));
}

TEST(range_facts, bound_an_ascending_member_from_both_sides) {
  Facts facts;
  assume_member(facts, expr("i"), {1, expr("N"), 2});
  EXPECT_TRUE(facts.proves(expr("i >= 1")));
  EXPECT_TRUE(facts.proves(expr("i <= 2*N - 1")));
}

}  // namespace
}  // namespace thalweg::symbolic
