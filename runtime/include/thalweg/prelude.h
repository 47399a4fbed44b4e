// The part of the preludes that a generated program needs. Parsing all of them takes clang longer than parsing a
// typical program; with only what is used, it takes a fraction of a millisecond. For hosts, in C++.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace thalweg::runtime {

// C text cut into its declarations at file level. Preprocessor lines and comments between declarations are dropped:
// what stands under an #ifdef is offered like all else.
class Declarations {
 public:
  explicit Declarations(std::string text);
  Declarations(const Declarations&) = delete;
  Declarations& operator=(const Declarations&) = delete;

  // Those that `program` names (thw_... and THW_...), with all that they name in turn, in their order.
  std::string needed_by(std::string_view program) const;

 private:
  struct Item {
    std::string_view text;
    std::vector<int> uses;  // items
  };

  std::string text_;
  std::vector<Item> items_;
  std::vector<std::pair<std::string_view, int>> names_;  // sorted; a name may have several items

  void add(std::string_view text);
  void append_items(std::string_view text, std::vector<int>& items) const;
};

// What a program needs of scalar.h, math.h and reduce.h. To be pasted between abi.h and the program, which must not
// define THW_SELECT; `fma` says whether the target has fused multiply-add.
std::string prelude_for(std::string_view program, bool fma);
std::string prelude_for(std::string_view program);  // for this processor

}  // namespace thalweg::runtime
