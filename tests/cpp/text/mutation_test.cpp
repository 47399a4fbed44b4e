// Damaged text: reading and verifying it gives a graph or an error, never a crash or a failed check.
#include <gtest/gtest.h>

#include "ir/verify.h"
#include "support/random_graph.h"
#include "text/text.h"

namespace thalweg {
namespace {

std::string damaged(std::string text, std::mt19937_64& random) {
  static const std::string tokens[] = {"(",  ")",       "[",  "]",       ":",     ",",       "->",
                                       "0",  "-1",      "N",  "i0_",     "\n",    "  ",      "'",
                                       "@",  "wcr sum", ".",  "=",       "A0",    "float64", "99999999999999999999",
                                       "**", "/0",      "%0", "exit n0", "min()", "|"};
  for (size_t edits = 1 + random() % 3; edits > 0; --edits) {
    const size_t at = random() % text.size();
    switch (random() % 4) {
      case 0: text.erase(at, 1 + random() % 6); break;
      case 1: text.insert(at, tokens[random() % std::size(tokens)]); break;
      case 2: text[at] = static_cast<char>(32 + random() % 95); break;
      default: {  // a line is lost, repeated or moved
        const size_t start = text.rfind('\n', at) == std::string::npos ? 0 : text.rfind('\n', at) + 1;
        const std::string line = text.substr(start, text.find('\n', at) - start + 1);
        text.erase(start, line.size());
        if (random() % 2) text.insert(std::min(text.size(), start + random() % 200), line);
      }
    }
    if (text.empty()) return "\n";
  }
  return text;
}

TEST(Mutation, DamagedTextIsReadOrRefused) {
  const auto [first, last] = tests::fuzz_seeds(40);
  int read = 0, valid = 0;
  for (uint64_t seed = first; seed <= last; ++seed) {
    const std::string whole =
        text::print(*tests::random_graph(seed, {.statements = 4, .nesting = 1, .matmul = true}).sdfg);
    std::mt19937_64 random(seed);
    for (int round = 0; round < 20; ++round) {
      const std::string text = damaged(whole, random);
      SCOPED_TRACE("seed " + std::to_string(seed) + ", round " + std::to_string(round));
      try {
        auto sdfg = text::parse(text);
        if (!sdfg) {
          EXPECT_FALSE(sdfg.error().message.empty());
          EXPECT_FALSE(sdfg.error().code.empty());
          EXPECT_LE(base::render(sdfg.error(), text).size(), 4000u);
          continue;
        }
        ++read;
        if (ir::verify(**sdfg).ok()) ++valid;
        const std::string again = text::print(**sdfg);
        auto twice = text::parse(again);
        ASSERT_TRUE(twice.ok()) << twice.error().message << "\n" << again;
        ASSERT_EQ(text::print(**twice), again);
      } catch (const std::exception& failure) {
        ADD_FAILURE() << failure.what() << "\n" << text;
        return;
      }
    }
  }
  EXPECT_GT(read, 0);      // the damage is small enough to be read now and then,
  EXPECT_LT(valid, read);  // and large enough to be noticed
}

}  // namespace
}  // namespace thalweg
