// Cover and intersection queries on all pairs of memlets recorded from graphs, one thread. Usage: memlet_queries FOLDER
// [rounds]. Symbols get other names in each round, so that no answer is remembered from the round before; a round's
// expressions and facts are made before its clock starts, what is made ready from the facts after that. What the
// symbolic engine leaves open goes to isl, counted and timed apart.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>

#include "analysis/symbols.h"
#include "sets/subsets.h"
#include "symbolic/questions.h"
#include "text/text.h"

namespace {

using namespace thalweg;
using symbolic::Answer;
using symbolic::Expr;
using symbolic::Facts;
using symbolic::Subset;
using symbolic::Substitution;
using symbolic::Truth;

// The memlets of one container in one graph, and what is known of their symbols.
struct Group {
  std::vector<Subset> subsets;
  std::vector<Expr> facts;
};

void add_graph(const ir::SDFG& graph, std::vector<Group>& groups) {
  std::map<std::string, Group> found;
  for (ir::State* state : ir::all_states(const_cast<ir::SDFG&>(graph))) {
    const analysis::ScopeTree scopes(*state);
    for (const auto& edge : state->edges()) {
      const ir::MemletFields& memlet = edge->memlet().get();
      if (memlet.data.empty()) continue;
      Group& group = found[memlet.data];
      if (std::find(group.subsets.begin(), group.subsets.end(), memlet.subset) != group.subsets.end()) continue;
      group.subsets.push_back(memlet.subset);
      const Facts here = analysis::facts_in(*state, scopes, scopes.scope_of_outputs(edge->source()));
      for (const Expr& fact : here.conditions())
        if (std::find(group.facts.begin(), group.facts.end(), fact) == group.facts.end()) group.facts.push_back(fact);
    }
  }
  for (auto& [name, group] : found) groups.push_back(std::move(group));
}

std::vector<Group> read_graphs(const char* folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<Group> groups;
  for (const auto& file : files) {
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    auto graph = text::parse(text.str());
    if (!graph) {
      std::fprintf(stderr, "%s: %s\n", file.c_str(), graph.error().message.c_str());
      continue;
    }
    for (ir::SDFG* one : ir::all_sdfgs(**graph)) add_graph(*one, groups);
  }
  return groups;
}

Group renamed(const Group& group, size_t round) {
  std::set<std::string> names;
  for (const Subset& subset : group.subsets) symbolic::collect_symbols(subset, names);
  for (const Expr& fact : group.facts) symbolic::collect_symbols(fact, names);
  Substitution by;
  for (const auto& name : names) by[name] = Expr::symbol(name + "_r" + std::to_string(round));
  Group out;
  for (const Subset& subset : group.subsets) out.subsets.push_back(symbolic::substitute(subset, by));
  for (const Expr& fact : group.facts) out.facts.push_back(symbolic::substitute(fact, by));
  return out;
}

// Processor time of this process, so that neighbours on the machine disturb little.
double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct Open {
  const Subset *a, *b;
  const Facts* facts;
  bool covers;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: memlet_queries FOLDER [rounds]\n"), 2;
  const size_t rounds = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 20;
  const std::vector<Group> groups = read_graphs(argv[1]);
  size_t queries = 0, asked = 0, settled = 0, answers[4] = {0, 0, 0, 0};
  double preparing = 0, cheap = 0, by_isl = 0;
  for (size_t round = 0; round < rounds; ++round) {
    std::vector<Group> now;
    std::vector<Facts> facts;
    for (const Group& group : groups) {
      now.push_back(renamed(group, round));
      facts.emplace_back();
      for (const Expr& fact : now.back().facts) facts.back().assume(fact);
    }
    std::vector<Open> open;
    const double start = seconds();
    std::vector<std::unique_ptr<symbolic::Questions>> questions;
    for (const Facts& one : facts) questions.push_back(std::make_unique<symbolic::Questions>(one));
    const double ready = seconds();
    for (size_t g = 0; g < now.size(); ++g)
      for (const Subset& a : now[g].subsets)
        for (const Subset& b : now[g].subsets) {
          const Answer covered = questions[g]->covers(a, b), met = questions[g]->intersects(a, b);
          queries += 2;
          ++answers[static_cast<size_t>(covered)];
          ++answers[static_cast<size_t>(met)];
          if (covered == Answer::unknown) open.push_back({&a, &b, &facts[g], true});
          if (met == Answer::unknown) open.push_back({&a, &b, &facts[g], false});
        }
    const double between = seconds();
    for (const Open& one : open)
      settled +=
          (one.covers ? sets::covers_by_isl : sets::intersects_by_isl)(*one.a, *one.b, *one.facts) != Truth::unknown;
    asked += open.size();
    preparing += ready - start;
    cheap += between - start;
    by_isl += seconds() - between;
  }
  std::printf("%zu containers of %s, %zu rounds: %zu queries\n", groups.size(), argv[1], rounds, queries);
  const auto count = [&](Answer answer) { return answers[static_cast<size_t>(answer)]; };
  std::printf(
      "symbolic engine: %.2f million queries/s, %.0f %% of that for making facts ready (%zu yes, %zu no, %zu depend on "
      "the "
      "values, %zu open)\n",
      static_cast<double>(queries) / cheap / 1e6, 100 * preparing / cheap, count(Answer::yes), count(Answer::no),
      count(Answer::depends), count(Answer::unknown));
  std::printf("isl: %zu queries (%.2f %%), %.1f us each, %zu of them settled\n", asked,
              100 * static_cast<double>(asked) / static_cast<double>(queries),
              1e6 * by_isl / static_cast<double>(asked ? asked : 1), settled);
}
