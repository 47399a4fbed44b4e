// Another compiler in place of the one inside.
#include "jit/external.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace {

using namespace thalweg;

TEST(External, MakesWhatTheCompilerInsideMakes) {
  const jit::Source source{"f.c", "int twice(int x) { return 2 * x; }\n"};
  auto object = jit::compile_external(source, "clang-19 -O1");
  ASSERT_TRUE(object) << object.error().message;
  auto code = jit::load(object->bytes);
  ASSERT_TRUE(code);
  EXPECT_EQ(code->function<int(int)>("twice")(21), 42);
}

TEST(External, HandsBackWhatTheCompilerSaid) {
  auto object = jit::compile_external({"f.c", "int twice(int x) { return 2 * y; }\n"}, "clang-19");
  ASSERT_FALSE(object);
  EXPECT_EQ(object.error().code, "TW0904");
  EXPECT_NE(object.error().message.find("'y'"), std::string::npos) << object.error().message;
}

TEST(External, WithoutATemporaryFolderIsAnError) {
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before ? before : "";
  setenv("TMPDIR", "/proc", 1);
  auto object = jit::compile_external({"f.c", "int x;\n"}, "clang-19");
  before ? setenv("TMPDIR", kept.c_str(), 1) : unsetenv("TMPDIR");
  ASSERT_FALSE(object);
  EXPECT_EQ(object.error().code, "TW0907");
}

TEST(External, IsNamedByTheEnvironment) {
  ASSERT_EQ(std::getenv("THALWEG_CC"), nullptr) << "the tests of jit/ ask for the compiler inside";
  EXPECT_FALSE(jit::external_compiler());
  setenv("THALWEG_CC", "clang-19 -O0", 1);
  EXPECT_EQ(jit::external_compiler(), "clang-19 -O0");
  unsetenv("THALWEG_CC");
}

}  // namespace
