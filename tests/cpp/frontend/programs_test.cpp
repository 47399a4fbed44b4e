// Every program of programs/*.py builds; its graph is held against tests/golden/frontend. A file holds one or more
// functions, the last one is the program; lines that begin with "#:" say what the harness should do:
//   #: general          nothing is assumed        #: alias       arguments may overlap
//   #: array W float64 3, 3    a closure array    #: value c 2.5     a closure scalar
// Functions whose name begins with "plain_" have no text: calls to them go back into CPython.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "frontend/harness.h"
#include "support/golden.h"

namespace thalweg::tests {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> program_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(fs::path(THALWEG_TESTS_DIR) / "cpp/frontend/programs"))
    if (entry.path().extension() == ".py") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

struct File {
  std::vector<std::string> functions, directives;
};

File read(std::istream& stream) {
  File file;
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("#:")) {
      file.directives.push_back(line.substr(3));
    } else if (line.starts_with("def ")) {
      file.functions.push_back(line + "\n");
    } else if (!file.functions.empty()) {
      file.functions.back() += line + "\n";
    }
  }
  return file;
}

std::unique_ptr<Program> program_of(const File& file) {
  auto program = std::make_unique<Program>(file.functions.back());
  for (size_t i = 0; i + 1 < file.functions.size(); ++i) {
    program->add_function(file.functions[i], !file.functions[i].starts_with("def plain_"));
    for (size_t k = 0; k < i; ++k)  // a function sees those before it
      program->callees.back()->add_function(file.functions[k]);
  }
  for (const auto& directive : file.directives) {
    std::istringstream words(directive);
    std::string what, name, rest;
    words >> what >> name;
    std::getline(words, rest);
    rest.erase(0, rest.find_first_not_of(' '));
    if (what == "general") program->assumptions.general = true;
    if (what == "alias") program->may_alias = true;
    if (what == "strict") program->strict = true;
    if (what == "value" && rest.find('.') == std::string::npos)
      program->host.names[name] = frontend::HostScalar{int64_t{std::stoll(rest)}, ir::dtypes::pyint};
    else if (what == "value")
      program->host.names[name] = frontend::HostScalar{std::stod(rest), ir::dtypes::pyfloat};
    if (what == "array") {
      frontend::HostArray array{
          static_cast<int>(program->host.names.size()) + 1, *ir::find_dtype(rest.substr(0, rest.find(' '))), {}};
      std::istringstream extents(rest.substr(rest.find(' ') + 1));
      for (std::string extent; std::getline(extents, extent, ',');) array.shape.push_back(std::stoll(extent));
      program->host.names[name] = array;
    }
  }
  return program;
}

std::string described(Program& program) {
  std::string text = program.text();
  auto built = program.build();
  if (!built) return text;
  for (const auto& notice : built->notices) text += "notice " + notice + "\n";
  for (const auto& name : built->written_arguments) text += "writes " + name + "\n";
  return text;
}

class Programs : public testing::TestWithParam<std::string> {};

TEST_P(Programs, golden) {
  std::ifstream stream(fs::path(THALWEG_TESTS_DIR) / "cpp/frontend/programs" / (GetParam() + ".py"));
  const std::string first = described(*program_of(read(stream)));
  expect_golden("frontend/" + GetParam() + ".txt", first);
}

TEST_P(Programs, general) {  // assuming nothing, it must still build
  std::ifstream stream(fs::path(THALWEG_TESTS_DIR) / "cpp/frontend/programs" / (GetParam() + ".py"));
  auto program = program_of(read(stream));
  program->assumptions.general = true;
  program->text();
}

TEST_P(Programs, same_again) {
  std::ifstream stream(fs::path(THALWEG_TESTS_DIR) / "cpp/frontend/programs" / (GetParam() + ".py"));
  const File file = read(stream);
  EXPECT_EQ(described(*program_of(file)), described(*program_of(file)));
}

INSTANTIATE_TEST_SUITE_P(Frontend, Programs, testing::ValuesIn(program_names()),
                         [](const auto& info) { return info.param; });

// errors.txt: programs that are refused, each followed by "=> CODE line N: message".
TEST(Errors, listed) {
  std::ifstream stream(fs::path(THALWEG_TESTS_DIR) / "cpp/frontend/errors.txt");
  std::string text;
  size_t count = 0;
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with("=> ")) {
      text += line + "\n";
      continue;
    }
    std::istringstream one(text);
    const std::string found = program_of(read(one))->error();
    EXPECT_EQ(found.substr(0, line.size() - 3), line.substr(3)) << text << found;
    text.clear();
    ++count;
  }
  EXPECT_GT(count, 60u);
}

// TW1039: what CPython's ast holds beyond the parser's subset.
TEST(Errors, unsupported_statement) {
  Program program("def f(a: float64[N]):\n    pass\n");
  auto with = std::make_unique<syntax::Stmt>();
  with->content = syntax::UnsupportedStmt{"With"};
  with->span = program.function.span;
  program.function.body.push_back(std::move(with));
  EXPECT_EQ(program.error(), "TW1039 line 1: Python's With statement is not supported");
}

TEST(Errors, callees) {
  Program recursive("def f(n: int):\n    return f(n - 1)\n");
  recursive.add_function("def f(n: int):\n    return f(n - 1)\n");
  auto callee = recursive.callees.back();
  callee->host.names["f"] = recursive.host.names["f"];
  EXPECT_EQ(recursive.error(), "TW1030 line 2: 'f' calls itself");
  callee->host.names.clear();

  Program unknown("def f(n: int):\n    return g(n)\n");
  frontend::HostFunction no_source;
  no_source.name = "g";
  no_source.is_program = true;
  unknown.host.names["g"] = no_source;
  EXPECT_EQ(unknown.error(), "TW1029 line 2: the source of 'g' is not available");

  // TW1078: an annotation that names no type.
  struct NoTypes : FakeHost {
    frontend::HostObject evaluate_annotation(const syntax::Expr&) override { return frontend::HostText{"array"}; }
  } host;
  Program program("def f(a: float64[N]):\n    y: array = g(a)\n    return y\n");
  host.names["g"] = frontend::HostCallable{1, "g"};
  frontend::Request request;
  request.function = &program.function;
  request.arguments = program.arguments;
  request.host = &host;
  request.assumptions = &program.assumptions;
  auto built = frontend::build(request);
  ASSERT_FALSE(built.ok());
  EXPECT_EQ(built.error().code, "TW1078");
}

}  // namespace
}  // namespace thalweg::tests
