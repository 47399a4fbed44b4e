// The parser against Python's rules, and the printer against the parser.
#include "syntax/parse.h"

#include <gtest/gtest.h>

#include <random>

namespace thalweg::syntax {
namespace {

std::string printed(std::string_view text) {
  auto tree = parse_expression(text);
  EXPECT_TRUE(tree.ok()) << text << ": " << (tree.ok() ? "" : tree.error().message);
  return tree.ok() ? to_string(**tree) : "";
}

// A fully parenthesised form: shows how operators bind.
std::string shape(const Expr& expr);

std::string shape(const std::vector<ExprPtr>& list) {
  std::string out;
  for (const ExprPtr& item : list) out += " " + (item ? shape(*item) : "_");
  return out;
}

std::string shape(const Expr& expr) {
  if (auto* n = std::get_if<Binary>(&expr.content))
    return "(" + shape(*n->left) + " b" + std::to_string(static_cast<int>(n->op)) + " " + shape(*n->right) + ")";
  if (auto* n = std::get_if<Unary>(&expr.content))
    return "(u" + std::to_string(static_cast<int>(n->op)) + " " + shape(*n->operand) + ")";
  if (auto* n = std::get_if<Bool>(&expr.content))
    return std::string("(") + (n->is_and ? "and" : "or") + shape(n->values) + ")";
  if (auto* n = std::get_if<Compare>(&expr.content)) {
    std::string out = "(cmp " + shape(*n->left);
    for (size_t i = 0; i < n->ops.size(); ++i)
      out += " c" + std::to_string(static_cast<int>(n->ops[i])) + " " + shape(*n->comparators[i]);
    return out + ")";
  }
  if (auto* n = std::get_if<Conditional>(&expr.content))
    return "(if " + shape(*n->condition) + " " + shape(*n->then_value) + " " + shape(*n->else_value) + ")";
  if (auto* n = std::get_if<Subscript>(&expr.content)) return "(sub " + shape(*n->value) + " " + shape(*n->index) + ")";
  if (auto* n = std::get_if<Tuple>(&expr.content)) return "(tuple" + shape(n->elements) + ")";
  if (auto* n = std::get_if<List>(&expr.content)) return "(list" + shape(n->elements) + ")";
  if (auto* n = std::get_if<Slice>(&expr.content)) {
    auto part = [](const ExprPtr& p) { return p ? shape(*p) : std::string("_"); };
    return "(slice " + part(n->lower) + " " + part(n->upper) + " " + part(n->step) + ")";
  }
  if (auto* n = std::get_if<Call>(&expr.content)) {
    std::string out = "(call " + shape(*n->function) + shape(n->arguments);
    for (const Keyword& k : n->keywords) out += " " + k.name + "=" + shape(*k.value);
    return out + ")";
  }
  if (auto* n = std::get_if<Attribute>(&expr.content)) return "(dot " + shape(*n->value) + " " + n->attribute + ")";
  return to_string(expr);
}

struct Pair {
  const char* text;
  const char* expected;
};

TEST(parse, canonical_text) {
  const Pair cases[] = {{"a+b*c", "a + b * c"},
                        {"(a+b)*c", "(a + b) * c"},
                        {"a-(b-c)", "a - (b - c)"},
                        {"(a-b)-c", "a - b - c"},
                        {"-a**-b", "-a ** -b"},
                        {"(-a)**b", "(-a) ** b"},
                        {"a**b**c", "a ** b ** c"},
                        {"(a**b)**c", "(a ** b) ** c"},
                        {"not a and b or c", "not a and b or c"},
                        {"not (a and b)", "not (a and b)"},
                        {"a<b<=c!=d", "a < b <= c != d"},
                        {"(a<b)<c", "(a < b) < c"},
                        {"a not in b is not c", "a not in b is not c"},
                        {"x if c else y if d else z", "x if c else y if d else z"},
                        {"(x if c else y) if d else z", "(x if c else y) if d else z"},
                        {"A[i,0:N:2,...,:,::-1]", "A[i, 0:N:2, ..., :, ::-1]"},
                        {"A[i,]", "A[i,]"},
                        {"f(x, *y, k=1, **z)", "f(x, *y, k=1, **z)"},
                        {"np.where(a.b[0] > 1e-3, 1.0, 2j)", "np.where(a.b[0] > 0.001, 1.0, 2j)"},
                        {"(1).real", "(1).real"},
                        {"(1,)", "1,"},
                        {"()", "()"},
                        {"[1, 2, (3, 4)]", "[1, 2, (3, 4)]"},
                        {"{'a': 1, **b}", "{'a': 1, **b}"},
                        {"'it''s'", "'its'"},
                        {"\"it's\"", "\"it's\""},
                        {"r'\\n' '\\n\\x41\\u00e9'", "'\\\\n\\nA\u00e9'"},
                        {"a  if b\n else c", "a if b else c"},
                        {"0x10 + 0b11 + 0o7 + 1_000", "16 + 3 + 7 + 1000"},
                        {"99999999999999999999", "99999999999999999999"},
                        {"0xFFFFFFFFFFFFFFFFFF", "4722366482869645213695"},
                        {"1e400 + 1e16 + 1e15 + .5 + 5.", "1e309 + 1e+16 + 1000000000000000.0 + 0.5 + 5.0"},
                        {"True and None or False", "True and None or False"},
                        {"a|b^c&d<<1", "a | b ^ c & d << 1"},
                        {"~-+a", "~-+a"},
                        {"a @ b // c % d", "a @ b // c % d"}};
  for (const Pair& c : cases) EXPECT_EQ(printed(c.text), c.expected) << c.text;
}

TEST(parse, functions_and_comprehensions) {
  struct Pair {
    const char *text, *expected;
  };
  const Pair cases[] = {{"lambda: 0", "lambda: 0"},
                        {"lambda x,y = 2, *z : x+y", "lambda x, y=2, *z: x + y"},
                        {"lambda x, ** more: x", "lambda x, **more: x"},
                        {"(lambda x: x)(1)", "(lambda x: x)(1)"},
                        {"[x*2 for x in a if x if not b]", "[x * 2 for x in a if x if not b]"},
                        {"[i+j for i,j in zip(a,b) for k in c]", "[i + j for i, j in zip(a, b) for k in c]"},
                        {"{k:v for k,v in d}", "{k: v for k, v in d}"},
                        {"sum(x for x in a)", "sum((x for x in a))"},
                        {"(x for x in a)", "(x for x in a)"},
                        {"f((n:=len(a)), n)", "f((n := len(a)), n)"}};
  for (const Pair& c : cases) {
    EXPECT_EQ(printed(c.text), c.expected) << c.text;
    EXPECT_EQ(printed(c.expected), c.expected) << c.text;
  }
}

TEST(parse, errors_say_where) {
  struct Wrong {
    const char* text;
    const char* code;
    int column;
  };
  const Wrong cases[] = {{"a +", "TW0103", 3},           {"a b", "TW0103", 2},
                         {"f(x", "TW0103", 3},           {"a $ b", "TW0101", 2},
                         {"'abc", "TW0102", 0},          {"012", "TW0104", 0},
                         {"1abc", "TW0104", 0},          {"[x for in y]", "TW0103", 7},
                         {"f'{x}'", "TW0106", 0},        {"(a[0] := 1)", "TW0103", 1},
                         {"{1, 2}", "TW0106", 2},        {"lambda x 1", "TW0103", 9},
                         {"{k: v for k}", "TW0103", 11}, {"(x for x in)", "TW0103", 11},
                         {"a if b", "TW0103", 6},        {"A[]", "TW0103", 2},
                         {"f(a=1, b)", "TW0103", 8},     {"a.1", "TW0103", 1},
                         {"x.if", "TW0103", 2},          {"", "TW0103", 0},
                         {"1__0", "TW0104", 0},          {"for", "TW0103", 0}};
  for (const Wrong& c : cases) {
    auto tree = parse_expression(c.text, "<test>");
    ASSERT_FALSE(tree.ok()) << c.text;
    EXPECT_EQ(tree.error().code, c.code) << c.text << ": " << tree.error().message;
    EXPECT_EQ(tree.error().span.column, c.column) << c.text << ": " << tree.error().message;
    EXPECT_EQ(*tree.error().span.file, "<test>");
  }
}

// Neither brackets nor chains can exhaust the stack.
TEST(parse, depth_is_bounded) {
  std::string nested = std::string(100000, '(') + "a" + std::string(100000, ')'), chain = "a", signs(100000, '-');
  for (int i = 0; i < 100000; ++i) chain += "+a";
  for (const std::string& text : {nested, chain, signs + "a", std::string(100000, '[')}) {
    auto tree = parse_expression(text);
    ASSERT_FALSE(tree.ok());
    EXPECT_EQ(tree.error().code, "TW0107");
  }
  EXPECT_TRUE(parse_expression(std::string(150, '(') + "a" + std::string(150, ')')).ok());
}

TEST(parse, spans) {
  auto tree = parse_expression("a + (b*c)[1:\n 2]", "<t>");
  ASSERT_TRUE(tree.ok());
  const base::Span& all = (*tree)->span;
  EXPECT_EQ(std::make_tuple(all.line, all.column, all.end_line, all.end_column), std::make_tuple(1, 0, 2, 3));
  const base::Span& right = std::get<Binary>((*tree)->content).right->span;
  EXPECT_EQ(std::make_tuple(right.line, right.column, right.end_line, right.end_column), std::make_tuple(1, 4, 2, 3));
}

TEST(parse, subscripts) {
  auto entries = parse_subscript("i, 0:N:2, ..., None");
  ASSERT_TRUE(entries.ok());
  ASSERT_EQ(entries->size(), 4u);
  EXPECT_EQ(to_string(*(*entries)[1]), "0:N:2");
  EXPECT_TRUE(parse_subscript("")->empty());
  EXPECT_FALSE(parse_subscript("i j").ok());
  EXPECT_FALSE(parse_subscript("i]").ok());
}

// Random trees: printing and parsing gives the same tree back.
ExprPtr make(Expr::Content content) { return std::make_unique<Expr>(Expr{std::move(content), {}}); }

class Generator {
 public:
  explicit Generator(uint64_t seed) : engine_(seed) {}
  ExprPtr expression(int depth) {
    if (depth == 0) return leaf();
    switch (pick(10)) {
      case 0: return leaf();
      case 1:
      case 2: return make(Binary{static_cast<BinaryOperator>(pick(13)), expression(depth - 1), expression(depth - 1)});
      case 3: return make(Unary{static_cast<UnaryOperator>(pick(4)), expression(depth - 1)});
      case 4: return make(Bool{pick(2) == 0, list(depth, 2)});
      case 5: {
        Compare node;
        node.left = expression(depth - 1);
        for (int n = 1 + pick(2); n > 0; --n) {
          node.ops.push_back(static_cast<CompareOperator>(pick(10)));
          node.comparators.push_back(expression(depth - 1));
        }
        return make(std::move(node));
      }
      case 6: return make(Conditional{expression(depth - 1), expression(depth - 1), expression(depth - 1)});
      case 7: return make(Call{expression(depth - 1), list(depth, pick(3)), {}});
      case 8: return make(Subscript{expression(depth - 1), index(depth)});
      default: return pick(2) ? make(Tuple{list(depth, pick(3))}) : make(Attribute{expression(depth - 1), "real"});
    }
  }

 private:
  int pick(int count) { return static_cast<int>(engine_() % static_cast<uint64_t>(count)); }
  std::vector<ExprPtr> list(int depth, int count) {
    std::vector<ExprPtr> out;
    for (int i = 0; i < count; ++i) out.push_back(expression(depth - 1));
    return out;
  }
  ExprPtr index(int depth) {
    if (pick(2)) return expression(depth - 1);
    Slice slice;
    if (pick(2)) slice.lower = expression(depth - 1);
    if (pick(2)) slice.upper = expression(depth - 1);
    if (pick(2)) slice.step = expression(depth - 1);
    return make(std::move(slice));
  }
  ExprPtr leaf() {
    switch (pick(6)) {
      case 0: return make(Constant{int64_t{pick(100)}});
      case 1: return make(Constant{pick(100) / 8.0});
      case 2: return make(Constant{std::string("a'\n\\\"\x01")});
      case 3: return make(Constant{true});
      default: return make(Name{std::string(1, static_cast<char>('a' + pick(5)))});
    }
  }
  std::mt19937_64 engine_;
};

TEST(parse, printed_trees_read_back) {
  const char* fuzz = std::getenv("THALWEG_FUZZ");
  uint64_t cases = fuzz ? std::strtoull(fuzz, nullptr, 10) : 3000;
  for (uint64_t seed = 1; seed <= cases; ++seed) {
    ExprPtr tree = Generator(seed).expression(4);
    std::string text = to_string(*tree);
    auto again = parse_expression(text);
    ASSERT_TRUE(again.ok()) << "seed " << seed << ": " << text << ": " << again.error().message;
    ASSERT_EQ(shape(**again), shape(*tree)) << "seed " << seed << ": " << text;
    ASSERT_EQ(shape(*clone(*tree)), shape(*tree)) << "seed " << seed;
  }
}

// Damaged text is refused or parsed, never worse.
TEST(parse, survives_damage) {
  const std::string source = "x = A[i, 0:N:2] if (a and not b) else f(1.5e3, k='s')\nfor i in range(3):\n  y += 1\n";
  std::mt19937_64 engine(7);
  for (int i = 0; i < 3000; ++i) {
    std::string text = source;
    for (int k = 0; k < 3; ++k) text[engine() % text.size()] = static_cast<char>(32 + engine() % 95);
    auto result = parse_statements(text);
    EXPECT_TRUE(result.ok() || !result.error().code.empty()) << text;
  }
}

}  // namespace
}  // namespace thalweg::syntax
