// Emitted programs compiled by the host's clang and run: the same bits as the interpreter, on one thread and two, with
// and without fusion of nests.
#include <cmath>

#include "compiled.h"
#include "flow.h"
#include "programs.h"

namespace thalweg::tests {
namespace {

TEST(Run, JacobiMatchesPlainLoops) {
  Compiled program(jacobi_2d);
  for (int64_t n : {3, 4, 17, 200}) {
    std::vector<double> a = numbers(n * n), b(n * n, 0.0);
    std::vector<double> x = a, y = b;
    ASSERT_EQ(program.run({{"A", a.data()}, {"B", b.data()}}, {{"N", n}, {"T", 3}}, 2), 0);
    for (int t = 0; t < 3; ++t) {
      for (int64_t i = 1; i < n - 1; ++i)
        for (int64_t j = 1; j < n - 1; ++j)
          y[i * n + j] =
              0.2 * (x[i * n + j] + x[i * n + j - 1] + x[i * n + j + 1] + x[(i + 1) * n + j] + x[(i - 1) * n + j]);
      for (int64_t i = 1; i < n - 1; ++i)
        for (int64_t j = 1; j < n - 1; ++j) x[i * n + j] = y[i * n + j];
    }
    EXPECT_EQ(a, x);
    EXPECT_EQ(b, y);
  }
}

TEST(Run, Jacobi) {
  for (int64_t n : {3, 9})
    expect_same(jacobi_2d, {{{"A", numbers(n * n)}, {"B", numbers(n * n)}}, {}, {}, {{"N", n}, {"T", 2}}});
}

TEST(Run, Reductions) {
  for (auto [n, m] : {std::pair<int64_t, int64_t>{1, 1}, {3, 5}, {2, 1200}, {700, 3}, {70, 70}})
    expect_same(reductions, {{{"A", numbers(n * m)}}, {{"I", integers(n * m)}}, {}, {{"N", n}, {"M", m}}});
}

TEST(Run, LongSumsDoNotDependOnThreads) {
  int64_t n = 5, m = 100003;
  expect_same(reductions, {{{"A", numbers(n * m)}}, {{"I", integers(n * m)}}, {}, {{"N", n}, {"M", m}}});
}

TEST(Run, SwapMovesPointers) {
  for (int64_t t : {0, 1, 2, 5})
    expect_same(swap, {{{"A", numbers(40)}, {"B", numbers(40)}}, {}, {}, {{"N", 40}, {"T", t}}});
}

TEST(Run, Softmax) {
  for (auto [n, m] : {std::pair<int64_t, int64_t>{1, 1}, {5, 7}, {3, 2000}})
    expect_same(softmax, {{{"x", numbers(n * m)}, {"out", numbers(n * m)}}, {}, {}, {{"N", n}, {"M", m}}});
}

TEST(Run, HistogramAndIndexError) {
  std::vector<int64_t> where(500);
  for (size_t k = 0; k < where.size(); ++k) where[k] = static_cast<int64_t>(k * k % 7);
  Inputs inputs{{{"weight", numbers(500)}, {"bins", numbers(7)}}, {{"where", where}}, {}, {{"N", 500}, {"M", 7}}};
  expect_same(histogram, inputs);
  inputs.ints["where"][250] = 7;
  expect_same(histogram, inputs);
  Compiled program(histogram);
  ASSERT_EQ(program.run(inputs.pointers(), inputs.symbols, 2), 1);
  EXPECT_EQ(program.raised().kind, base::ErrorKind::index);
  EXPECT_EQ(program.context.values[0], 7);
  EXPECT_EQ(program.context.values[1], 7);
}

TEST(Run, Compress) {
  Compiled program(compress);
  for (int64_t n : {0, 1, 100, 5000}) {
    std::vector<double> a = numbers(n), expected;
    for (double v : a)
      if (v > 0) expected.push_back(v * 2);
    ASSERT_EQ(program.run({{"a", a.data()}}, {{"N", n}}, 2), 0);
    ASSERT_EQ(program.results[0].shape[0], static_cast<int64_t>(expected.size()));
    auto* y = static_cast<double*>(program.results[0].data);
    EXPECT_EQ(std::vector<double>(y, y + expected.size()), expected);
    free(y);
    program.results.clear();
  }
}

TEST(Run, NestedGraphs) {
  for (auto [n, m] : {std::pair<int64_t, int64_t>{0, 3}, {4, 1}, {20, 30}})
    expect_same(nested,
                {{{"A", numbers(n * m)}, {"B", numbers(n * m)}, {"last", numbers(n)}}, {}, {}, {{"N", n}, {"M", m}}});
}

TEST(Run, RecurrencesSideBySide) {
  for (auto [n, m] : {std::pair<int64_t, int64_t>{0, 3}, {3, 0}, {5, 1}, {4, 2}, {11, 30}})
    expect_same(recurrence, {{{"A", numbers(n * m)}}, {}, {}, {{"N", n}, {"M", m}}});
}

TEST(Run, ViewsAndTriangles) {
  for (int64_t n : {0, 1, 6}) expect_same(view, {{{"A", numbers(n * n)}, {"B", numbers(n * n)}}, {}, {}, {{"N", n}}});
}

TEST(Run, Unstructured) {
  expect_same(unstructured, {{}, {{"A", {1, 2, 3, 9, 5, 6, 7, 8, 9, 10}}}, {}, {{"i", 0}, {"k", 0}}});
}

TEST(Run, MatMul) {
  // BLAS and the interpreter's expansion differ in the last bits: values here are exact in any order.
  std::vector<double> a{1, 2, 3, 4, 5, 6}, b{1, -1, 2, 0, 3, 1, 4, 4, -2, 5, 5, 5}, x{1, 2, 3};
  std::vector<int64_t> i{1, 2, 3, 4, 5, 6, 7, 8, 9};
  Compiled program(matmul);
  std::map<std::string, void*> data{{"A", a.data()}, {"B", b.data()}, {"x", x.data()}, {"I", i.data()}};
  ASSERT_EQ(program.run(data, {{"N", 2}, {"M", 4}, {"K", 3}}, 2), 0);
  auto* c = static_cast<double*>(program.results[0].data);
  EXPECT_EQ(std::vector<double>(c, c + 8), (std::vector<double>{1 + 6 - 6, -1 + 2 + 15, 2 + 8 + 15, 0 + 8 + 15,
                                                                4 + 15 - 12, -4 + 5 + 30, 8 + 20 + 30, 0 + 20 + 30}));
  auto* y = static_cast<double*>(program.results[1].data);
  EXPECT_EQ(std::vector<double>(y, y + 2), (std::vector<double>{14, 32}));
  auto* j = static_cast<int64_t*>(program.results[2].data);
  EXPECT_EQ(std::vector<int64_t>(j, j + 4), (std::vector<int64_t>{30, 36, 66, 81}));
  EXPECT_EQ(program.scalar_result<double>(3), 14);
}

TEST(Run, LongAndShortDotProducts) {
  Compiled program(matmul);
  for (int64_t k : {0, 1, 511, 512, 513, 3000}) {
    std::vector<double> a(static_cast<size_t>(2 * k), 0), b(static_cast<size_t>(4 * k), 0), x;
    std::vector<int64_t> i(static_cast<size_t>(k * k), 0);
    int64_t expected = 0;  // whole numbers: exact in any order
    for (int64_t l = 0; l < k; ++l) {
      x.push_back(static_cast<double>(l % 19 - 9));
      expected += (l % 19 - 9) * (l % 19 - 9);
    }
    std::map<std::string, void*> data{{"A", a.data()}, {"B", b.data()}, {"x", x.data()}, {"I", i.data()}};
    ASSERT_EQ(program.run(data, {{"N", std::min<int64_t>(2, k)}, {"M", 4}, {"K", k}}, 2), 0);
    EXPECT_EQ(program.scalar_result<double>(3), static_cast<double>(expected)) << k;
  }
}

// A chunk that would take hours: its inner loop has to look, on the calling thread and on the worker.
TEST(Run, LoopsInsideARegionLook) {
  lower::Options options;
  options.parallel_threshold = 0;
  Compiled program(long_rows, options);
  static std::atomic<int> polls;
  program.poll = [](thw_context* context) {
    if (++polls < 3) return 0;
    context->stop = THW_STOP_INTERRUPTED;
    return 1;
  };
  for (int threads : {1, 2}) {
    polls = 0;
    std::vector<double> out(2);
    EXPECT_EQ(program.run({{"out", out.data()}}, {{"M", int64_t{1} << 50}}, threads), 1);
    EXPECT_EQ(program.context.stop, THW_STOP_INTERRUPTED);
  }
}

TEST(Run, ShortOuterLoopsGoInside) {
  for (auto [n, m] : {std::pair<int64_t, int64_t>{0, 0}, {1, 1}, {3, 2}, {5, 513}, {2, 1537}})
    expect_same(channels,
                {{{"A", numbers(3 * m)}, {"B", numbers(3 * m)}, {"C", numbers(2 * n * m)}, {"D", numbers(2 * n * m)}},
                 {},
                 {},
                 {{"N", n}, {"M", m}}});
}

TEST(Run, ConflictsOfFloatsKeepTheirOrder) {
  expect_same(column_total, {{{"A", numbers(37 * 41)}, {"total", {0.1}}}, {}, {}, {{"N", 37}, {"M", 41}}});
}

// In pieces from 8 * 512 iterations a piece on; the bits are those of one pass, on any number of threads.
TEST(Run, ConflictsOfWholeNumbersInPieces) {
  for (auto [n, m] : {std::pair<int64_t, int64_t>{0, 4}, {1, 4}, {500, 4}, {8192, 3}, {8193, 4}, {30001, 1000}}) {
    std::vector<int64_t> where, bins(static_cast<size_t>(2 * m), 5), total{17};
    std::vector<uint8_t> odd{3};
    for (int64_t i = 0; i < n; ++i) where.push_back(i * 7919 % m);
    for (int threads : {1, 2}) {
      auto found_bins = bins, found_total = total;
      auto found_odd = odd;
      Compiled program(counts);
      ASSERT_EQ(program.run({{"where", where.data()},
                             {"bins", found_bins.data()},
                             {"total", found_total.data()},
                             {"odd", found_odd.data()}},
                            {{"N", n}, {"M", m}}, threads),
                0);
      auto by_hand = bins, xors = total;
      auto product = odd;
      for (int64_t i = 1; i < n; ++i) {
        by_hand[2 * where[i] + (where[i] & 1)] += where[i] + 3;
        xors[0] ^= where[i] * where[i];
        product[0] = static_cast<uint8_t>(product[0] * (2 * where[i] + 1));
      }
      EXPECT_EQ(found_bins, by_hand) << n;
      EXPECT_EQ(found_total, xors) << n;
      EXPECT_EQ(found_odd, product) << n;
    }
  }
  // A check inside a piece.
  std::vector<int64_t> where(20000, 1), bins(4), total(1);
  std::vector<uint8_t> odd(1);
  where[15000] = 7;
  Compiled program(counts);
  EXPECT_EQ(program.run({{"where", where.data()}, {"bins", bins.data()}, {"total", total.data()}, {"odd", odd.data()}},
                        {{"N", 20000}, {"M", 2}}, 2),
            1);
  EXPECT_EQ(program.raised().kind, base::ErrorKind::index);
}

TEST(Run, PythonIntNeverWraps) {
  for (int64_t n : {0, 5, 70, 90}) expect_same(python_int, {{}, {}, {}, {{"n", n}}});
  Compiled program(python_int);
  EXPECT_EQ(program.run({}, {{"n", 1000}}), 1);
  EXPECT_EQ(program.raised().kind, base::ErrorKind::overflow);
}

}  // namespace
}  // namespace thalweg::tests
