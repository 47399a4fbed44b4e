// covers, intersects and hulls of subsets by isl, against enumeration.
#include "sets/subsets.h"

#include "symbolic/random.h"

namespace thalweg::sets {
namespace {

using namespace symbolic::testing;
using symbolic::Range;
using symbolic::Subset;

const std::vector<std::string> kNames = {"M", "N", "i"};

Expr linear(Random& random) {
  Expr out = random.between(-3, 3);
  for (const std::string& name : kNames)
    if (random.chance(40)) out = out + random.between(-2, 2) * Expr::symbol(name);
  return random.chance(15) ? floor_div(out, random.between(2, 3)) : out;
}

Range random_range(Random& random) {
  if (random.chance(35)) return Range::index(linear(random));
  const int64_t step = random.chance(60) ? 1 : random.chance(70) ? random.between(2, 3) : random.between(-2, -1);
  return {linear(random), random.chance(30) ? Expr(random.between(1, 3)) : linear(random), step};
}
Subset random_subset(Random& random, size_t rank) {
  Subset out;
  for (size_t d = 0; d < rank; ++d) out.ranges.push_back(random_range(random));
  return out;
}

using Points = std::set<std::vector<int64_t>>;
// The elements, or nothing where a size is negative.
std::optional<Points> points_of(const Subset& subset, const Values& values) {
  Points out = {{}};
  for (const Range& range : subset.ranges) {
    const int64_t begin = *evaluate(range.begin, values), size = *evaluate(range.size, values),
                  step = *evaluate(range.step, values);
    if (size < 0) return std::nullopt;
    Points next;
    for (const auto& point : out)
      for (int64_t k = 0; k < size; ++k) {
        auto longer = point;
        longer.push_back(begin + k * step);
        next.insert(longer);
      }
    out = std::move(next);
  }
  return out;
}

TEST(SubsetsByIsl, AgreeWithEnumeration) {
  uint64_t decided = 0, asked = 0;
  for (uint64_t k = 0; k < case_count(2000); ++k) {
    SCOPED_TRACE("THALWEG_SEED=" + std::to_string(base_seed() + k) + " THALWEG_FUZZ=1");
    Random random(base_seed() + k);
    const size_t rank = static_cast<size_t>(random.between(1, 2));
    const Subset a = random_subset(random, rank), b = random_subset(random, rank);
    Facts facts = facts_of({"0 <= M", "M <= 4", "0 <= N", "N <= 4", "0 <= i", "i <= 4"});
    if (random.chance(60)) facts.assume(lt(Expr::symbol("i"), Expr::symbol("N")));
    if (random.chance(30)) facts.assume(le(linear(random), linear(random)));
    const Truth covered = covers_by_isl(a, b, facts), meet = intersects_by_isl(a, b, facts);
    bool always_covered = true, never_covered = true, always_meet = true, never_meet = true;
    for_all_values(kNames, 0, 4, [&](const Values& values) {
      for (const Expr& fact : facts.conditions())
        if (evaluate(fact, values) != 1) return;
      auto x = points_of(a, values), y = points_of(b, values);
      if (!x || !y) return;
      bool all = true, some = false;
      for (const auto& point : *y) {
        all &= x->count(point) > 0;
        some |= x->count(point) > 0;
      }
      (all ? never_covered : always_covered) = false;
      (some ? never_meet : always_meet) = false;
    });
    const std::string what = to_string(a) + " and " + to_string(b) + " under " + describe(facts);
    EXPECT_EQ(covered == Truth::yes, always_covered) << what;
    EXPECT_TRUE(covered != Truth::no || never_covered) << what;
    EXPECT_EQ(meet == Truth::no, never_meet) << what;
    EXPECT_TRUE(meet != Truth::yes || always_meet) << what;
    asked += 2;
    decided += (covered != Truth::unknown) + (meet != Truth::unknown);
    if (::testing::Test::HasFailure()) return;
  }
  EXPECT_GT(decided * 10, asked * 4);  // of random questions, most hold for some values only
}

TEST(SubsetsByIsl, HullsHoldAllElements) {
  uint64_t found = 0;
  const uint64_t cases = case_count(500);
  for (uint64_t k = 0; k < cases; ++k) {
    SCOPED_TRACE("THALWEG_SEED=" + std::to_string(base_seed() + k) + " THALWEG_FUZZ=1");
    Random random(base_seed() + k);
    const Subset inner = random_subset(random, 1);
    const Subset over{{Range{random.between(0, 2), Expr::symbol("N"), random.chance(80) ? 1 : 2}}};
    const Facts facts = facts_of({"0 <= M", "M <= 4", "1 <= N", "N <= 4"});
    auto box = hull(inner, {"i"}, over, facts);
    if (!box) continue;
    ++found;
    for_all_values({"M", "N"}, 0, 4, [&](Values values) {
      if (values["N"] < 1) return;
      auto all = points_of(over, values);
      Points touched;
      for (const auto& at : *all) {
        values["i"] = at[0];
        if (auto points = points_of(inner, values)) touched.insert(points->begin(), points->end());
      }
      if (touched.empty()) return;
      values.erase("i");
      auto held = points_of(*box, values);
      ASSERT_TRUE(held) << to_string(*box);
      for (const auto& point : touched)
        EXPECT_TRUE(held->count(point)) << to_string(inner) << " over " << to_string(over) << " is " << to_string(*box);
      EXPECT_EQ(*held->begin(), *touched.begin());
      EXPECT_EQ(*held->rbegin(), *touched.rbegin());
    });
    if (::testing::Test::HasFailure()) return;
  }
  EXPECT_GT(found * 2, cases);
}

}  // namespace
}  // namespace thalweg::sets
