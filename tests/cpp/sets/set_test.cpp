// Sets against brute force: what isl answers about random conditions is held against an enumeration of all points.
#include "sets/set.h"

#include "sets/budget.h"
#include "symbolic/random.h"

namespace thalweg::sets {
namespace {

using namespace symbolic::testing;

const std::vector<std::string> kNames = {"M", "N", "i", "j"};
constexpr int64_t kLow = -1, kHigh = 2;

class Maker {
 public:
  explicit Maker(Random& random) : random_(random) {}

  Expr linear() {
    Expr out = random_.between(-4, 4);
    for (const std::string& name : kNames)
      if (random_.chance(45)) out = out + random_.between(-3, 3) * Expr::symbol(name);
    return out;
  }
  Expr value(int depth) {
    if (depth == 0) return linear();
    switch (random_.between(0, 6)) {
      case 0: return floor_div(value(depth - 1), divisor());
      case 1: return mod(value(depth - 1), divisor());
      case 2: return min(value(depth - 1), linear());
      case 3: return max(value(depth - 1), linear());
      case 4: return select(condition(0), value(depth - 1), linear());
      case 5: return value(depth - 1) + linear();
      default: return linear();
    }
  }
  Expr condition(int depth) {
    if (depth > 0 && random_.chance(35)) {
      const Expr a = condition(depth - 1), b = condition(depth - 1);
      return random_.chance(50) ? logical_or(a, b) : random_.chance(50) ? logical_and(a, b) : logical_not(a);
    }
    const Expr a = value(depth), b = value(depth > 1 ? 1 : 0);
    switch (random_.between(0, 3)) {
      case 0: return le(a, b);
      case 1: return lt(a, b);
      case 2: return ne(a, b);
      default: return eq(a, b);
    }
  }
  std::vector<Expr> conditions() {
    std::vector<Expr> out;
    for (const std::string& name : kNames) {
      out.push_back(ge(Expr::symbol(name), kLow));
      out.push_back(le(Expr::symbol(name), kHigh));
    }
    for (int64_t k = random_.between(1, 3); k > 0; --k) out.push_back(condition(2));
    return out;
  }

 private:
  int64_t divisor() { return random_.chance(70) ? random_.between(2, 4) : random_.between(-3, -1); }
  Random& random_;
};

bool holds(const std::vector<Expr>& conditions, const Values& values) {
  for (const Expr& condition : conditions)
    if (evaluate(condition, values) != 1) return false;
  return true;
}

Values part(const Values& values, const std::vector<std::string>& names) {
  Values out;
  for (const auto& name : names) out[name] = values.at(name);
  return out;
}

struct Enumerated {
  std::set<Values> points, without_j, parameters;
  explicit Enumerated(const std::vector<Expr>& conditions) {
    for_all_values(kNames, kLow, kHigh, [&](const Values& values) {
      if (!holds(conditions, values)) return;
      points.insert(values);
      without_j.insert(part(values, {"M", "N", "i"}));
      parameters.insert(part(values, {"M", "N"}));
    });
  }
};

// The set holds exactly these points, by its condition.
void expect_points(const Set& set, const std::set<Values>& points, const std::vector<std::string>& names) {
  auto condition = set.condition();
  if (!condition) return;  // needs existence
  for_all_values(names, kLow, kHigh, [&](const Values& values) {
    EXPECT_EQ(evaluate(*condition, values) == 1, points.count(values) > 0)
        << to_string(*condition) << " at " << describe(values);
  });
}

void check_one(const Set& set, const Enumerated& all) {
  ASSERT_TRUE(set.known() && set.exact());
  EXPECT_EQ(set.surely_empty(), all.points.empty());
  EXPECT_EQ(set.sample().has_value(), !all.points.empty());
  if (auto point = set.sample()) EXPECT_TRUE(all.points.count(*point)) << describe(*point);
  expect_points(set, all.points, kNames);
  expect_points(set.without({"j"}), all.without_j, {"M", "N", "i"});
  expect_points(set.parameters(), all.parameters, {"M", "N"});
  if (all.points.empty()) return;
  int64_t low = kHigh, high = kLow;
  for (const Values& values : all.points) {
    low = std::min(low, values.at("i"));
    high = std::max(high, values.at("i"));
  }
  EXPECT_EQ(set.lowest("i"), low);
  EXPECT_EQ(set.highest("i"), high);
  auto lowest = set.without({"j"}).lowest_expr("i");
  if (!lowest) return;
  for (const Values& outer : all.parameters) {
    int64_t least = kHigh;
    for (const Values& values : all.points)
      if (part(values, {"M", "N"}) == outer) least = std::min(least, values.at("i"));
    EXPECT_EQ(evaluate(*lowest, outer), least) << to_string(*lowest) << " at " << describe(outer);
  }
}

std::set<Values> combined(const Enumerated& a, const Enumerated& b, bool in_a, bool in_b, bool either) {
  std::set<Values> out;
  for_all_values(kNames, kLow, kHigh, [&](const Values& values) {
    const bool x = a.points.count(values) > 0, y = b.points.count(values) > 0;
    if (either ? x || y : x == in_a && y == in_b) out.insert(values);
  });
  return out;
}

TEST(Sets, AgreeWithEnumeration) {
  for (uint64_t k = 0; k < case_count(60); ++k) {
    SCOPED_TRACE("THALWEG_SEED=" + std::to_string(base_seed() + k) + " THALWEG_FUZZ=1");
    Random random(base_seed() + k);
    Maker maker(random);
    const std::vector<Expr> first = maker.conditions(), second = maker.conditions();
    const Set a({"i", "j"}, first), b({"i", "j"}, second);
    const Enumerated x(first), y(second);
    check_one(a, x);
    expect_points(a.intersect(b), combined(x, y, true, true, false), kNames);
    expect_points(a.unite(b), combined(x, y, true, true, true), kNames);
    expect_points(a.subtract(b), combined(x, y, true, false, false), kNames);
    EXPECT_EQ(a.subset_of(b) == Truth::yes, combined(x, y, true, false, false).empty());
    const Truth disjoint = a.intersect(b).empty(Set({}, first).parameters());
    if (disjoint == Truth::yes) EXPECT_TRUE(combined(x, y, true, true, false).empty());
    if (::testing::Test::HasFailure()) {
      for (const Expr& one : first) std::cerr << "a: " << to_string(one) << "\n";
      for (const Expr& one : second) std::cerr << "b: " << to_string(one) << "\n";
      return;
    }
  }
}

TEST(Sets, ProductsOfParametersAreOneParameter) {
  const Set inside({"x"}, {expr("0 <= x"), expr("x < N*M"), expr("x >= N*M")});
  EXPECT_TRUE(inside.exact());
  EXPECT_TRUE(inside.surely_empty());
  const Set moving({"x"}, {expr("x*M >= 0"), expr("x < 0"), expr("x > 1")});
  EXPECT_FALSE(moving.exact());  // x*M is no affine term; the rest still decides
  EXPECT_TRUE(moving.surely_empty());
  EXPECT_EQ(Set({"x"}, {expr("x*M >= 0")}).empty(Set({}, {})), Truth::unknown);
}

TEST(Sets, OpaqueTermsThatHoldADimensionAreLeftOut) {
  EXPECT_FALSE(Set({"x"}, {expr("A[x] > 3")}).exact());
  const Set fixed({"x"}, {expr("x == A[N]"), expr("x != A[N]")});
  EXPECT_TRUE(fixed.exact());
  EXPECT_TRUE(fixed.surely_empty());
}

TEST(Sets, AnOperationThatRunsOutIsUnknown) {
  const std::vector<Expr> hard = {expr("7*x + 11*y + 13*z == 5*N"), expr("3*x - 8*y + 2*z == M"),
                                  expr("x % 5 + y % 7 == z % 3"), expr("(x + y) // 9 != (y + z) // 4")};
  {
    const Budget tiny(1);
    const Set set({"x", "y", "z"}, hard);
    EXPECT_FALSE(set.surely_empty());
    EXPECT_EQ(set.empty(Set({}, {})), Truth::unknown);
    EXPECT_FALSE(set.sample().has_value());
    EXPECT_FALSE(set.lowest("x").has_value());
    EXPECT_FALSE(set.condition().has_value());
  }
  EXPECT_TRUE(Set({"x", "y", "z"}, hard).sample().has_value());  // and the next question is answered
}

TEST(Sets, BudgetsGiveTheSameAnswerEachTime) {
  std::vector<bool> answers;
  for (int round = 0; round < 3; ++round) {
    std::vector<bool> now;
    for (unsigned long budget = 1; budget < 400; budget += 13) {
      const Budget limited(budget);
      now.push_back(Set({"x", "y"}, {expr("3*x + 5*y == N"), expr("x % 4 == y % 3"), expr("0 <= x"), expr("x < M"),
                                     expr("0 <= y"), expr("y < M"), expr("M < 2"), expr("N > 9")})
                        .surely_empty());
    }
    if (round == 0) answers = now;
    EXPECT_EQ(now, answers);
  }
}

}  // namespace
}  // namespace thalweg::sets
