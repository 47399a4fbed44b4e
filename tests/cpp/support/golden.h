// Golden files: a text that a test produced is held against tests/golden/PATH, which is reviewed like source.
#pragma once
#include <string>
#include <string_view>

namespace thalweg::tests {

// Fails the running test, showing a diff, where `text` is not the content of tests/golden/`path`.
// With THALWEG_UPDATE_GOLDEN=1 in the environment (./dev golden --update) the file is rewritten instead.
void expect_golden(std::string_view path, std::string_view text);

// The lines of both texts, those only in `expected` marked "-", those only in `actual` marked "+", long common
// stretches left out.
std::string line_diff(std::string_view expected, std::string_view actual);

}  // namespace thalweg::tests
