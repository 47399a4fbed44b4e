// Loop distribution: a loop becomes two, each with a part of its body.
//
//   for i in range(N): s = s + a[i]; b[i] = 2*a[i]
//   ==>
//   for i in range(N): s = s + a[i]
//   for i in range(N): b[i] = 2*a[i]
//
// Legal when no iteration of the second part touches what a later one of the first touches, with one of them writing it
// (loop_halves.h). A part without a recurrence may then become a map.
#include "transforms/loop_distribution.h"

#include "analysis/dependences.h"
#include "transforms/control_edit.h"
#include "transforms/loop_halves.h"
#include "transforms/loop_sites.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;

namespace {

struct Cut {
  Ref<LoopRegion> loop;
  Ref<ControlFlowBlock> block;  // the first of the second part
};

struct LoopDistribution {
  static constexpr std::string_view name = "LoopDistribution";
  static constexpr std::string_view help = "A loop becomes two, each with a part of its body.";
  using Site = Cut;
  struct Plan {
    Cut site;
  };

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> out;
    for (const LoopSite& site : loop_sites(graph)) {
      const auto chain = site.loop->chain();
      for (size_t k = 1; chain && k < chain->size(); ++k)
        out.push_back({site.loop, Ref<ControlFlowBlock>((*chain)[k])});
    }
    return out;
  }
  static bool present(const Site& site) { return site.loop->log() && site.block->parent() == site.loop.get(); }
  static std::string describe(const Site& site) {
    return "loop " + site.loop->label() + " before " + site.block->label();
  }
  static base::Location location(const Site& site) { return site.loop->location(); }

  static rewrite::Match<Plan> match(SDFG&, const Site& site) {
    LoopRegion& loop = *site.loop;
    const auto chain = loop.chain();
    const size_t cut = position(loop, *site.block);
    if (!chain || cut == 0) return Declined{"its body is no chain of blocks"};
    const InterstateEdge* between = loop.in_edges(*site.block)[0];
    if (!legal("LoopDistribution.nothing_between", between->get().assignments.empty()))
      return Declined{"symbols are assigned between the two parts"};
    const analysis::CountedLoop counted = analysis::counted(loop);
    if (!counted.ok()) return Declined{counted.problem};
    const LoopHalf first = half_of(loop, 0, cut), second = half_of(loop, cut, chain->size());
    for (const LoopHalf* half : {&first, &second})
      if (half->body.accesses.empty()) return Declined{"one part does nothing"};
    if (auto reason = coupled(loop, counted.range, first, second)) return Declined{*reason};
    return Plan{site};
  }

  static void apply(SDFG&, const Plan& plan) {
    LoopRegion& loop = *plan.site.loop;
    ControlFlowRegion& region = *loop.parent();
    const size_t cut = position(loop, *plan.site.block);
    auto second = make_ref<LoopRegion>(unique_label(region, loop.label()), loop.get());
    second->set_location(loop.location());
    auto chain = *loop.chain();
    chain.erase(chain.begin(), chain.begin() + static_cast<std::ptrdiff_t>(cut));
    loop.remove_edge(*loop.in_edges(*chain.front())[0]);
    insert_behind(loop, second);
    move_chain(loop, *second, chain);
  }

 private:
  // In the chain; 0 where there is no chain any more.
  static size_t position(const LoopRegion& loop, const ControlFlowBlock& block) {
    const auto chain = loop.chain();
    for (size_t k = 0; chain && k < chain->size(); ++k)
      if ((*chain)[k] == &block) return k;
    return 0;
  }
};

}  // namespace

const rewrite::Transformation loop_distribution = rewrite::make_transformation<LoopDistribution>();

}  // namespace thalweg::transforms
