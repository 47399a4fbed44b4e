#include "rewrite/options.h"

#include "base/match.h"

namespace thalweg::rewrite {

namespace {

template <class T, class Spell>
std::string list(const std::vector<T>& values, Spell spell) {
  std::string out;
  for (const T& value : values) out += (out.empty() ? "" : ", ") + spell(value);
  return "[" + out + "]";
}

std::string quoted(const std::string& text) { return "'" + text + "'"; }

std::string kind_of(const OptionValue& value) {
  static const char* const kinds[] = {"True or False", "an integer", "a text", "a list of integers", "a list of texts"};
  return kinds[value.index()];
}

}  // namespace

std::string to_string(const OptionValue& value) {
  return std::visit(
      [](const auto& v) -> std::string {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, bool>)
          return v ? "True" : "False";
        else if constexpr (std::is_same_v<T, int64_t>)
          return std::to_string(v);
        else if constexpr (std::is_same_v<T, std::string>)
          return quoted(v);
        else if constexpr (std::is_same_v<T, std::vector<int64_t>>)
          return list(v, [](int64_t one) { return std::to_string(one); });
        else
          return list(v, quoted);
      },
      value);
}

namespace detail {

base::Diagnostic unknown_option(const std::string& owner, const std::string& name,
                                const std::vector<OptionInfo>& known) {
  base::Diagnostic out;
  out.code = "TW0641";
  out.kind = base::ErrorKind::value;
  out.message = owner + " has no option '" + name + "'";
  std::string names;
  for (const OptionInfo& one : known) names += (names.empty() ? "" : ", ") + one.name;
  out.fix = names.empty() ? "leave it out; there are no options" : "write one of " + names;
  return out;
}

base::Diagnostic wrong_option(const std::string& name, const OptionValue& standard, const OptionValue& given) {
  base::Diagnostic out;
  out.code = "TW0642";
  out.kind = base::ErrorKind::value;
  out.message = "option '" + name + "' is " + kind_of(standard) + ", but " + to_string(given) + " is given";
  return out;
}

}  // namespace detail

}  // namespace thalweg::rewrite
