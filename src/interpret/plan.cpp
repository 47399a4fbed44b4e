#include "interpret/plan.h"

#include <algorithm>
#include <set>

namespace thalweg::interpret {

bool is_stream(const ir::SDFG& sdfg, std::string_view container) {
  const ir::Container* found = sdfg.find(container);
  return found && found->get().kind == ir::ContainerKind::stream;
}

namespace {

bool is_entry(const ir::Node& node) {
  return dynamic_cast<const ir::MapEntry*>(&node) || dynamic_cast<const ir::ConsumeEntry*>(&node);
}
bool is_exit(const ir::Node& node) {
  return dynamic_cast<const ir::MapExit*>(&node) || dynamic_cast<const ir::ConsumeExit*>(&node);
}
const ir::Element* scope_of(const ir::Node& node) {
  if (auto* entry = dynamic_cast<const ir::MapEntry*>(&node)) return &entry->scope();
  if (auto* exit = dynamic_cast<const ir::MapExit*>(&node)) return &exit->scope();
  if (auto* entry = dynamic_cast<const ir::ConsumeEntry*>(&node)) return &entry->scope();
  if (auto* exit = dynamic_cast<const ir::ConsumeExit*>(&node)) return &exit->scope();
  return nullptr;
}

// "IN_x" <-> "OUT_x".
std::string partner(const std::string& connector) {
  if (connector.starts_with("IN_")) return "OUT_" + connector.substr(3);
  if (connector.starts_with("OUT_")) return "IN_" + connector.substr(4);
  return {};
}

bool is_stream_access(const ir::SDFG& sdfg, const ir::Node& node) {
  auto* access = dynamic_cast<const ir::AccessNode*>(&node);
  return access && is_stream(sdfg, access->get().data);
}

// Moving data into or out of a stream orders nothing: the stream does, element by element.
bool orders(const ir::SDFG& sdfg, const ir::Edge& edge) {
  return edge.memlet().is_empty() || (!is_stream_access(sdfg, edge.source()) && !is_stream_access(sdfg, edge.target()));
}

class Planner {
 public:
  explicit Planner(const ir::State& state) : state_(state), sdfg_(*state.sdfg()) {}

  StatePlan make() {
    order_ = state_.topological_order();
    find_scopes();
    for (ir::Node* node : order_)
      if (!is_exit(*node)) add_unit(*node);
    plan_.scopes.try_emplace(nullptr);
    for (const auto& edge : state_.edges()) add_edge(*edge);
    sort_views();
    return std::move(plan_);
  }

 private:
  // A node lies in the scope its predecessors lie in, or open, or behind an exit: the one around it.
  void find_scopes() {
    for (ir::Node* node : order_) {
      const ir::Node* entry = nullptr;
      if (is_exit(*node)) {
        entry = plan_.entry_of.at(entry_with(scope_of(*node)));
      } else if (!node->in_edges().empty()) {
        const ir::Node& before = node->in_edges().front()->source();
        entry = is_entry(before) ? &before : plan_.entry_of.at(&before);
      }
      plan_.entry_of[node] = entry;
    }
  }
  const ir::Node* entry_with(const ir::Element* scope) {
    for (ir::Node* node : order_)
      if (is_entry(*node) && scope_of(*node) == scope) return node;
    TW_CHECK(false, "a scope exit without its entry");
    return nullptr;
  }
  // The node that stands for this one among its siblings: an exit's entry, else itself.
  const ir::Node* standing(const ir::Node& node) { return is_exit(node) ? entry_with(scope_of(node)) : &node; }

  void add_unit(ir::Node& node) {
    Siblings& siblings = plan_.scopes[plan_.entry_of.at(&node)];
    if (is_entry(node)) plan_.scopes.try_emplace(&node);
    position_[&node] = siblings.units.size();
    Unit unit;
    unit.node = &node;
    siblings.units.push_back(std::move(unit));
  }

  void add_edge(const ir::Edge& edge) {
    const ir::Node* source = standing(edge.source());
    const ir::Node* target = standing(edge.target());
    const bool from_entry = is_entry(edge.source()), into_exit = is_exit(edge.target());
    // Which scope the edge runs in: inside its source when that is an entry.
    const ir::Node* scope = from_entry ? &edge.source() : plan_.entry_of.at(source);
    Siblings& siblings = plan_.scopes.at(scope);
    if (edge.target_connector() == "set") siblings.sets.push_back(&edge);
    if (edge.target_connector() == "views" || edge.source_connector() == "views") siblings.views.push_back(&edge);
    const bool stream = !edge.memlet().is_empty() && touches_stream(edge);
    if (stream) siblings.streams = true;
    Unit* to = into_exit ? nullptr : &siblings.units[position_.at(target)];
    Unit* from = from_entry ? nullptr : &siblings.units[position_.at(source)];
    if (stream && to) to->streams = true;
    if (stream && from) {
      from->streams = true;
      if (auto* access = dynamic_cast<const ir::AccessNode*>(&outermost_target(edge).target()))
        if (is_stream_access(sdfg_, *access)) from->pushes.push_back(access->get().data);
    }
    // An access node that copies into a stream is run at the target.
    if (stream && to && is_stream_access(sdfg_, *target)) to->pushes.push_back(edge_data(*target));
    if (from && to && from != to && orders(sdfg_, edge)) to->after.push_back(position_.at(source));
  }
  static std::string edge_data(const ir::Node& node) { return dynamic_cast<const ir::AccessNode&>(node).get().data; }
  bool touches_stream(const ir::Edge& edge) {
    return is_stream(sdfg_, edge.memlet()->data) || is_stream_access(sdfg_, edge.source()) ||
           is_stream_access(sdfg_, edge.target());
  }

  // A view over a view is bound after it: in the order of the nodes when reading, against it when writing.
  void sort_views() {
    std::unordered_map<const ir::Node*, size_t> rank;
    for (size_t i = 0; i < order_.size(); ++i) rank[order_[i]] = i;
    for (auto& [entry, siblings] : plan_.scopes) {
      auto writes = std::stable_partition(siblings.views.begin(), siblings.views.end(),
                                          [](const ir::Edge* edge) { return edge->target_connector() == "views"; });
      std::stable_sort(siblings.views.begin(), writes, [&](const ir::Edge* a, const ir::Edge* b) {
        return rank.at(&a->target()) < rank.at(&b->target());
      });
      std::stable_sort(writes, siblings.views.end(), [&](const ir::Edge* a, const ir::Edge* b) {
        return rank.at(&a->source()) > rank.at(&b->source());
      });
    }
  }

  const ir::State& state_;
  const ir::SDFG& sdfg_;
  std::vector<ir::Node*> order_;
  std::unordered_map<const ir::Node*, size_t> position_;
  StatePlan plan_;
};

}  // namespace

StatePlan make_plan(const ir::State& state) { return Planner(state).make(); }

const ir::Edge& outermost_source(const ir::Edge& edge) {
  const ir::Edge* at = &edge;
  while (is_entry(at->source())) {
    const ir::Edge* outer = at->source().in_edge(partner(at->source_connector()));
    if (!outer) break;
    at = outer;
  }
  return *at;
}

const ir::Edge& outermost_target(const ir::Edge& edge) {
  const ir::Edge* at = &edge;
  while (is_exit(at->target())) {
    const ir::Edge* outer = at->target().out_edge(partner(at->target_connector()));
    if (!outer) break;
    at = outer;
  }
  return *at;
}

}  // namespace thalweg::interpret
