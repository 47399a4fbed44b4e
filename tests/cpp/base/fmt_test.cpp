// <fmt/core.h> links without libfmt.so: base/fmt.cpp holds its compiled half.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

TEST(Fmt, FormatsNumbersAndText) {
  EXPECT_EQ(fmt::format("{:>4}|{:<5}|{}", 42, "ab", 0.1), "  42|ab   |0.1");
  EXPECT_EQ(fmt::format("{:.3f} {:#x} {}", 2.0 / 3, 255, true), "0.667 0xff true");
  EXPECT_EQ(fmt::format("{} {}", 1.0f / 3, std::string("text")), "0.33333334 text");
}

TEST(Fmt, RunTimeFormatErrorsAreExceptions) {
  EXPECT_THROW((void)fmt::format(fmt::runtime("{:d}"), "text"), std::runtime_error);
}
