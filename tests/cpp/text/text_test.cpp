// The text form: golden files that show it, and graphs that come back as they were.
#include "text/text.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "ir/kinds.h"
#include "support/golden.h"

namespace thalweg {
namespace {

std::string reprint(const std::string& text, text::PrintOptions options = {}) {
  auto sdfg = text::parse(text);
  if (!sdfg) return base::render(sdfg.error(), text);
  return text::print(**sdfg, options);
}

std::string golden(const std::string& name) {
  std::ifstream stream(std::string(THALWEG_TESTS_DIR) + "/golden/text/" + name);
  std::ostringstream content;
  content << stream.rdbuf();
  return content.str();
}

// Each file is in the form that printing gives.
TEST(Text, GoldenFilesPrintAsTheyStand) {
  ir::add_storage({"Test_Scratchpad", "host", "heap", true});
  ir::add_schedule({"Test_Lanes", "serial", "Sequential"});
  for (const char* name : {"dataflow.sdfg.txt", "control_flow.sdfg.txt", "containers.sdfg.txt", "nodes.sdfg.txt"}) {
    SCOPED_TRACE(name);
    const std::string text = golden(name);
    tests::expect_golden(std::string("text/") + name, reprint(text));
  }
}

TEST(Text, LocationsAreKeptWhereAskedFor) {
  const std::string text = golden("locations.sdfg.txt");
  tests::expect_golden("text/locations.sdfg.txt", reprint(text, {.locations = true}));
  EXPECT_EQ(reprint(text).find('@'), std::string::npos);
}

TEST(Text, HandWrittenFormsAreUnderstood) {
  const std::string text =
      "# a comment\n"
      "sdfg f(A)\n"
      "    symbols N: int64\n"
      "\n"
      "    array A: float64[N]\n"
      "    state s\n"
      "        # nodes may have any name\n"
      "        first = access A\n"
      "        second = access A\n"
      "        first -> second : A[0] -> [range(1, 1, 1)]\n";
  EXPECT_EQ(reprint(text),
            "sdfg f(A)\n"
            "  symbols N: int64\n"
            "  array A: float64[N]\n"
            "  state s\n"
            "    n0 = access A\n"
            "    n1 = access A\n"
            "    n0 -> n1 : A[0] -> [1]\n");
}

struct Refusal {
  const char *text, *code;
  int line, column;
};

TEST(Text, ErrorsPointAtThePlace) {
  for (Refusal refusal : {
           Refusal{"", "TW0402", 1, 0},
           {"graph f()", "TW0402", 1, 0},
           {"sdfg f()\nsdfg g()", "TW0402", 2, 0},
           {"sdfg f()\n    state a\n  state b", "TW0401", 3, 2},
           {"sdfg f()\n  array A: float99[3]", "TW0403", 2, 11},
           {"sdfg f()\n  array A: float64[3] storage Attic", "TW0403", 2, 30},
           {"sdfg f()\n  array A: int8\n  array A: int8", "TW0405", 3, 8},
           {"sdfg f()\n  state s\n    n0 = access A\n    n0 -> n7", "TW0404", 4, 10},
           {"sdfg f()\n  state s\n    n0 = thing A", "TW0402", 3, 9},
           {"sdfg f()\n  state s\n  transitions\n    s -> t", "TW0404", 4, 9},
           {"sdfg f()\n  loop l while x +", "TW0103", 2, 18},
           {"sdfg f()\n  array A: int8[N *]", "TW0103", 2, 19},
           {"sdfg f()\n  state s\n    n0 = tasklet t() -> (o: int8)\n      o = 0.5", "TW0303", 4, 10},
           {"sdfg f()\n  state s\n    n0 = library L() -> ()\n      a = what(3)", "TW0402", 4, 14},
       }) {
    auto sdfg = text::parse(refusal.text);
    ASSERT_FALSE(sdfg.ok()) << refusal.text;
    EXPECT_EQ(sdfg.error().code, refusal.code) << refusal.text << "\n" << sdfg.error().message;
    EXPECT_EQ(sdfg.error().span.line, refusal.line) << refusal.text << "\n" << sdfg.error().message;
    EXPECT_EQ(sdfg.error().span.column, refusal.column) << refusal.text << "\n" << sdfg.error().message;
  }
}

}  // namespace
}  // namespace thalweg
