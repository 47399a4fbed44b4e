// match(variant, lambdas...): std::visit with one lambda per alternative; a missing case does not compile.
#pragma once
#include <utility>
#include <variant>

namespace thalweg::base {

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};

template <class Variant, class... Fs>
decltype(auto) match(Variant&& variant, Fs&&... cases) {
  return std::visit(Overloaded<std::decay_t<Fs>...>{std::forward<Fs>(cases)...}, std::forward<Variant>(variant));
}

}  // namespace thalweg::base
