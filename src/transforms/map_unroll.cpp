// Map unrolling: a map of few iterations becomes its contents, once for each.
//
//   [i = 0:2: s = f(A[i]); B[i] = g(s)]      ==>      s = f(A[0]); B[0] = g(s)
//                                                     s_0 = f(A[1]); B[1] = g(s_0)
//
// Temporaries of an iteration get a copy each. What was before the map is before all of it, and the like.
// Declines when: a number of iterations is no constant; there are too many; the map is what makes a device run its
// contents; elements of a stream would be moved in another order.
#include "transforms/map_unroll.h"

#include "analysis/uses.h"
#include "transforms/copy_nodes.h"
#include "transforms/fresh_names.h"
#include "transforms/map_nest.h"
#include "transforms/reach.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Expr;
using symbolic::Substitution;

namespace {

struct MapUnroll : OnMaps {
  static constexpr std::string_view name = "MapUnroll";
  static constexpr std::string_view help = "Replaces a map of few iterations by its contents, once for each.";
  struct Options {
    int64_t limit = 4;
    static constexpr auto describe() {
      return std::tuple{rewrite::option("limit", &Options::limit, "no map of more iterations is unrolled")};
    }
  };
  struct Plan {
    State* state = nullptr;
    MapEntry* entry = nullptr;
    std::vector<Substitution> points;
    std::vector<std::string> own;  // containers that each iteration has for itself
  };

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site, const Options& options) {
    Plan plan{site.state.get(), site.entry.get(), {}, {}};
    const MapFields& map = site.entry->scope().get();
    if (auto declined = collect(map, options.limit, {}, plan.points)) return *declined;
    if (plan.points.empty()) return Declined{"it has no iterations"};
    if (!legal("MapUnroll.host", !runs_on_device(map)))
      return Declined{"the map makes its contents run as " + map.schedule.name()};
    if (!legal("MapUnroll.streams", !touches_stream(graph, *site.entry)))
      return Declined{"elements of a stream would be moved in another order"};
    plan.own = own_containers(graph, *site.entry);
    return plan;
  }

  static void apply(SDFG& graph, const Plan& plan) {
    const std::vector<Node*> body = nodes_in_scope(*plan.entry);
    FreshNames names(graph);
    std::vector<std::vector<Node*>> iterations{body};
    for (size_t k = 1; k < plan.points.size(); ++k) {
      std::map<std::string, std::string> renamed;
      for (const std::string& data : plan.own) {
        ContainerFields fields = graph.container(data).get();
        fields.name = renamed[data] = names.fresh(data);
        graph.add_container(std::move(fields)).set_location(graph.container(data).location());
      }
      iterations.push_back(copy_nodes(*plan.state, body, renamed).nodes);
    }
    for (size_t k = 0; k < plan.points.size(); ++k) substitute_iteration(*plan.entry, iterations[k], plan.points[k]);
    dissolve(*plan.state, *plan.entry);
  }

 private:
  // The points of dimensions from by.size() on, given those before; or why they cannot be listed.
  static std::optional<Declined> collect(const MapFields& map, int64_t limit, const Substitution& by,
                                         std::vector<Substitution>& points) {
    if (by.size() == map.params.size()) {
      points.push_back(by);
      if (static_cast<int64_t>(points.size()) > limit)
        return Declined{"it has more than " + std::to_string(limit) + " iterations"};
      return std::nullopt;
    }
    const size_t d = by.size();
    const symbolic::Range range = symbolic::substitute(map.range.ranges[d], by);
    const auto size = range.size.as_integer();
    if (!legal("MapUnroll.constant", size.has_value()))
      return Declined{"the number of iterations of " + map.params[d] + ", " + symbolic::to_string(range.size) +
                      ", is no constant"};
    for (int64_t k = 0; k < size.value_or(1); ++k) {
      Substitution longer = by;
      longer[map.params[d]] = range.at(k);
      if (auto declined = collect(map, limit, longer, points)) return declined;
    }
    return std::nullopt;
  }

  static std::vector<std::string> own_containers(SDFG& graph, const MapEntry& entry) {
    std::map<std::string, int> inside;
    for (Node* node : nodes_in_scope(entry))
      if (auto* access = as<AccessNode>(node)) ++inside[access->get().data];
    const analysis::ContainerUses uses = analysis::container_uses(graph);
    std::vector<std::string> own;
    for (const auto& [data, count] : inside) {
      const Container* container = graph.find(data);
      if (container && container->get().transient && uses.count(data) == count && uses.only_in_states(data))
        own.push_back(data);
    }
    return own;
  }

  // One iteration's nodes, and their edges to the entry (those of other iterations leave it, too).
  static void substitute_iteration(MapEntry& entry, const std::vector<Node*>& nodes, const Substitution& by) {
    substitute_in(nodes, nullptr, by);
    std::vector<Edge*> from_entry;
    for (Node* node : nodes)
      for (Edge* edge : node->in_edges())
        if (&edge->source() == &entry) from_entry.push_back(edge);
    substitute_in(from_entry, by);
  }
};

}  // namespace

const rewrite::Transformation map_unroll = rewrite::make_transformation<MapUnroll>();

}  // namespace thalweg::transforms
