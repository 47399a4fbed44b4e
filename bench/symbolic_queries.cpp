// Queries per second of the symbolic engine on memlets as programs have them: every pair is asked once, nothing is
// cached, one thread. Usage: bench_symbolic [pairs per kind]
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <random>

#include "symbolic/subset.h"

namespace {

using namespace thalweg::symbolic;

const Expr n = Expr::symbol("N"), m = Expr::symbol("M"), i = Expr::symbol("i"), j = Expr::symbol("j"),
           t = Expr::symbol("t");

struct Pair {
  Subset a, b;
};

struct Workload {
  const char* name;
  std::function<Pair(std::mt19937&)> make;
};

Expr small(std::mt19937& random, int low, int high) {
  return low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1));
}

Range inner(std::mt19937& random, const Expr& extent) {
  Expr begin = small(random, 0, 40);
  return {begin, extent - begin - small(random, 0, 40), 1};
}

const Workload kinds[] = {
    {"stencil slices   [a:N-b, c:M-d] | [e:N-f, g:M-h]",
     [](std::mt19937& r) { return Pair{{{inner(r, n), inner(r, m)}}, {{inner(r, n), inner(r, m)}}}; }},
    {"element in array [0:N, 0:M]     | [i+a, j+b]",
     [](std::mt19937& r) {
       return Pair{Subset::whole({n, m}), Subset::indices({i + small(r, -20, 20), j + small(r, -20, 20)})};
     }},
    {"two elements     [i+a, j+b]     | [i+c, j+d]",
     [](std::mt19937& r) {
       return Pair{Subset::indices({i + small(r, -9, 9), j + small(r, -9, 9)}),
                   Subset::indices({i + small(r, -9, 9), j + small(r, -9, 9)})};
     }},
    {"row and column   [i+a, 0:M]     | [0:N, j+b]",
     [](std::mt19937& r) {
       return Pair{{{Range::index(i + small(r, -9, 9)), Range::whole(m)}},
                   {{Range::whole(n), Range::index(j + small(r, -9, 9))}}};
     }},
    {"tile in array    [0:N, 0:M]     | [t+a:t+a+b, c:M]",
     [](std::mt19937& r) {
       Expr c = small(r, 0, 40);
       return Pair{Subset::whole({n, m}), {{Range{t + small(r, 0, 9), small(r, 1, 32), 1}, Range{c, m - c, 1}}}};
     }},
    {"strided          [a:N:2, 0:M]   | [b:N:2, 0:M]",
     [](std::mt19937& r) {
       auto even = [&] { return Range{small(r, 0, 40), floor_div(n, 2) - small(r, 20, 40), 2}; };
       return Pair{{{even(), Range::whole(m)}}, {{even(), Range::whole(m)}}};
     }},
    {"linearised       [0:N*M]        | [i*M+j+a]",
     [](std::mt19937& r) { return Pair{Subset::whole({n * m}), Subset::indices({i * m + j + small(r, 0, 60)})}; }}};

// Processor time of this process, so that neighbours on the machine disturb little.
double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

int main(int argc, char** argv) {
  size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 50000;
  Facts facts;
  for (const char* text :
       {"N >= 100", "M >= 100", "i >= 20", "i < N - 20", "j >= 20", "j < M - 20", "t >= 0", "t < N - 60"})
    facts.assume(*parse(text));
  double total = 0;
  std::printf("%-50s %12s %12s   %s\n", "kind (rank 1 or 2)", "covers/s", "intersects/s", "yes/no/unknown of both");
  for (const Workload& kind : kinds) {
    std::mt19937 random(1);
    std::vector<Pair> pairs;
    for (size_t k = 0; k < count; ++k) pairs.push_back(kind.make(random));
    size_t answers[3] = {0, 0, 0};
    double start = seconds();
    for (const Pair& pair : pairs) ++answers[static_cast<size_t>(covers(pair.a, pair.b, facts))];
    double covering = seconds() - start;
    start = seconds();
    for (const Pair& pair : pairs) ++answers[static_cast<size_t>(intersects(pair.a, pair.b, facts))];
    double meeting = seconds() - start;
    total += covering + meeting;
    double queries = static_cast<double>(count);
    std::printf("%-50s %12.0f %12.0f   %zu/%zu/%zu\n", kind.name, queries / covering, queries / meeting, answers[1],
                answers[0], answers[2]);
  }
  std::printf("all together: %.0f queries/s\n", static_cast<double>(count * 2 * std::size(kinds)) / total);
}
