// The chosen part of the preludes is complete, in order, and small.
#include "thalweg/prelude.h"

#include <gtest/gtest.h>

#include <set>

namespace {

using thalweg::runtime::Declarations;
using thalweg::runtime::prelude_for;

TEST(Prelude, CutsAtFileLevel) {
  const Declarations text(
      "enum { THW_A = 1, THW_B = 2 };\n"
      "typedef struct thw_pair { int a; int b; } thw_pair;\n"
      "#ifdef SOMETHING\n"
      "// A comment; with a semicolon.\n"
      "extern int thw_outside(int) __attribute__((const));\n"
      "static int thw_inner(int x) { if (x) { return THW_B; } return thw_outside(x); }\n"
      "static thw_pair thw_outer(int x) { thw_pair p = {x, thw_inner(x)}; return p; }\n");
  EXPECT_EQ(text.needed_by("int f(void) { return 1; }"), "");
  EXPECT_EQ(text.needed_by("thw_pair p;"), "typedef struct thw_pair { int a; int b; } thw_pair;\n");
  EXPECT_EQ(text.needed_by("x = THW_A;"), "enum { THW_A = 1, THW_B = 2 };\n");
  EXPECT_EQ(text.needed_by("thw_inner(2)"),
            "enum { THW_A = 1, THW_B = 2 };\n"
            "extern int thw_outside(int) __attribute__((const));\n"
            "static int thw_inner(int x) { if (x) { return THW_B; } return thw_outside(x); }\n");
  EXPECT_EQ(text.needed_by("thw_outer(thw_unknown)"), text.needed_by("thw_outer thw_pair thw_inner THW_A"));
}

TEST(Prelude, TakesLittleForLittle) {
  const std::string text = prelude_for("int8_t f(int8_t x) { return thw_add_i8(x, 1); }", true);
  EXPECT_NE(text.find("thw_add_i8"), std::string::npos);
  EXPECT_LT(text.size(), 200u) << text;
  EXPECT_EQ(prelude_for("double f(double x) { return x + 1; }", true), "");
}

TEST(Prelude, FollowsUses) {
  const std::string text = prelude_for("thw_mod_pyf(a, b, &flags)", true);
  for (const char* name : {"THW_ZERO_DIVISION", " thw_mod_f64(", " thw_fmod_f64(", " thw_libm_fmod_f64("})
    EXPECT_NE(text.find(name), std::string::npos) << name;
  EXPECT_LT(text.find(" thw_fmod_f64("), text.find(" thw_mod_f64("));
  EXPECT_EQ(text.find("thw_mod_f32"), std::string::npos);
}

TEST(Prelude, DependsOnFma) {
  EXPECT_NE(prelude_for("thw_mul_c128", true).find("__builtin_fma"), std::string::npos);
  EXPECT_NE(prelude_for("thw_fmod_f64", true).find("__builtin_fma"), std::string::npos);
  EXPECT_EQ(prelude_for("thw_fmod_f64", false).find("__builtin_fma"), std::string::npos);
}

TEST(Prelude, HasReductionsAndMathematics) {
  const std::string text = prelude_for("thw_sum_f64(x, n, 1) + thw_exp_f64(y) + thw_abs_c128(z) + thw_tree_f32", true);
  for (const char* name : {"thw_sum_block_f64(", "THW_BLOCK", "thw_exp(double)", "thw_hypot(double", "thw_v8_f64",
                           "typedef struct thw_c128", "typedef struct thw_tree_f32"})
    EXPECT_NE(text.find(name), std::string::npos) << name;
  EXPECT_EQ(text.find("thw_prod"), std::string::npos);
}

}  // namespace
