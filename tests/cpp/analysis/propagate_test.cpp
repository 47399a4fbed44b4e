// Propagation on random graphs, against counting: outer memlets hold every element of the inner ones.
#include <gtest/gtest.h>

#include <functional>

#include "analysis/effects.h"
#include "analysis/propagate.h"
#include "ir/verify.h"
#include "support/random_graph.h"
#include "text/text.h"

namespace thalweg {
namespace {

using Values = std::map<std::string, int64_t>;
using Elements = std::set<std::vector<int64_t>>;

Elements elements_of(const symbolic::Subset& subset, const Values& values) {
  Elements out = {{}};
  for (const auto& range : subset.ranges) {
    auto begin = symbolic::evaluate(range.begin, values), size = symbolic::evaluate(range.size, values),
         step = symbolic::evaluate(range.step, values);
    if (!begin || !size || !step) return {{-1}};  // a symbol without value: told apart by the caller
    Elements longer;
    for (const auto& element : out)
      for (int64_t k = 0; k < *size; ++k) {
        longer.insert(element);
        auto node = longer.extract(element);
        node.value().push_back(*begin + k * *step);
        longer.insert(std::move(node));
      }
    out = std::move(longer);
  }
  return out;
}

// Calls `visit` with the values of all parameters of the scopes from the outermost to `entry`.
void for_each_point(const ir::Scopes& scopes, const ir::Node* entry, Values values,
                    const std::function<void(const Values&)>& visit) {
  std::vector<const ir::Node*> chain;
  for (; entry; entry = scopes.parent(*entry)) chain.insert(chain.begin(), entry);
  std::function<void(size_t, size_t)> step = [&](size_t scope, size_t param) {
    if (scope == chain.size()) return visit(values);
    const ir::MapFields& map = *ir::map_of(*chain[scope]);
    if (param == map.params.size()) return step(scope + 1, 0);
    const auto& range = map.range.ranges[param];
    const int64_t begin = *symbolic::evaluate(range.begin, values), size = *symbolic::evaluate(range.size, values);
    for (int64_t k = 0; k < size; ++k) {
      values[map.params[param]] = begin + k * *symbolic::evaluate(range.step, values);
      step(scope, param + 1);
    }
    values.erase(map.params[param]);
  };
  step(0, 0);
}

// Every pair of inner and outer edge at one border of a scope.
void for_each_border(const ir::State& state, const ir::Scopes& scopes,
                     const std::function<void(const ir::Node&, const ir::Edge&, const ir::Edge&)>& visit) {
  for (const auto& node : state.nodes()) {
    if (ir::is_entry(*node))
      for (const ir::Edge* outer : node->in_edges())
        for (const ir::Edge* inner : node->out_edges())
          if (!outer->memlet().is_empty() && inner->source_connector() == "OUT_" + outer->target_connector().substr(3))
            visit(*node, *inner, *outer);
    if (ir::is_exit(*node))
      for (const ir::Edge* outer : node->out_edges())
        for (const ir::Edge* inner : node->in_edges())
          if (inner->target_connector() == "IN_" + outer->source_connector().substr(4))
            visit(*scopes.entry(*node), *inner, *outer);
  }
}

Values values_for(const ir::SDFG& sdfg, const Values& sizes) {
  Values values;
  for (const auto& [name, type] : sdfg.get().symbols)
    values[name] = name[0] == 'N' ? sizes.at("N") : name[0] == 'M' ? sizes.at("M") : 0;
  return values;
}

TEST(Propagate, OuterMemletsHoldAllElementsOfInnerOnes) {
  const auto [first, last] = tests::fuzz_seeds(30);
  size_t compared = 0;
  for (uint64_t seed = first; seed <= last; ++seed) {
    const tests::RandomGraph graph = tests::random_graph(seed);
    analysis::propagate_memlets(*graph.sdfg);
    const auto problems = ir::find_problems(*graph.sdfg);
    ASSERT_TRUE(problems.empty()) << "seed " << seed << ": " << problems[0].message;
    for (ir::SDFG* sdfg : ir::all_sdfgs(*graph.sdfg))
      for (ir::State* state : ir::all_states(*sdfg)) {
        const ir::Scopes scopes(*state);
        for_each_border(*state, scopes, [&](const ir::Node& entry, const ir::Edge& inner, const ir::Edge& outer) {
          if (inner.memlet().get().data != outer.memlet().get().data) return;
          for_each_point(scopes, &entry, values_for(*sdfg, graph.symbols), [&](const Values& values) {
            const Elements within = elements_of(outer.memlet().get().subset, values);
            for (const auto& element : elements_of(inner.memlet().get().subset, values))
              ASSERT_TRUE(within.count(element)) << "seed " << seed << ": " << text::to_string(inner.memlet().get())
                                                 << " in " << text::to_string(outer.memlet().get());
            ++compared;
          });
        });
      }
    const std::string once = text::print(*graph.sdfg);
    analysis::propagate_memlets(*graph.sdfg);
    ASSERT_EQ(text::print(*graph.sdfg), once) << "seed " << seed;
  }
  EXPECT_GT(compared, 100u);
}

// Writes that are said to be certain: all iterations together write exactly the subset.
TEST(Effects, CertainWritesAreComplete) {
  const auto [first, last] = tests::fuzz_seeds(30);
  size_t compared = 0;
  for (uint64_t seed = first; seed <= last; ++seed) {
    const tests::RandomGraph graph = tests::random_graph(seed);
    for (ir::SDFG* sdfg : ir::all_sdfgs(*graph.sdfg))
      for (ir::State* state : ir::all_states(*sdfg)) {
        const ir::Scopes scopes(*state);
        const Values values = values_for(*sdfg, graph.symbols);
        std::map<std::string, Elements> written;
        for (const auto& edge : state->edges()) {
          if (!ir::as<ir::MapExit>(&edge->target()) || !ir::as<ir::Tasklet>(&edge->source())) continue;
          for_each_point(scopes, scopes.parent(edge->source()), values, [&](const Values& at) {
            written[edge->memlet().get().data].merge(elements_of(edge->memlet().get().subset, at));
          });
        }
        for (const auto& access : analysis::effects_of(*state).writes) {
          auto found = written.find(access.container);
          if (!access.certain || found == written.end()) continue;
          for (const auto& element : elements_of(*access.subset, values))
            ASSERT_TRUE(found->second.count(element))
                << "seed " << seed << ": " << access.container << " in " << state->label();
          ++compared;
        }
      }
  }
  EXPECT_GT(compared, 20u);
}

}  // namespace
}  // namespace thalweg
