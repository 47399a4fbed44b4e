// Code trees: typing, text and back, rewriting.
#include <gtest/gtest.h>

#include <cmath>

#include "ir/code_values.h"
#include "support/random_code.h"

namespace thalweg {
namespace {

namespace code = ir::code;
namespace dtypes = ir::dtypes;
using ir::DType;

code::NameTypes small_names() {
  code::NameTypes types;
  types.inputs = {{"a", dtypes::float64}, {"b", dtypes::float64}, {"f", dtypes::float32},
                  {"k", dtypes::int64},   {"u", dtypes::uint8},   {"A", dtypes::float64},
                  {"p", dtypes::pyint},   {"t", dtypes::bool_},   {"s.x", dtypes::int32}};
  types.outputs = {{"out", dtypes::float64}, {"w", dtypes::float64}, {"small", dtypes::float32}};
  return types;
}

std::string reprinted(const std::string& text) {
  auto tree = code::parse_expression(text, small_names());
  return tree ? code::to_string(**tree) : "error: " + tree.error().message;
}

TEST(CodeText, KeepsWhatIsWritten) {
  for (const char* text : {"a + b * a",
                           "(a + b) * a",
                           "a - (b - a)",
                           "a - b - a",
                           "a**b",
                           "(-a)**b",
                           "-a**b",
                           "a**(b**a)",
                           "not t and (t or t)",
                           "(a < b) == t",
                           "A[k, N + 1] + a",
                           "index(2*N + 1) + k",
                           "float32(0.1) * f",
                           "float64(f) + 0.5",
                           "neg(3) + k",
                           "-3 + k",
                           "select(t, a, -0.0)",
                           "sqrt(abs(a))",
                           "p + pyint(3)",
                           "pyindex(N) + p",
                           "astype(5, uint8) + u",
                           "inf + nan",
                           "complex64(1.0, 2.0)",
                           "2.0j",
                           "s.x",
                           "~-3 << k",
                           "-9223372036854775808"})
    EXPECT_EQ(reprinted(text), text);
}

TEST(CodeText, LiteralsTakeTheTypeBesideThem) {
  EXPECT_EQ(reprinted("a + 1"), "a + 1.0");
  EXPECT_EQ(reprinted("f * 0.5"), "f * float32(0.5)");
  EXPECT_EQ(reprinted("1 + p"), "pyint(1) + p");
  EXPECT_EQ(reprinted("u + 255"), "u + uint8(255)");
  EXPECT_EQ(reprinted("a if k < 3 else 0"), "select(k < 3, a, 0.0)");
  EXPECT_EQ(reprinted("1 + 0.5"), "1.0 + 0.5");
  EXPECT_EQ(reprinted("0 < a < 1"), "0.0 < a and a < 1.0");
}

struct Refusal {
  const char *text, *code;
  int column;
};

TEST(CodeText, RefusesWhatDoesNotFitAndPointsAtIt) {
  for (Refusal refusal : {Refusal{"f * 0.1", "TW0303", 4},
                          {"u + 256", "TW0303", 4},
                          {"a + f", "TW0302", 4},
                          {"k + 0.5", "TW0303", 4},
                          {"a @ b", "TW0301", 0},
                          {"floor_div(t, t)", "TW0306", 0},
                          {"unknown(a)", "TW0304", 0},
                          {"B[k]", "TW0304", 0},
                          {"sqrt(a, b)", "TW0305", 0},
                          {"A[a]", "TW0302", 2},
                          {"t & 1", "TW0303", 4},
                          {"99999999999999999999", "TW0303", 0},
                          {"int8(300)", "TW0303", 0}}) {
    auto tree = code::parse_expression(refusal.text, small_names());
    ASSERT_FALSE(tree.ok()) << refusal.text;
    EXPECT_EQ(tree.error().code, refusal.code) << refusal.text << ": " << tree.error().message;
    EXPECT_EQ(tree.error().span.column, refusal.column) << refusal.text;
  }
}

TEST(CodeText, Blocks) {
  const std::string text = "out = a * 2.0\nA_ok = 1";
  EXPECT_EQ(code::parse_block(text, small_names()).error().code, "TW0304");
  const std::string good =
      "check(k < N, IndexError, \"index {0} is not below {1}\", k, N)\nw[k, 0] = a\nout = w[k, 0] + 1.0\nsmall = f";
  auto block = code::parse_block(good, small_names());
  ASSERT_TRUE(block.ok()) << block.error().message;
  ASSERT_EQ(block->size(), 4u);
  auto again = code::parse_block(code::to_string(*block), small_names());
  ASSERT_TRUE(again.ok()) << code::to_string(*block);
  EXPECT_TRUE(code::equal(*block, *again));
  EXPECT_EQ(code::parse_block("small = a", small_names()).error().code, "TW0302");
  EXPECT_EQ(code::parse_block("check(a, IndexError, 'x')", small_names()).error().code, "TW0302");
  EXPECT_EQ(code::parse_block("check(t, Wrong, 'x')", small_names()).error().code, "TW0307");
}

TEST(CodeText, RandomTreesReadBackEqual) {
  const tests::CodeLeaves leaves = tests::all_leaves();
  const code::NameTypes types = tests::name_types(leaves);
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    std::mt19937_64 random(seed);
    const DType type{static_cast<uint16_t>(seed % 18)};
    const code::Ptr tree = tests::random_tree(random, leaves, type, 4);
    const std::string text = code::to_string(*tree);
    auto again = code::parse_expression(text, types);
    ASSERT_TRUE(again.ok()) << "seed " << seed << ": " << again.error().message << "\n" << text;
    ASSERT_TRUE(code::equal(*tree, **again)) << "seed " << seed << ":\n" << text << "\n" << code::to_string(**again);
  }
}

TEST(CodeTypes, ResultTypes) {
  using code::Op;
  using code::result_type;
  EXPECT_EQ(result_type(Op::add, {dtypes::int8, dtypes::int8}), dtypes::int8);
  EXPECT_EQ(result_type(Op::add, {dtypes::int8, dtypes::int16}), std::nullopt);
  EXPECT_EQ(result_type(Op::div, {dtypes::int64, dtypes::int64}), std::nullopt);
  EXPECT_EQ(result_type(Op::div, {dtypes::pyint, dtypes::pyint}), dtypes::pyfloat);
  EXPECT_EQ(result_type(Op::lt, {dtypes::pyint, dtypes::pyint}), dtypes::pybool);
  EXPECT_EQ(result_type(Op::abs, {dtypes::complex64}), dtypes::float32);
  EXPECT_EQ(result_type(Op::make_complex, {dtypes::pyfloat, dtypes::pyfloat}), dtypes::pycomplex);
  EXPECT_EQ(result_type(Op::select, {dtypes::bool_, dtypes::int8, dtypes::int8}), dtypes::int8);
  EXPECT_EQ(result_type(Op::select, {dtypes::int8, dtypes::int8, dtypes::int8}), std::nullopt);
  EXPECT_EQ(result_type(Op::sqrt, {dtypes::int64}), std::nullopt);
  EXPECT_EQ(result_type(Op::neg, {dtypes::bool_}), std::nullopt);
  EXPECT_EQ(result_type(Op::add, {dtypes::int8}), std::nullopt);
}

TEST(CodeTypes, WhatMayRaise) {
  auto raises = [](const char* text) { return code::may_raise(**code::parse_expression(text, small_names())); };
  EXPECT_TRUE(raises("p + pyint(1)"));
  EXPECT_TRUE(raises("sqrt(pyfloat(a) / 2.0)"));
  EXPECT_TRUE(raises("pyint(a)"));
  EXPECT_FALSE(raises("pyint(k)"));
  EXPECT_FALSE(raises("k // k"));
  EXPECT_FALSE(raises("p < pyint(3)"));
}

TEST(CodeValues, RoundsToHalfPrecision) {
  auto half = [](double value) { return std::get<double>(*code::rounded_value(value, dtypes::float16)); };
  EXPECT_EQ(half(0.1), 0.0999755859375);
  EXPECT_EQ(half(65519.0), 65504.0);
  EXPECT_EQ(half(65520.0), INFINITY);
  EXPECT_EQ(half(1e-8), 0.0);
  EXPECT_EQ(half(std::ldexp(1.0, -24)), std::ldexp(1.0, -24));
  EXPECT_TRUE(std::signbit(half(-1e-9)));
  EXPECT_FALSE(code::exact_value(0.1, dtypes::float32).has_value());
  EXPECT_TRUE(code::exact_value(int64_t{1} << 40, dtypes::float32).has_value());
  EXPECT_FALSE(code::exact_value((int64_t{1} << 40) + 1, dtypes::float32).has_value());
  EXPECT_FALSE(code::exact_value(std::numeric_limits<int64_t>::max(), dtypes::float64).has_value());
}

TEST(CodeReplace, RenamesAndSubstitutes) {
  auto tree = *code::parse_expression("A[k, i] + a * float64(i)", small_names());
  code::Replacement by;
  by.inputs["a"] = *code::parse_expression("b + 1", small_names());
  by.names = {{"A", "B"}, {"k", "q"}};
  by.symbols["i"] = symbolic::Expr::symbol("j") + 1;
  EXPECT_EQ(code::to_string(*code::replace(tree, by)), "B[q, index(j + 1)] + (b + 1.0) * float64(index(j + 1))");
  EXPECT_EQ(code::replace(tree, {}), tree);  // nothing to do: the same tree
  std::set<std::string> names;
  code::collect_inputs(*tree, names);
  EXPECT_EQ(names, (std::set<std::string>{"A", "a", "k"}));
  names.clear();
  code::collect_symbols(*tree, names);
  EXPECT_EQ(names, (std::set<std::string>{"i"}));
}

}  // namespace
}  // namespace thalweg
