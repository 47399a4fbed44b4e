// Exported C++: compiled by g++ with OpenMP and by clang++, it gives the interpreter's bits or raises what it raises.
#include "compiled.h"
#include "flow.h"
#include "programs.h"
#include "support/golden.h"

namespace thalweg::tests {
namespace {

std::vector<std::string> compilers() {
  std::vector<std::string> found{"clang++-19 -O1 -march=native"};
  if (std::system("g++ --version > /dev/null 2>&1") == 0) found.push_back("g++ -O1 -fopenmp");
  return found;
}

void expect_exported(const char* graph, const Inputs& inputs) {
  for (const std::string& compiler : compilers()) {
    SCOPED_TRACE(compiler);
    expect_same(graph, inputs, {}, compiler);
  }
}

void golden_source(const char* name, const char* graph) {
  auto text = emit::emit_cpp(lowered(graph));
  ASSERT_TRUE(text.ok()) << text.error().message;
  expect_golden("emit/" + std::string(name), *text);
}

TEST(Export, GoldenJacobi) { golden_source("jacobi_2d.cpp", jacobi_2d); }
TEST(Export, GoldenSoftmax) { golden_source("softmax.cpp", softmax); }
TEST(Export, GoldenHistogram) { golden_source("histogram.cpp", histogram); }
TEST(Export, GoldenCompress) { golden_source("compress.cpp", compress); }

TEST(Export, Jacobi) {
  int64_t n = 70;
  expect_exported(jacobi_2d, {{{"A", numbers(n * n)}, {"B", numbers(n * n)}}, {}, {}, {{"N", n}, {"T", 2}}});
}
TEST(Export, Softmax) {
  expect_exported(softmax, {{{"x", numbers(35)}, {"out", numbers(35)}}, {}, {}, {{"N", 5}, {"M", 7}}});
}
TEST(Export, Reductions) {
  expect_exported(reductions, {{{"A", numbers(2400)}}, {{"I", integers(2400)}}, {}, {{"N", 2}, {"M", 1200}}});
}
TEST(Export, Swap) { expect_exported(swap, {{{"A", numbers(40)}, {"B", numbers(40)}}, {}, {}, {{"N", 40}, {"T", 5}}}); }
TEST(Export, Unstructured) {
  expect_exported(unstructured, {{}, {{"A", {1, 2, 3, 9, 5, 6, 7, 8, 9, 10}}}, {}, {{"i", 0}, {"k", 0}}});
}
TEST(Export, Nested) {
  expect_exported(nested,
                  {{{"A", numbers(600)}, {"B", numbers(600)}, {"last", numbers(20)}}, {}, {}, {{"N", 20}, {"M", 30}}});
}
TEST(Export, PythonIntegers) { expect_exported(python_int, {{}, {}, {}, {{"n", 30}}}); }
TEST(Export, IntegersThatOverflowRaise) { expect_exported(python_int, {{}, {}, {}, {{"n", 200}}}); }

TEST(Export, HistogramAndIndexError) {
  std::vector<int64_t> where(500);
  for (size_t k = 0; k < where.size(); ++k) where[k] = static_cast<int64_t>(k * k % 7);
  Inputs inputs{{{"weight", numbers(500)}, {"bins", numbers(7)}}, {{"where", where}}, {}, {{"N", 500}, {"M", 7}}};
  expect_exported(histogram, inputs);
  inputs.ints["where"][250] = 7;
  expect_exported(histogram, inputs);
}

}  // namespace
}  // namespace thalweg::tests
