#include "support/golden.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace thalweg::tests {
namespace {

constexpr size_t kContext = 3;  // common lines shown around a difference

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

using Table = std::vector<std::vector<size_t>>;

// common[i][j]: the length of the longest common subsequence of old[i:] and now[j:].
Table common_lengths(const std::vector<std::string>& old, const std::vector<std::string>& now) {
  Table common(old.size() + 1, std::vector<size_t>(now.size() + 1, 0));
  for (size_t i = old.size(); i-- > 0;)
    for (size_t j = now.size(); j-- > 0;)
      common[i][j] = old[i] == now[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  return common;
}

std::vector<std::string> marked_lines(const std::vector<std::string>& old, const std::vector<std::string>& now) {
  const Table common = common_lengths(old, now);
  std::vector<std::string> out;
  size_t i = 0, j = 0;
  while (i < old.size() || j < now.size()) {
    if (i < old.size() && j < now.size() && old[i] == now[j]) {
      out.push_back("  " + old[i++]);
      ++j;
    } else if (j == now.size() || (i < old.size() && common[i + 1][j] >= common[i][j + 1])) {
      out.push_back("- " + old[i++]);
    } else {
      out.push_back("+ " + now[j++]);
    }
  }
  return out;
}

}  // namespace

std::string line_diff(std::string_view expected, std::string_view actual) {
  const auto lines = marked_lines(split_lines(expected), split_lines(actual));
  auto shown = [&](size_t at) {
    for (size_t near = at < kContext ? 0 : at - kContext; near < std::min(lines.size(), at + kContext + 1); ++near)
      if (lines[near][0] != ' ') return true;
    return false;
  };
  std::string out;
  bool gap = false;
  for (size_t at = 0; at < lines.size(); ++at) {
    if (!shown(at)) {
      gap = true;
      continue;
    }
    if (gap) out += "  ...\n";
    gap = false;
    out += lines[at] + "\n";
  }
  return out;
}

void expect_golden(std::string_view path, std::string_view text) {
  const std::filesystem::path file = std::filesystem::path(THALWEG_TESTS_DIR) / "golden" / path;
  const char* update = std::getenv("THALWEG_UPDATE_GOLDEN");
  if (update && std::string_view(update) == "1") {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return;
  }
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    ADD_FAILURE() << "no golden file " << file.string() << "; write it with ./dev golden --update. The text is:\n"
                  << text;
    return;
  }
  std::ostringstream content;
  content << stream.rdbuf();
  if (content.str() == text) return;
  const std::string diff = line_diff(content.str(), text);
  ADD_FAILURE() << "differs from tests/golden/" << path << " (- golden, + now); if the change is meant: "
                << "./dev golden --update\n"
                << (diff.empty() ? "  only in line ends or the last line's newline\n" : diff);
}

}  // namespace thalweg::tests
