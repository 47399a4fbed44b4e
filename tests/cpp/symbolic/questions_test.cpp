// Answers from facts made ready, against enumeration: what is said for certain at every value, what "depends" at the
// samples themselves.
#include "symbolic/questions.h"

#include "symbolic/random_subsets.h"

namespace thalweg::symbolic {
namespace {

using namespace testing;

std::vector<Values> sample_values(const Samples& samples) {
  std::vector<Values> out;
  for (size_t k = 0; k < Samples::count; ++k) {
    if (!(samples.alive() >> k & 1)) continue;
    Values values;
    for (const char* name : {"N", "M", "i"}) values[name] = *samples.value(Expr::symbol(name), k);
    out.push_back(values);
  }
  return out;
}

// What enumeration finds at the samples.
std::pair<Seen, Seen> seen_at(const Case& c, const std::vector<Values>& samples) {
  Seen covered, met;
  for (const Values& values : samples) {
    auto x = elements_of(c.a, values), y = elements_of(c.b, values);
    if (!x || !y) continue;
    (includes(*x, *y) ? covered.yes : covered.no) = true;
    (disjoint(*x, *y) ? met.no : met.yes) = true;
  }
  return {covered, met};
}

TEST(questions, agree_with_enumeration) {
  uint64_t open = 0, depend = 0, plainly_open = 0, cases = case_count(900);
  for (uint64_t k = 0; k < cases; ++k) {
    Case c(base_seed() + k, 2);
    const Questions questions(c.facts);
    const Answer covered = questions.covers(c.a, c.b), met = questions.intersects(c.a, c.b);
    open += (covered == Answer::unknown) + (met == Answer::unknown);
    depend += (covered == Answer::depends) + (met == Answer::depends);
    c.for_all([&](const Values& values, const Elements& x, const Elements& y) {
      std::string at = c.text + "at " + describe(values);
      ASSERT_TRUE(covered > Answer::yes || includes(x, y) == (covered == Answer::yes)) << at;
      ASSERT_TRUE(met > Answer::yes || !disjoint(x, y) == (met == Answer::yes)) << at;
    });
    // Never less than what is known without samples.
    const Truth plainly_covered = covers(c.a, c.b, c.facts), plainly_met = intersects(c.a, c.b, c.facts);
    plainly_open += (plainly_covered == Truth::unknown) + (plainly_met == Truth::unknown);
    ASSERT_TRUE(plainly_covered == Truth::unknown || (plainly_covered == Truth::yes) == (covered == Answer::yes))
        << c.text;
    ASSERT_TRUE(plainly_covered == Truth::unknown || covered <= Answer::yes) << c.text;
    ASSERT_TRUE(plainly_met == Truth::unknown || (plainly_met == Truth::yes) == (met == Answer::yes)) << c.text;
    ASSERT_TRUE(plainly_met == Truth::unknown || met <= Answer::yes) << c.text;
    if (::testing::Test::HasFatalFailure()) return;
  }
  EXPECT_GT(depend, cases / 4);
  EXPECT_LT(open * 2, plainly_open);
}

TEST(questions, samples_meet_the_facts_and_show_what_is_there) {
  uint64_t alive = 0, cases = case_count(900);
  for (uint64_t k = 0; k < cases; ++k) {
    Case c(base_seed() + k, 2);
    const LinearFacts linear(c.facts);
    const Samples samples(c.facts, linear);
    const std::vector<Values> values = sample_values(samples);
    alive += !values.empty();
    for (const Values& one : values) ASSERT_TRUE(meets(c.facts, one)) << c.text << "at " << describe(one);
    const auto [covered, met] = seen_at(c, values);
    const Seen covers = samples.covers(c.a, c.b), intersects = samples.intersects(c.a, c.b);
    ASSERT_TRUE(covers.yes == covered.yes && covers.no == covered.no) << c.text;
    ASSERT_TRUE(intersects.yes == met.yes && intersects.no == met.no) << c.text;
    if (::testing::Test::HasFatalFailure()) return;
  }
  EXPECT_GT(alive, cases * 9 / 10);
}

TEST(questions, samples_find_values_for_what_programs_assume) {
  for (const std::vector<std::string>& texts :
       std::vector<std::vector<std::string>>{{"N >= 0", "i >= 0", "i < N"},
                                             {"i >= 1", "j >= 0", "j < i", "i < N - 1", "N == M", "M == K + 2"},
                                             {"0 <= t", "t < (N + 31)//32", "N >= 1"},
                                             {"N % 4 == 0", "N >= 1"},
                                             {"-i >= 3", "j <= i"}}) {
    const Facts facts = facts_of(texts);
    const LinearFacts linear(facts);
    EXPECT_NE(Samples(facts, linear).alive(), 0u) << describe(facts);
  }
}

TEST(questions, linear_facts_hold_up_to_equalities) {
  const Facts facts = facts_of({"N == M + 1", "i < M", "2*i + j >= 3"});
  const LinearFacts linear(facts);
  auto holds = [&](const char* text) {
    Form form;
    return form.add(expr(text)) && linear.hold(form);
  };
  EXPECT_TRUE(holds("N - i - 2"));
  EXPECT_TRUE(holds("N - i"));
  EXPECT_FALSE(holds("N - i - 3"));
  EXPECT_FALSE(holds("i - N"));
  EXPECT_TRUE(holds("N - M - 1"));
  EXPECT_FALSE(holds("N - M - 2"));
  EXPECT_TRUE(holds("2*i + j"));
  EXPECT_FALSE(holds("2*i - j"));
  EXPECT_FALSE(holds("i + j"));
  EXPECT_FALSE(holds("K"));
}

}  // namespace
}  // namespace thalweg::symbolic
