// States: nodes in topological order, maps as loops, edges between access nodes as copies, views and references as
// pointers.
#include <algorithm>

#include "base/planted.h"
#include "lower/lowering.h"

namespace thalweg::lower {

std::map<const ir::Node*, ir::Node*> scope_parents(const ir::State& state) {
  std::map<const ir::Node*, ir::Node*> parents;
  for (ir::Node* node : state.topological_order()) {
    ir::Node* parent = nullptr;
    if (auto* exit = ir::as<ir::MapExit>(node)) {
      parents[node] = parents[exit->entry()];
      continue;
    }
    for (const ir::Edge* edge : node->in_edges()) {
      ir::Node* source = &edge->source();
      bool entry = ir::as<ir::MapEntry>(source) || ir::as<ir::ConsumeEntry>(source);
      parent = entry ? source : parents[source];
      if (parent) break;
    }
    parents[node] = parent;
  }
  return parents;
}

namespace {

// Edges that say what a pointer points at move no data.
bool moves_data(const ir::Edge& edge) {
  return edge.target_connector() != "set" && edge.target_connector() != "views" && edge.source_connector() != "views";
}

// Follows an edge out of a map entry (into a map exit) to the container outside.
const ir::Edge* outer_edge(const ir::Edge* edge) {
  while (ir::as<ir::MapEntry>(&edge->source())) {
    std::string connector = edge->source_connector();
    if (connector.substr(0, 4) != "OUT_") return nullptr;
    edge = edge->source().in_edge("IN_" + connector.substr(4));
    if (!edge) return nullptr;
  }
  return edge;
}
const ir::Edge* outer_edge_out(const ir::Edge* edge) {
  while (ir::as<ir::MapExit>(&edge->target())) {
    std::string connector = edge->target_connector();
    if (connector.substr(0, 3) != "IN_") return nullptr;
    edge = edge->target().out_edge("OUT_" + connector.substr(3));
    if (!edge) return nullptr;
  }
  return edge;
}

std::vector<ir::Node*> scope_chain(const std::map<const ir::Node*, ir::Node*>& parents, const ir::Node* node) {
  std::vector<ir::Node*> chain;  // outermost first
  for (ir::Node* scope = parents.at(node); scope; scope = parents.at(scope)) chain.insert(chain.begin(), scope);
  return chain;
}

void find_local(const ir::ControlFlowRegion& region, std::map<std::string, std::vector<ir::Node*>>& into) {
  for (const auto& block : region.blocks()) {
    if (auto* inner = ir::as<ir::ControlFlowRegion>(block.get())) find_local(*inner, into);
    if (auto* conditional = ir::as<ir::ConditionalBlock>(block.get()))
      for (const auto& branch : conditional->branches()) find_local(*branch.body, into);
    auto* state = ir::as<ir::State>(block.get());
    if (!state) continue;
    auto parents = scope_parents(*state);
    for (const auto& node : state->nodes()) {
      auto* access = ir::as<ir::AccessNode>(node.get());
      if (!access) continue;
      std::vector<ir::Node*> chain = scope_chain(parents, node.get());
      auto [at, fresh] = into.emplace(access->get().data, chain);
      if (fresh) continue;
      size_t common = 0;
      while (common < chain.size() && common < at->second.size() && chain[common] == at->second[common]) ++common;
      at->second.resize(common);
    }
  }
}

}  // namespace

// Transients whose access nodes all lie in one map scope, by that scope: they live for one iteration of it.
std::map<std::string, const ir::Node*> local_containers(const ir::SDFG& sdfg) {
  std::map<std::string, std::vector<ir::Node*>> chains;
  find_local(sdfg, chains);
  std::map<std::string, const ir::Node*> local;
  for (const auto& [name, chain] : chains) {
    const ir::Container* container = sdfg.find(name);
    if (!chain.empty() && container && (*container)->transient && container->get().kind != ir::ContainerKind::reference)
      local[name] = chain.back();
  }
  return local;
}

Status Lowering::lower_state(Graph& graph, ir::State& state) {
  TW_TRY_VOID(lower_scope(graph, state, nullptr));
  return base::success();
}

Status Lowering::lower_scope(Graph& graph, ir::State& state, ir::Node* scope) {
  auto parents = scope_parents(state);
  TW_TRY_VOID(lower_views(graph, state, scope));
  for (ir::Node* node : state.topological_order())
    if (parents[node] == scope) TW_TRY_VOID(lower_node(graph, state, *node));
  return base::success();
}

Status Lowering::lower_node(Graph& graph, ir::State& state, ir::Node& node) {
  return ir::match(
      node, [&](ir::AccessNode* access) { return lower_access(graph, state, *access); },
      [&](ir::Tasklet* tasklet) {
        add_source(tasklet->location());
        return lower_tasklet(graph, *tasklet);
      },
      [&](ir::MapEntry* entry) { return lower_map(graph, state, *entry); },
      [&](ir::MapExit*) { return base::success(); },
      [&](ir::ConsumeEntry* entry) -> Status {
        return refuse(entry->location(), "a consume scope runs in the interpreter only for now");
      },
      [&](ir::ConsumeExit*) { return base::success(); },
      [&](ir::NestedSDFG* nested) { return lower_nested(graph, *nested); },
      [&](ir::LibraryNode* library) {
        add_source(library->location());
        return lower_library(graph, *library);
      });
}

// What arrives at an access node from other access nodes is copied when the node is reached.
Status Lowering::lower_access(Graph& graph, ir::State& state, ir::AccessNode& node) {
  for (const ir::Edge* edge : node.in_edges()) {
    if (edge->target_connector() == "set") TW_TRY_VOID(lower_reference_sets(graph, state));
    if (!moves_data(*edge) || edge->memlet().is_empty()) continue;
    const ir::Edge* origin = outer_edge(edge);
    auto* source = origin ? ir::as<ir::AccessNode>(&origin->source()) : nullptr;
    if (!source) continue;
    add_source(edge->location().empty() ? node.location() : edge->location());
    const ir::MemletFields& memlet = edge->memlet().get();
    const std::string& from = source->get().data;
    ir::CopySubsets sides;
    if (origin == edge) {
      sides = ir::copy_subsets(*graph.sdfg, *edge);
    } else {
      symbolic::Subset whole = symbolic::Subset::whole(graph.sdfg->container(node->data).get().shape);
      bool of_source = memlet.data == from;
      symbolic::Subset other = memlet.other_subset ? *memlet.other_subset : of_source ? whole : memlet.subset;
      sides = of_source ? ir::CopySubsets{memlet.subset, other} : ir::CopySubsets{other, memlet.subset};
    }
    TW_TRY_VOID(lower_copy(graph, from, sides.source, node->data, sides.target, memlet, node.location()));
  }
  // Out of a map scope: the copy happens inside, at the end of the access node.
  for (const ir::Edge* edge : node.out_edges()) {
    if (!ir::as<ir::MapExit>(&edge->target()) || edge->memlet().is_empty()) continue;
    const ir::Edge* last = outer_edge_out(edge);
    auto* target = last ? ir::as<ir::AccessNode>(&last->target()) : nullptr;
    if (!target) continue;
    const ir::MemletFields& memlet = edge->memlet().get();
    const std::string& to = target->get().data;
    symbolic::Subset whole = symbolic::Subset::whole(graph.sdfg->container(node->data).get().shape);
    bool of_target = memlet.data == to;
    symbolic::Subset other = memlet.other_subset ? *memlet.other_subset : of_target ? whole : memlet.subset;
    TW_TRY_VOID(lower_copy(graph, node->data, of_target ? other : memlet.subset, to, of_target ? memlet.subset : other,
                           memlet, node.location()));
  }
  return base::success();
}

Status Lowering::lower_map(Graph& graph, ir::State& state, ir::MapEntry& entry) {
  const ir::MapFields& map = entry.scope().get();
  if (!in_map()) add_source(entry.location());
  symbolic::Substitution before;
  std::vector<Loop> loops;
  std::vector<std::string> taken;
  const std::string& level = map.schedule.row().level;
  bool parallel = map_depth_ == 0 && (level == "parallel" || map.schedule == ir::schedules::default_);
  if (level != "serial" && level != "parallel" && level != "vector")
    return refuse(entry.location(),
                  "a map with the schedule " + map.schedule.name() + " cannot be compiled for the CPU");
  for (size_t p = 0; p < map.params.size(); ++p) {
    const symbolic::Range& range = map.range.ranges[p];
    std::string variable = names_.fresh(map.params[p]);
    taken.push_back(variable);
    Loop loop{variable, in(graph, range.begin), in(graph, range.end()), in(graph, range.step)};
    loop.level = parallel ? Level::parallel : Level::serial;
    loop.simd_safe = true;
    loop.id = next_id_++;
    if (auto at = graph.symbols.find(map.params[p]); at != graph.symbols.end()) before[map.params[p]] = at->second;
    graph.symbols[map.params[p]] = Expr::symbol(variable);
    loops.push_back(std::move(loop));
  }
  ++map_depth_;
  Body body;
  Status status = into(body, [&]() -> Status {
    std::vector<std::string> here;
    for (const auto& [name, scope] : graph.local)
      if (scope == &entry) here.push_back(name);
    for (const std::string& name : here) TW_TRY_VOID(declare_container(graph, graph.sdfg->container(name)));
    TW_TRY_VOID(lower_scope(graph, state, &entry));
    for (const std::string& name : here) graph.bindings.erase(name);
    return base::success();
  });
  --map_depth_;
  for (const std::string& name : map.params) graph.symbols.erase(name);
  for (auto& [name, value] : before) graph.symbols[name] = value;
  TW_TRY_VOID(std::move(status));
  for (size_t p = loops.size(); p-- > 0;) {
    loops[p].body = std::move(body);
    body = {};
    body.push_back({std::move(loops[p])});
  }
  for (Statement& s : body) out_->push_back(std::move(s));
  for (const std::string& name : taken) names_.give_back(name);
  return base::success();
}

Status Lowering::lower_copy(Graph& graph, const std::string& from, const symbolic::Subset& source,
                            const std::string& to, const symbolic::Subset& target, const ir::MemletFields& memlet,
                            const base::Location& location) {
  TW_TRY(const Binding* read, binding(graph, from, location));
  TW_TRY(const Binding* write, binding(graph, to, location));
  symbolic::Subset src = in(graph, source), dst = in(graph, target);
  std::vector<size_t> src_dims, dst_dims;
  for (size_t d = 0; d < src.rank(); ++d)
    if (!src.ranges[d].size.is(1)) src_dims.push_back(d);
  for (size_t d = 0; d < dst.rank(); ++d)
    if (!dst.ranges[d].size.is(1)) dst_dims.push_back(d);
  bool same = src_dims.size() == dst_dims.size();
  for (size_t k = 0; same && k < src_dims.size(); ++k)
    same = src.ranges[src_dims[k]].size == dst.ranges[dst_dims[k]].size;
  if (!same && src.num_elements() == dst.num_elements() && !in_map())
    return refuse(location, "a copy between subsets of different shapes cannot be compiled yet");
  if (!same) return refuse(location, "a copy between subsets of different sizes");

  std::vector<Loop> loops;
  std::vector<Ptr> src_index, dst_index;
  for (const auto& range : src.ranges) src_index.push_back(index_of(range.begin));
  for (const auto& range : dst.ranges) dst_index.push_back(index_of(range.begin));
  for (size_t k = 0; k < src_dims.size(); ++k) {
    const symbolic::Range &a = src.ranges[src_dims[k]], &b = dst.ranges[dst_dims[k]];
    Loop loop{names_.fresh("i" + std::to_string(k)), 0, a.size};
    loop.level = map_depth_ == 0 ? Level::parallel : Level::serial;
    loop.simd_safe = true;
    loop.id = next_id_++;
    Expr at = Expr::symbol(loop.variable);
    src_index[src_dims[k]] = index_of(base::planted("lower.copy_from_target") ? b.at(at) : a.at(at));
    dst_index[dst_dims[k]] = index_of(b.at(at));
    loops.push_back(std::move(loop));
  }
  for (const Loop& loop : loops) names_.give_back(loop.variable);
  Body body;
  TW_TRY_VOID(into(body, [&]() -> Status {
    TW_TRY(Ptr value, load(graph, *read, src_index, read->fields->dtype));
    store(*write, dst_index, value, memlet, location);
    return base::success();
  }));
  for (size_t k = loops.size(); k-- > 0;) {
    loops[k].body = std::move(body);
    body = {};
    body.push_back({std::move(loops[k])});
  }
  for (Statement& s : body) out_->push_back(std::move(s));
  return base::success();
}

// All sets of a state at once, before anything of the state uses the new targets.
Status Lowering::lower_reference_sets(Graph& graph, ir::State& state) {
  if (sets_done_ == &state) return base::success();
  sets_done_ = &state;
  SetPointers sets;
  for (const auto& edge : state.edges()) {
    if (edge->target_connector() != "set") continue;
    auto* target = ir::as<ir::AccessNode>(&edge->target());
    const ir::MemletFields& memlet = edge->memlet().get();
    TW_TRY(const Binding* pointer, binding(graph, target->get().data, target->location()));
    TW_TRY(const Binding* base, binding(graph, memlet.data, target->location()));
    if (base->variable)
      return refuse(target->location(), "a reference to the scalar '" + memlet.data + "' cannot be compiled yet");
    std::vector<Ptr> index;
    for (const auto& range : in(graph, memlet.subset).ranges) index.push_back(index_of(range.begin));
    sets.sets.push_back({pointer->name, base->name, element_index(*base, index)});
    if (base::planted("lower.references_in_order")) add(std::exchange(sets, {}));
  }
  add(std::move(sets));
  return base::success();
}

// Views of a scope, set where the scope begins; views of views in the order of their bases.
Status Lowering::lower_views(Graph& graph, ir::State& state, ir::Node* scope) {
  auto parents = scope_parents(state);
  std::vector<const ir::Edge*> waiting;
  for (const auto& edge : state.edges()) {
    bool reads = edge->target_connector() == "views", writes = edge->source_connector() == "views";
    if (reads && parents[&edge->target()] == scope) waiting.push_back(edge.get());
    if (writes && parents[&edge->source()] == scope) waiting.push_back(edge.get());
  }
  std::set<std::string> set;
  auto view_of = [](const ir::Edge* edge) {
    ir::Node& node = edge->target_connector() == "views" ? edge->target() : edge->source();
    return ir::as<ir::AccessNode>(&node)->get().data;
  };
  while (!waiting.empty()) {
    size_t left = waiting.size();
    for (size_t k = 0; k < waiting.size();) {
      const ir::Edge* edge = waiting[k];
      const ir::MemletFields& memlet = edge->memlet().get();
      bool blocked = std::any_of(waiting.begin(), waiting.end(),
                                 [&](const ir::Edge* other) { return other != edge && view_of(other) == memlet.data; });
      if (blocked && view_of(edge) != memlet.data) {
        ++k;
        continue;
      }
      const base::Location& location = edge->location();
      std::string view = view_of(edge);
      if (memlet.data == view) return refuse(location, "a view's memlet must name the container behind the view");
      TW_TRY(const Binding* pointer, binding(graph, view, location));
      TW_TRY(const Binding* base, binding(graph, memlet.data, location));
      if (base->variable) return refuse(location, "a view of the scalar '" + memlet.data + "' cannot be compiled yet");
      std::vector<Ptr> index;
      for (const auto& range : in(graph, memlet.subset).ranges) index.push_back(index_of(range.begin));
      Buffer& buffer = program_.buffers.at(pointer->name);
      if (std::find(buffer.targets.begin(), buffer.targets.end(), base->name) == buffer.targets.end())
        buffer.targets.push_back(base->name);
      if (set.insert(view).second) add(SetPointers{{{pointer->name, base->name, element_index(*base, index)}}});
      waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(k));
    }
    if (waiting.size() == left) return refuse({}, "views of one another in a circle");
  }
  return base::success();
}

}  // namespace thalweg::lower
