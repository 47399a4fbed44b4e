// Statements and blocks.
#include <gtest/gtest.h>

#include "syntax/parse.h"

namespace thalweg::syntax {
namespace {

std::vector<StmtPtr> parsed(std::string_view text) {
  auto result = parse_statements(text);
  EXPECT_TRUE(result.ok()) << text << ": " << (result.ok() ? "" : result.error().message);
  return result.ok() ? std::move(*result) : std::vector<StmtPtr>();
}

TEST(statements, assignments) {
  auto list = parsed("a = b = c + 1; x[i] += 2\n(p, q), r.s = f()\nt: float64[N] = 0\nu: int\n");
  ASSERT_EQ(list.size(), 5u);
  const auto& chain = std::get<Assign>(list[0]->content);
  EXPECT_EQ(chain.targets.size(), 2u);
  EXPECT_EQ(to_string(*chain.value), "c + 1");
  const auto& augmented = std::get<AugmentedAssign>(list[1]->content);
  EXPECT_EQ(to_string(*augmented.target), "x[i]");
  EXPECT_EQ(augmented.op, BinaryOperator::add);
  EXPECT_EQ(to_string(*std::get<Assign>(list[2]->content).targets[0]), "(p, q), r.s");
  EXPECT_EQ(to_string(*std::get<AnnotatedAssign>(list[3]->content).annotation), "float64[N]");
  EXPECT_EQ(std::get<AnnotatedAssign>(list[4]->content).value, nullptr);
}

TEST(statements, blocks) {
  auto list = parsed(R"(
# a comment
for i, j in pairs:
    if i < 0:
        continue
    elif j: break
    else:
        y = (i +
             j)  # joined by its parenthesis

        assert y, 'message'
else:
    pass
while True:
	raise ValueError('x')
return a, b
)");
  ASSERT_EQ(list.size(), 3u);
  const auto& loop = std::get<For>(list[0]->content);
  EXPECT_EQ(to_string(*loop.target), "i, j");
  ASSERT_EQ(loop.body.size(), 1u);
  EXPECT_EQ(loop.orelse.size(), 1u);
  const auto& branch = std::get<If>(loop.body[0]->content);
  ASSERT_EQ(branch.orelse.size(), 1u);
  const auto& inner = std::get<If>(branch.orelse[0]->content);
  EXPECT_TRUE(std::holds_alternative<Break>(inner.body[0]->content));
  EXPECT_EQ(inner.orelse.size(), 2u);
  EXPECT_EQ(branch.body[0]->span.line, 5);
  EXPECT_TRUE(std::holds_alternative<Raise>(std::get<While>(list[1]->content).body[0]->content));
  EXPECT_EQ(to_string(*std::get<Return>(list[2]->content).value), "a, b");
  StmtPtr copy = clone(*list[0]);
  EXPECT_EQ(to_string(*std::get<For>(copy->content).iterable), "pairs");
}

TEST(statements, layout_at_the_edges) {
  EXPECT_TRUE(parsed("").empty());
  EXPECT_TRUE(parsed("\n\n  # only a comment\n").empty());
  EXPECT_EQ(parsed("if a:\n  b\nc = 1").size(), 2u);
  EXPECT_EQ(parsed("a = 1\r\nb = 2\r\n").size(), 2u);
  EXPECT_EQ(parsed("a = 1 + \\\n  2\nb = 3").size(), 2u);
  EXPECT_EQ(parsed("if a:\n  if b:\n    c").size(), 1u);
}

TEST(statements, errors) {
  struct Wrong {
    const char* text;
    const char* code;
    int line;
  };
  const Wrong cases[] = {{"a = 1\n  b = 2", "TW0105", 2},
                         {"if a:\nb", "TW0105", 2},
                         {"if a:\n    b\n  c", "TW0105", 3},
                         {"1 = a", "TW0108", 1},
                         {"f(x) += 1", "TW0108", 1},
                         {"a, b += 1", "TW0108", 1},
                         {"try:\n  a\n", "TW0106", 1},
                         {"def f(: pass", "TW0103", 1},
                         {"def (a): pass", "TW0103", 1},
                         {"with a as b: pass", "TW0106", 1},
                         {"a = \n", "TW0103", 1},
                         {"for i range(3): pass", "TW0103", 1},
                         {"if a", "TW0103", 1},
                         {"a = (1,\n2", "TW0103", 2},
                         {"x = 'open\n'", "TW0102", 1},
                         {"else: pass", "TW0103", 1}};
  for (const Wrong& c : cases) {
    auto result = parse_statements(c.text);
    ASSERT_FALSE(result.ok()) << c.text;
    EXPECT_EQ(result.error().code, c.code) << c.text << ": " << result.error().message;
    EXPECT_EQ(result.error().span.line, c.line) << c.text << ": " << result.error().message;
  }
}

TEST(statements, depth_is_bounded) {
  std::string text, chain = "if a: b\n";
  for (int i = 0; i < 500; ++i) text += std::string(static_cast<size_t>(i), ' ') + "if a:\n";
  for (int i = 0; i < 5000; ++i) chain += "elif a: b\n";
  for (const std::string& deep : {text, chain}) {
    auto result = parse_statements(deep);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, "TW0107");
  }
}

}  // namespace
}  // namespace thalweg::syntax
