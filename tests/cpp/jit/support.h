// What the tests of this room share: compile one text or fail the test with the compiler's words.
#pragma once
#include <gtest/gtest.h>

#include <string>

#include "jit/jit.h"

namespace thalweg::jit {

inline std::string compiled(const std::string& text, const Options& options = {}) {
  Source source{"test.c", text};
  auto object = compile({&source, 1}, options);
  EXPECT_TRUE(object.ok()) << object.error().message << "\n" << object.error().fix << "\n" << text;
  return object.ok() ? std::move(object->bytes) : std::string();
}

inline Loaded loaded(const std::string& text, const Options& options = {}) {
  auto code = load(compiled(text, options));
  EXPECT_TRUE(code.ok()) << code.error().message;
  return code.ok() ? std::move(*code) : Loaded();
}

inline std::string text_of(const std::string& text, TextKind kind, const Options& options = {}) {
  Source source{"test.c", text};
  auto object = compile_to_text({&source, 1}, kind, options);
  EXPECT_TRUE(object.ok()) << object.error().message;
  return object.ok() ? std::move(object->bytes) : std::string();
}

}  // namespace thalweg::jit
