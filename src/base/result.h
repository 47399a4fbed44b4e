// Result<T>: a value, or the diagnostic of something that the user caused. Bugs use TW_CHECK instead.
#pragma once
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "base/diagnostic.h"

namespace thalweg::base {

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
  Result(Diagnostic error) : content_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & { return std::get<0>(content_); }
  const T& value() const& { return std::get<0>(content_); }
  T&& value() && { return std::get<0>(std::move(content_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  Diagnostic& error() { return std::get<1>(content_); }
  const Diagnostic& error() const { return std::get<1>(content_); }

 private:
  std::variant<T, Diagnostic> content_;
};

struct Nothing {};
using Status = Result<Nothing>;
inline Status success() { return Nothing{}; }

// A bug in Thalweg itself: thrown by TW_CHECK, turned into InternalError at the Python border, never into a crash.
struct InternalError : std::logic_error {
  using std::logic_error::logic_error;
};
[[noreturn]] void fail_check(const char* condition, const char* file, int line, const std::string& what);

}  // namespace thalweg::base

#define TW_CHECK(condition, what)                                                        \
  do {                                                                                   \
    if (!(condition)) ::thalweg::base::fail_check(#condition, __FILE__, __LINE__, what); \
  } while (false)

// TW_TRY(auto x, f()): x is f()'s value, or the enclosing function returns f()'s diagnostic.
#define TW_TRY_NAME2(line) tw_result_##line
#define TW_TRY_NAME(line) TW_TRY_NAME2(line)
#define TW_TRY(declaration, expression)                                        \
  auto TW_TRY_NAME(__LINE__) = (expression);                                   \
  if (!TW_TRY_NAME(__LINE__)) return std::move(TW_TRY_NAME(__LINE__).error()); \
  declaration = std::move(TW_TRY_NAME(__LINE__)).value()
#define TW_TRY_VOID(expression)                          \
  do {                                                   \
    auto tw_status = (expression);                       \
    if (!tw_status) return std::move(tw_status.error()); \
  } while (false)
