// Ranges and subsets against enumerated sets of elements, with constant and with symbolic bounds.
#include "symbolic/subset.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "symbolic/random_subsets.h"

namespace thalweg::symbolic {

namespace {

using namespace testing;
TEST(subset, relations_agree_with_enumeration) {
  for (uint64_t k = 0; k < case_count(900); ++k) {
    Case c(base_seed() + k, 2);
    Truth covered = covers(c.a, c.b, c.facts), met = intersects(c.a, c.b, c.facts);
    c.for_all([&](const Values& values, const Elements& x, const Elements& y) {
      std::string at = c.text + "at " + describe(values);
      ASSERT_TRUE(covered == Truth::unknown || includes(x, y) == (covered == Truth::yes)) << at;
      ASSERT_TRUE(met == Truth::unknown || !disjoint(x, y) == (met == Truth::yes)) << at;
      // Constants leave nothing open.
      ASSERT_TRUE(c.symbolic || (covered != Truth::unknown && met != Truth::unknown)) << at;
    });
    if (::testing::Test::HasFatalFailure()) return;
  }
}

TEST(subset, combinations_agree_with_enumeration) {
  uint64_t boxes = 0, unions = 0, intersections = 0, cases = case_count(900);
  for (uint64_t k = 0; k < cases; ++k) {
    Case c(base_seed() + k, 2);
    auto box = bounding_box(c.a, c.b, c.facts), both = intersection(c.a, c.b, c.facts),
         either = exact_union(c.a, c.b, c.facts);
    boxes += box.has_value();
    unions += either.has_value();
    intersections += both.has_value();
    c.for_all([&](const Values& values, const Elements& x, const Elements& y) {
      auto at = [&](const std::optional<Subset>& result) {
        return c.text + "at " + describe(values) + "gave " + to_string(*result);
      };
      if (both) {
        auto found = elements_of(*both, values);
        ASSERT_TRUE(found && *found == meet(x, y)) << at(both);
      }
      if (either) {
        auto found = elements_of(*either, values);
        ASSERT_TRUE(found && *found == join(x, y)) << at(either);
      }
      if (box) {
        auto found = elements_of(*box, values);
        ASSERT_TRUE(found && includes(*found, join(x, y))) << at(box);
        if (x.empty() || y.empty()) return;
        // Smallest: the ends are attained in every dimension.
        Elements all = join(x, y);
        for (size_t d = 0; d < c.a.rank(); ++d) {
          auto by = [d](const Element& p, const Element& q) { return p[d] < q[d]; };
          ASSERT_EQ((*std::min_element(found->begin(), found->end(), by))[d],
                    (*std::min_element(all.begin(), all.end(), by))[d])
              << at(box);
          ASSERT_EQ((*std::max_element(found->begin(), found->end(), by))[d],
                    (*std::max_element(all.begin(), all.end(), by))[d])
              << at(box);
        }
      }
    });
    if (::testing::Test::HasFatalFailure()) return;
  }
  EXPECT_GT(boxes, cases * 9 / 10);
  EXPECT_GT(intersections, cases / 2);
  EXPECT_GT(unions, cases / 10);
}

TEST(subset, composition_and_offset) {
  for (uint64_t k = 0; k < case_count(1000); ++k) {
    Random random(base_seed() + k);
    Subset outer = random_subset(random, 2, true), inner = random_subset(random, 2, false);
    Subset composed = compose(outer, inner), moved = offset(outer, {Expr::symbol("i"), -3});
    Values values{{"N", random.between(0, 6)}, {"M", random.between(0, 6)}, {"i", random.between(-2, 6)}};
    std::string at = "seed " + std::to_string(base_seed() + k) + ": " + to_string(outer) + " with " + to_string(inner);
    Elements expected, shifted;
    auto positions = elements_of(inner, values);
    ASSERT_TRUE(positions);
    for (const Element& p : *positions) {
      Element element;
      for (size_t d = 0; d < 2; ++d) element.push_back(*evaluate(outer.ranges[d].at(p[d]), values));
      expected.insert(element);
    }
    ASSERT_EQ(elements_of(composed, values), expected) << at;
    auto all = elements_of(outer, values);
    if (!all) continue;
    for (Element e : *all) shifted.insert({e[0] + values["i"], e[1] - 3});
    ASSERT_EQ(elements_of(moved, values), shifted) << at;
  }
}

TEST(subset, projection_holds_every_value_of_the_parameter) {
  uint64_t done = 0, exact = 0, cases = case_count(900);
  for (uint64_t k = 0; k < cases; ++k) {
    Random random(base_seed() + k);
    Subset inner = random_subset(random, static_cast<size_t>(random.between(1, 2)), true);
    static const std::vector<std::string> spans = {"0:N", "1:N-1", "0:N:2", "M:N", "0:4", "5:-1:-1", "2"};
    Facts facts = random_facts(random);
    Range over = parse_subset(random.pick(spans), facts)->ranges[0];
    if (random.chance(50)) over = {over.begin, facts.simplify(over.size), over.step};
    auto hull = project(inner, "i", over, facts);
    if (!hull) continue;
    ++done;
    std::string text = "seed " + std::to_string(base_seed() + k) + ": [" + to_string(inner) + "] over " +
                       to_string(over) + " gave [" + to_string(*hull) + "] under " + describe(facts);
    std::set<std::string> names;
    collect_symbols(*hull, names);
    ASSERT_FALSE(names.contains("i")) << text;
    bool equal = true;
    for_all_values({"N", "M"}, -1, 6, [&](Values values) {
      Facts outside = facts;
      Elements touched;
      auto begin = evaluate(over.begin, values), size = evaluate(over.size, values), step = evaluate(over.step, values);
      if (!size || *size < 0) return;
      bool met = false;
      for (int64_t i = 0; i < *size; ++i) {
        values["i"] = *begin + i * *step;
        if (!meets(facts, values)) continue;
        met = true;
        auto now = elements_of(inner, values);
        if (now) touched = join(std::move(touched), *now);
      }
      auto found = elements_of(*hull, values);
      if (!met) return;
      ASSERT_TRUE(found && includes(*found, touched)) << text << "at " << describe(values);
      equal &= *found == touched;
    });
    if (::testing::Test::HasFatalFailure()) return;
    exact += equal;
  }
  EXPECT_GT(done, cases / 2);
  EXPECT_GT(exact, cases / 4);
}

TEST(subset, text_reads_back) {
  for (uint64_t k = 0; k < case_count(1000); ++k) {
    Random random(base_seed() + k);
    Subset subset = simplify(random_subset(random, 2, random.chance(50)), {});
    std::erase_if(subset.ranges, [](const Range& range) { return range.size.is(0); });  // 3:3 keeps no more than that
    auto again = parse_subset(to_string(subset), {}, SliceLength::given);
    ASSERT_TRUE(again.ok()) << "seed " << base_seed() + k << ": " << to_string(subset) << ": " << again.error().message;
    ASSERT_TRUE(*again == subset) << "seed " << base_seed() + k << ": " << to_string(subset) << " | "
                                  << to_string(*again);
  }
}

TEST(subset, slices_mean_what_python_means) {
  for (int64_t begin = -4; begin <= 4; ++begin)
    for (int64_t end = -4; end <= 4; ++end)
      for (int64_t step : {-3, -2, -1, 1, 2, 3}) {
        int64_t count = 0;
        for (int64_t i = begin; step > 0 ? i < end : i > end; i += step) ++count;
        EXPECT_EQ(Range::slice(begin, end, step, {}).size.as_integer(), count) << begin << ":" << end << ":" << step;
      }
  EXPECT_EQ(to_string(parse_subset("0:N")->ranges[0].size), "max(0, N)");
  EXPECT_EQ(to_string(parse_subset("1:N-1", facts_of({"N >= 2"}))->ranges[0].size), "N - 2");
  EXPECT_EQ(to_string(parse_subset("0:N:2", facts_of({"N >= 0"}))->ranges[0].size), "(N + 1)//2");
}

TEST(subset, refuses_malformed_text) {
  for (const char* text : {"0:N:0", "0:", "::-1", "i,,j", "'a'", "...", "None", "0:1:2:3"})
    EXPECT_FALSE(parse_subset(text).ok()) << text;
  EXPECT_EQ(parse_subset("0:").error().code, "TW0202");
}

struct Named {
  std::vector<std::string> assumed;
  const char *a, *b;
  Truth covered, met;
};

TEST(subset, typical_memlets) {
  const Truth yes = Truth::yes, no = Truth::no, unknown = Truth::unknown;
  const Named cases[] = {{{"N >= 2"}, "0:N", "1:N-1", yes, unknown},
                         {{"N >= 3"}, "0:N", "1:N-1", yes, yes},
                         {{"N >= 2"}, "1:N", "0:N", no, yes},
                         {{"N >= 1"}, "0:N-1", "N-1", no, no},
                         {{"N >= 0"}, "i", "i+1", no, no},
                         {{"N >= 0"}, "i, 0:N", "i+1, 0:N", unknown, no},
                         {{"0 <= i", "i < N"}, "0:N", "i", yes, yes},
                         {{"N >= 1"}, "0:N", "0:N:2", yes, yes},
                         {{"N >= 4"}, "0:N:2", "1:N:2", no, no},
                         {{"N >= 1", "T >= 1"}, "t*T:t*T+T", "t*T+T:t*T+2*T", no, no},
                         {{"0 <= t", "4*t < N"}, "0:N", "4*t:min(4*t+4, N)", yes, yes},
                         {{"0 <= i", "i < N", "0 <= j", "j < M"}, "0:N*M", "i*M+j", yes, yes},
                         {{"N == M", "N >= 1"}, "0:N, 0:M", "0:M, 0:N", yes, yes}};
  for (const Named& c : cases) {
    Facts facts = facts_of(c.assumed);
    auto a = parse_subset(c.a, facts), b = parse_subset(c.b, facts);
    ASSERT_TRUE(a.ok() && b.ok());
    EXPECT_EQ(covers(*a, *b, facts), c.covered) << c.a << " | " << c.b << " under " << describe(facts);
    EXPECT_EQ(intersects(*a, *b, facts), c.met) << c.a << " | " << c.b << " under " << describe(facts);
  }
}

struct Combined {
  std::vector<std::string> assumed;
  const char *a, *b, *result;  // "-": none
};

std::string spelled(const std::optional<Subset>& subset) { return subset ? to_string(*subset) : "-"; }

TEST(subset, named_unions_and_projections) {
  const Combined unions[] = {{{"0 <= K", "K <= N"}, "0:K", "K:N", "0:N"},
                             {{"N >= 1"}, "0", "1:N", "0:N"},
                             {{"N >= 1"}, "0:N, 0", "0:N, 1", "0:N, 0:2"},
                             {{"N >= 1"}, "0:N, 0", "0:N, 2", "0:N, 0:4:2"},
                             {{}, "i", "i+1", "i:i + 2"},
                             {{"N >= 3"}, "0, 0:N", "1:N, 1:N", "-"},
                             {{"N >= 3"}, "0", "2:N", "-"}};
  for (const Combined& c : unions) {
    Facts facts = facts_of(c.assumed);
    EXPECT_EQ(spelled(exact_union(*parse_subset(c.a, facts), *parse_subset(c.b, facts), facts)), c.result)
        << c.a << " | " << c.b;
  }
  const Combined projections[] = {{{"N >= 2"}, "i", "0:N", "0:N"},
                                  {{"N >= 2"}, "i-1:i+2", "1:N-1", "0:N"},
                                  {{"N >= 2"}, "2*i", "0:N", "0:2*N:2"},
                                  {{"N >= 2"}, "N-1-i", "0:N", "N - 1:-1:-1"},
                                  {{"N >= 1"}, "i, 0:i+1", "0:N", "0:N, 0:N"},
                                  {{"N >= 1", "T >= 1"}, "T*i:T*i+T", "0:N", "0:N*T"},
                                  {{"N >= 1"}, "i//2", "0:N", "0:(N + 1)//2"},
                                  {{"N >= 1"}, "A[i]", "0:N", "-"}};
  for (const Combined& c : projections) {
    Facts facts = facts_of(c.assumed);
    Subset inner = *parse_subset(c.a, {}, SliceLength::given);
    EXPECT_EQ(spelled(project(inner, "i", parse_subset(c.b, facts)->ranges[0], facts)), c.result)
        << c.a << " over " << c.b;
  }
}

TEST(subset, scalars_and_sizes) {
  Subset scalar;
  EXPECT_EQ(covers(scalar, scalar, {}), Truth::yes);
  EXPECT_EQ(intersects(scalar, scalar, {}), Truth::yes);
  EXPECT_TRUE(scalar.num_elements().is(1));
  EXPECT_TRUE(scalar.is_element());
  Subset whole = Subset::whole({Expr::symbol("N"), 4});
  EXPECT_EQ(to_string(whole.num_elements()), "4*N");
  EXPECT_EQ(to_string(whole), "0:N, 0:4");
  EXPECT_TRUE(Subset::indices({1, Expr::symbol("i")}).is_element());
  EXPECT_THROW((void)covers(whole, scalar, {}), base::InternalError);
}

}  // namespace
}  // namespace thalweg::symbolic
