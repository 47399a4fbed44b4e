// Cutting C text into declarations and choosing those that a program needs.
#include "thalweg/prelude.h"

#include <algorithm>

#include "prelude_text.h"

namespace thalweg::runtime {
namespace {

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

// Calls visit(word, position after it) for every identifier that begins with thw_ or THW_.
template <typename Visit>
void each_name(std::string_view text, Visit visit) {
  for (size_t at = 0; at < text.size();) {
    if (!is_word(text[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < text.size() && is_word(text[end])) ++end;
    const std::string_view word = text.substr(at, end - at);
    if (word.starts_with("thw_") || word.starts_with("THW_")) visit(word, end);
    at = end;
  }
}

// Length of the first declaration in `text`: up to its semicolon, or to the brace that ends a function's body.
size_t declaration_length(std::string_view text) {
  int depth = 0;
  bool function = false;
  char before = ' ';  // the last character that is no space
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '{' && depth == 0) function = before == ')';
    if (c == '{' || c == '(') ++depth;
    if (c == '}' || c == ')') --depth;
    if (depth == 0 && (c == ';' || (c == '}' && function))) return at + 1;
    if (c != ' ' && c != '\n') before = c;
  }
  return text.size();
}

}  // namespace

Declarations::Declarations(std::string text) : text_(std::move(text)) {
  std::string_view rest = text_;
  while (!rest.empty()) {
    if (rest[0] == '\n' || rest[0] == ' ') {
      rest.remove_prefix(1);
    } else if (rest[0] == '#' || rest.starts_with("//")) {
      rest.remove_prefix(std::min(rest.find('\n'), rest.size()));
    } else {
      const size_t length = declaration_length(rest);
      add(rest.substr(0, length));
      rest.remove_prefix(length);
    }
  }
  std::stable_sort(names_.begin(), names_.end(), [](auto& a, auto& b) { return a.first < b.first; });
  for (Item& item : items_) append_items(item.text, item.uses);
}

// An enumeration declares all its names; anything else the first that is followed by a parenthesis (a function),
// or, where there is none, the first (a type).
void Declarations::add(std::string_view text) {
  const int item = static_cast<int>(items_.size());
  items_.push_back({text, {}});
  const bool is_enum = text.starts_with("enum"), is_type = text.starts_with("typedef") || text.starts_with("struct");
  bool found = false;
  each_name(text, [&](std::string_view name, size_t end) {
    if (found) return;
    if (!is_enum && !is_type && !(end < text.size() && text[end] == '(')) return;
    names_.emplace_back(name, item);
    found = !is_enum;
  });
}

void Declarations::append_items(std::string_view text, std::vector<int>& items) const {
  each_name(text, [&](std::string_view name, size_t) {
    const auto less = [](const auto& entry, std::string_view wanted) { return entry.first < wanted; };
    auto at = std::lower_bound(names_.begin(), names_.end(), name, less);
    for (; at != names_.end() && at->first == name; ++at) items.push_back(at->second);
  });
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

std::string Declarations::needed_by(std::string_view program) const {
  std::vector<bool> needed(items_.size());
  std::vector<int> open;
  append_items(program, open);
  while (!open.empty()) {
    const int item = open.back();
    open.pop_back();
    if (needed[static_cast<size_t>(item)]) continue;
    needed[static_cast<size_t>(item)] = true;
    const std::vector<int>& uses = items_[static_cast<size_t>(item)].uses;
    open.insert(open.end(), uses.begin(), uses.end());
  }
  std::string result;
  for (size_t item = 0; item < items_.size(); ++item) {
    if (!needed[item]) continue;
    result += items_[item].text;
    result += '\n';
  }
  return result;
}

std::string prelude_for(std::string_view program, bool fma) {
  static const Declarations with_fma(expanded_prelude_fma), without_fma(expanded_prelude_no_fma);
  return (fma ? with_fma : without_fma).needed_by(program);
}

std::string prelude_for(std::string_view program) { return prelude_for(program, __builtin_cpu_supports("fma") != 0); }

}  // namespace thalweg::runtime
