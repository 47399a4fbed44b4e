// The accesses of states: edges at code nodes, copies, maps, nested graphs.
#include <algorithm>

#include "analysis/collect.h"
#include "analysis/loop_range.h"
#include "base/match.h"
#include "base/result.h"

namespace thalweg::analysis {

using namespace ir;
using symbolic::Expr;
using symbolic::Subset;

namespace {

bool is_pointer_edge(const Edge& edge) {
  return edge.target_connector() == "set" || edge.target_connector() == "views" || edge.source_connector() == "views";
}

std::string text_of(const std::string& container, const std::optional<Subset>& subset) {
  if (!subset) return "elements of " + container;
  return subset->ranges.empty() ? container : container + "[" + symbolic::to_string(*subset) + "]";
}

// The container at the outer end of an edge that leaves or enters a scope.
const AccessNode* outer_source(const Edge& edge) {
  const Edge* at = &edge;
  while (at && is_entry(at->source()))
    at = at->source_connector().size() > 4 ? at->source().in_edge("IN_" + at->source_connector().substr(4)) : nullptr;
  return at ? as<AccessNode>(&at->source()) : nullptr;
}
const AccessNode* outer_target(const Edge& edge) {
  const Edge* at = &edge;
  while (at && is_exit(at->target()))
    at = at->target_connector().size() > 3 ? at->target().out_edge("OUT_" + at->target_connector().substr(3)) : nullptr;
  return at ? as<AccessNode>(&at->target()) : nullptr;
}

}  // namespace

void Collector::state(const State& state) {
  const ScopeTree scopes(state);
  scope(state, scopes, nullptr);
  note_scalars(state);
}

// A tasklet that reads nothing and stores an index expression to a scalar: what transitions read of that is known.
void Collector::note_scalars(const State& state) {
  const SDFG* graph = state.sdfg();
  symbolic::Substitution found;
  for (const auto& node : state.nodes()) {
    auto* access = as<AccessNode>(node.get());
    if (!access) continue;
    for (const Edge* edge : access->in_edges())
      if (!edge->memlet().is_empty()) {
        scalars_.erase(access->get().data);
        found.erase(access->get().data);
      }
    const bool once = access->in_edges().size() == 1 && graph->container(access->get().data).is_scalar();
    auto* tasklet = once ? as<Tasklet>(&access->in_edges()[0]->source()) : nullptr;
    if (!tasklet || !tasklet->in_edges().empty() || tasklet->get().code.size() != 1) continue;
    auto* store = std::get_if<code::Store>(&tasklet->get().code[0]);
    auto value = store && store->indices.empty() ? index_of(store->value) : std::nullopt;
    if (value && access->in_edges()[0]->memlet()->wcr == Wcr::none) found[access->get().data] = value_of(*value);
  }
  for (auto& [name, value] : found) {
    const bool once = std::count_if(state.nodes().begin(), state.nodes().end(), [&](const Ref<Node>& node) {
                        auto* access = as<AccessNode>(node.get());
                        return access && access->get().data == name && !access->in_edges().empty();
                      }) == 1;
    if (once && now_.ordered) scalars_[name] = value;
  }
}

void Collector::scope(const State& state, const ScopeTree& scopes, const Node* entry) {
  for (Node* node : scopes.children(entry)) this->node(state, scopes, *node);
}

void Collector::node(const State& state, const ScopeTree& scopes, Node& node) {
  ++order_;
  for (const std::string& name : used_symbols(node)) value_of(Expr::symbol(name));  // in code, too: may be carried
  match(
      node,
      [&](AccessNode* access) {
        copies_into(state, *access);
        copies_out(state, *access);
      },
      [&](Tasklet* tasklet) {
        if (tasklet->get().side_effects) obstacle("it has side effects, whose order is kept", tasklet->location());
        if (tasklet->get().language.row().opaque) obstacle("it runs foreign code", tasklet->location());
        code_edges(node);
      },
      [&](MapEntry* entry) { map(state, scopes, *entry); }, [](MapExit*) {},
      [&](ConsumeEntry* entry) { obstacle("it consumes a stream", entry->location()); }, [](ConsumeExit*) {},
      [&](NestedSDFG* nested) { this->nested(*nested); },
      [&](LibraryNode* library) {
        if (library->get().operation == "Callback") obstacle("it calls Python", library->location());
        conservative(node);
      });
}

void Collector::map(const State& state, const ScopeTree& scopes, MapEntry& entry) {
  const MapFields& map = entry.scope().get();
  for (const Edge* edge : entry.in_edges())
    if (!edge->memlet().is_empty() && edge->target_connector().rfind("IN_", 0) != 0)
      add(edge->memlet()->data, edge->memlet()->subset, false, true, edge, entry.location());
  const Now before = now_;
  const symbolic::Substitution outside = values_;
  for (size_t d = 0; d < map.params.size(); ++d) {
    const symbolic::Range& range = map.range.ranges[d];
    enter(map.params[d], symbolic::Range{value_of(range.begin), value_of(range.size), value_of(range.step)});
  }
  scope(state, scopes, &entry);
  for (size_t d = 0; d < map.params.size(); ++d) leave();
  now_ = before;
  values_ = outside;
}

// Reads happen before writes: a tasklet's, and those of other nodes seen from outside.
void Collector::code_edges(const Node& node) {
  for (const Edge* edge : node.in_edges())
    if (!edge->memlet().is_empty())
      add(edge->memlet()->data, edge->memlet()->subset, false, edge->memlet()->subset.is_element(), edge,
          node.location());
  ++order_;
  for (const Edge* edge : node.out_edges())
    if (!edge->memlet().is_empty())
      add(edge->memlet()->data, edge->memlet()->subset, true,
          edge->memlet()->subset.is_element() && !edge->memlet()->dynamic, edge, node.location(), edge->memlet()->wcr);
}

void Collector::conservative(const Node& node) {
  const bool fills = dynamic_cast<const LibraryNode*>(&node) != nullptr;
  for (const Edge* edge : node.in_edges())
    if (!edge->memlet().is_empty())
      add(edge->memlet()->data, edge->memlet()->subset, false, fills, edge, node.location());
  ++order_;
  for (const Edge* edge : node.out_edges())
    if (!edge->memlet().is_empty())
      add(edge->memlet()->data, edge->memlet()->subset, true, fills && !edge->memlet()->dynamic, edge, node.location(),
          edge->memlet()->wcr);
}

void Collector::copies_into(const State& state, const AccessNode& node) {
  const SDFG* sdfg = state.sdfg();
  for (const Edge* edge : node.in_edges()) {
    if (edge->target_connector() == "set") obstacle("it sets the pointer " + node.get().data, edge->location());
    if (edge->memlet().is_empty() || is_pointer_edge(*edge)) continue;
    if (as<AccessNode>(&edge->source())) {
      const CopySubsets subsets = copy_subsets(*sdfg, *edge);
      copy(*edge, as<AccessNode>(&edge->source())->get().data, subsets.source, node.get().data, subsets.target);
    } else if (is_entry(edge->source())) {
      const AccessNode* from = outer_source(*edge);
      const MemletFields& memlet = edge->memlet().get();
      if (!from) continue;
      const bool named_here = memlet.data == node.get().data;
      copy(*edge, from->get().data, named_here ? memlet.other_subset : std::optional(memlet.subset), node.get().data,
           named_here ? std::optional(memlet.subset) : memlet.other_subset);
    }
  }
}

void Collector::copies_out(const State&, const AccessNode& node) {
  for (const Edge* edge : node.out_edges()) {
    if (edge->memlet().is_empty() || is_pointer_edge(*edge) || !is_exit(edge->target())) continue;
    const AccessNode* to = outer_target(*edge);
    const MemletFields& memlet = edge->memlet().get();
    if (!to) continue;
    const bool named_here = memlet.data == node.get().data;
    copy(*edge, node.get().data, named_here ? std::optional(memlet.subset) : memlet.other_subset, to->get().data,
         named_here ? memlet.other_subset : std::optional(memlet.subset));
  }
}

void Collector::copy(const Edge& edge, const std::string& from, const std::optional<Subset>& source,
                     const std::string& to, const std::optional<Subset>& target) {
  const base::Location& where = edge.location().empty() ? edge.target().location() : edge.location();
  const bool exact = !edge.memlet()->dynamic;
  add(from, source, false, exact, &edge, where);
  ++order_;
  add(to, target, true, exact, &edge, where, edge.memlet()->wcr);
}

void Collector::nested(NestedSDFG& nested) {
  SDFG& inner = nested.sdfg();
  Placement placement;
  symbolic::Substitution values;
  for (const auto& [name, value] : nested.get().symbol_mapping) values[name] = value_of(value);
  for (const auto& [name, type] : inner.get().symbols)
    if (!values.count(name)) values[name] = value_of(Expr::symbol(name));
  for (const auto& container : inner.containers()) {
    const ContainerFields& fields = container->get();
    Placed placed;
    const Edge* edge = fields.transient ? nullptr : nested.in_edge(fields.name);
    if (!fields.transient && (!edge || edge->memlet().is_empty())) edge = nested.out_edge(fields.name);
    if (edge && !edge->memlet().is_empty()) {
      placed.container = edge->memlet()->data;
      placed.base = edge->memlet()->subset;
      for (auto& range : placed.base.ranges)
        range = {value_of(range.begin), value_of(range.size), value_of(range.step)};
      placed.aligned = placed.base.rank() == fields.shape.size() && !edge->memlet()->dynamic;
      if (placement_) {
        auto outer = placement_->find(placed.container);
        if (outer == placement_->end()) continue;
        if (outer->second.aligned && placed.aligned && outer->second.base.rank() == placed.base.rank())
          placed.base = symbolic::compose(outer->second.base, placed.base);
        else
          placed.aligned = false, placed.base = outer->second.base;
        placed.container = outer->second.container;
      }
    }
    placement[fields.name] = std::move(placed);
  }
  const Now before = now_;
  const symbolic::Substitution outside = std::exchange(values_, std::move(values));
  const Placement* outer = std::exchange(placement_, &placement);
  const symbolic::Substitution scalars = std::exchange(scalars_, {});
  const bool left = left_;
  const int depth = std::exchange(loop_depth_, loop_depth_ + 1);
  region(inner);
  loop_depth_ = depth;
  placement_ = outer;
  scalars_ = scalars;
  values_ = outside;
  left_ = left;
  now_ = before;
}

void Collector::code_reads(const code::Ptr& code, const base::Location& where) {
  if (!code) return;
  if (code->op == code::Op::input) add(code->name, Subset{}, false, true, nullptr, where);
  if (code->op == code::Op::element) {
    std::optional<Subset> at = Subset{};
    for (const auto& argument : code->args) {
      auto index = index_of(argument);
      if (at && index)
        at->ranges.push_back(symbolic::Range::index(*index));
      else
        at.reset();  // indices that are data themselves: any element
    }
    add(code->name, at, false, at.has_value(), nullptr, where);
  }
  if (code->op == code::Op::symbol) value_of(code->symbol);
  for (const auto& argument : code->args) code_reads(argument, where);
}

void Collector::place(BodyAccess& access, const std::optional<Subset>& subset) {
  if (!subset) {
    access.placed = access.exact = access.exact_in_turn = false;
    return;
  }
  access.subset = *subset;
  for (auto& range : access.subset.ranges) range = {value_of(range.begin), value_of(range.size), value_of(range.step)};
  if (!placement_) return;
  const Placed& placed = placement_->at(access.container);
  access.container = placed.container;
  if (placed.aligned && placed.base.rank() == access.subset.rank()) {
    access.subset = symbolic::compose(placed.base, access.subset);
  } else {
    access.subset = placed.base;
    access.exact = access.exact_in_turn = false;
  }
}

void Collector::add(const std::string& container, const std::optional<Subset>& subset, bool write, bool exact,
                    const Edge* edge, const base::Location& where, Wcr wcr) {
  BodyAccess access;
  access.container = container;
  if (placement_) {
    auto placed = placement_->find(container);
    if (placed == placement_->end() || placed->second.container.empty()) return;  // private to the nested graph
    if (!subset) access.container = placed->second.container;
  }
  access.exact = exact && now_.exact && !left_;
  access.exact_in_turn = exact && now_.exact_in_turn && !left_;
  access.ordered = now_.ordered;
  access.write = write;
  access.wcr = wcr;
  access.order = order_;
  access.frames = now_.frames;
  access.conditions = now_.conditions;
  access.edge = edge;
  access.location = where;
  access.text = text_of(container, subset);
  place(access, subset);
  Names used;
  symbolic::collect_symbols(access.subset, used);
  for (const Expr& condition : access.conditions) symbolic::collect_symbols(condition, used);
  for (const auto& name : used) {
    if (name.find('@') == std::string::npos) continue;
    const bool frame = std::any_of(access.frames.begin(), access.frames.end(),
                                   [&](const Frame* one) { return one->variable == name; });
    if (!frame) access.unknowns.push_back(name);
  }
  body_.accesses.push_back(std::move(access));
}

namespace {

Names assigned_in(const LoopRegion& loop) {
  Names assigned;
  for (const auto& block : loop.blocks()) assigned.merge(assigned_symbols(*block));
  for (const auto& edge : loop.edges())
    for (const auto& [name, value] : edge->get().assignments) assigned.insert(name);
  return assigned;
}

}  // namespace

Body body_of(const LoopRegion& loop) {
  Body body;
  Collector collector(body);
  collector.begin(assigned_in(loop));
  collector.region(loop);
  return body;
}

Body body_of(const LoopRegion& loop, size_t from, size_t to) {
  Body body;
  const auto chain = loop.chain();
  TW_CHECK(chain && from <= to && to <= chain->size(), "no part of a chain");
  Collector collector(body);
  collector.begin(assigned_in(loop));
  collector.chain(loop, std::span(*chain).subspan(from, to - from));
  return body;
}

Body body_of(const State& state, const MapEntry& entry) {
  Body body;
  Collector collector(body);
  const ScopeTree scopes(state);
  collector.scope(state, scopes, &entry);
  return body;
}

}  // namespace thalweg::analysis
