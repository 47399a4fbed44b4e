// Options of transformations: a struct whose members are described once; given by name from C++, Python and the
// command line.
//
//   struct Options {
//     std::vector<int64_t> tile_sizes = {32};
//     static constexpr auto describe() {
//       return std::tuple{rewrite::option("tile_sizes", &Options::tile_sizes, "iterations of a tile, per dimension")};
//     }
//   };
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "base/result.h"

namespace thalweg::rewrite {

using OptionValue = std::variant<bool, int64_t, std::string, std::vector<int64_t>, std::vector<std::string>>;
using OptionValues = std::map<std::string, OptionValue>;

// What a user may ask about an option.
struct OptionInfo {
  std::string name, help;
  OptionValue standard;  // its value where none is given
};

template <class Struct, class T>
struct Option {
  std::string_view name;
  T Struct::* member;
  std::string_view help;
};
template <class Struct, class T>
constexpr Option<Struct, T> option(std::string_view name, T Struct::* member, std::string_view help) {
  return {name, member, help};
}

struct NoOptions {
  static constexpr auto describe() { return std::tuple<>{}; }
};

// As Python writes it: True, 3, 'text', [1, 2].
std::string to_string(const OptionValue& value);

template <class Options>
std::vector<OptionInfo> described() {
  std::vector<OptionInfo> found;
  const Options standard;
  std::apply(
      [&](auto... one) {
        (found.push_back({std::string(one.name), std::string(one.help), OptionValue(standard.*(one.member))}), ...);
      },
      Options::describe());
  return found;
}

namespace detail {

base::Diagnostic unknown_option(const std::string& owner, const std::string& name,
                                const std::vector<OptionInfo>& known);
base::Diagnostic wrong_option(const std::string& name, const OptionValue& standard, const OptionValue& given);

// One number stands for a list of it.
template <class T>
bool take(T& into, const OptionValue& value) {
  if (auto* same = std::get_if<T>(&value)) return into = *same, true;
  if constexpr (std::is_same_v<T, std::vector<int64_t>>)
    if (auto* one = std::get_if<int64_t>(&value)) return into = {*one}, true;
  if constexpr (std::is_same_v<T, std::vector<std::string>>)
    if (auto* one = std::get_if<std::string>(&value)) return into = {*one}, true;
  return false;
}

}  // namespace detail

// The options with these values given; the others as they stand in the struct.
template <class Options>
base::Result<Options> options_from(const std::string& owner, const OptionValues& values) {
  Options made;
  for (const auto& [name, value] : values) {
    bool known = false, fits = false;
    OptionValue standard;
    std::apply(
        [&](auto... one) {
          ((one.name == name ? (known = true, standard = OptionValue(made.*(one.member)),
                                void(fits = detail::take(made.*(one.member), value)))
                             : void()),
           ...);
        },
        Options::describe());
    if (!known) return detail::unknown_option(owner, name, described<Options>());
    if (!fits) return detail::wrong_option(name, standard, value);
  }
  return made;
}

}  // namespace thalweg::rewrite
