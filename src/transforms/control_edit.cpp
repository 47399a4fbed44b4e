#include "transforms/control_edit.h"

#include <algorithm>

#include "analysis/symbols.h"
#include "analysis/uses.h"
#include "ir/clone.h"
#include "ir/scopes.h"
#include "transforms/control_code.h"
#include "transforms/reach.h"

namespace thalweg::transforms {

using namespace ir;
using symbolic::Expr;

namespace {

// Transitions leave a block in the order in which they were added: all of a source are made anew.
void lead_to(ControlFlowRegion& region, ControlFlowBlock& old, ControlFlowBlock& target) {
  std::vector<ControlFlowBlock*> sources;
  for (InterstateEdge* edge : region.in_edges(old))
    if (std::find(sources.begin(), sources.end(), &edge->source()) == sources.end()) sources.push_back(&edge->source());
  for (ControlFlowBlock* source : sources)
    for (InterstateEdge* edge : region.out_edges(*source)) {
      ControlFlowBlock& to = &edge->target() == &old ? target : edge->target();
      region.add_edge(*source, to, edge->get()).set_location(edge->location());
      region.remove_edge(*edge);
    }
}

// `old` gives its transitions to the way from `first` to `last`, and goes.
void take_place(ControlFlowBlock& old, ControlFlowBlock& first, ControlFlowBlock& last) {
  ControlFlowRegion& region = *old.parent();
  for (InterstateEdge* edge : region.out_edges(old)) {
    if (!as<JumpBlock>(&last)) region.add_edge(last, edge->target(), edge->get()).set_location(edge->location());
    region.remove_edge(*edge);
  }
  lead_to(region, old, first);
  if (region.start() == &old) region.set_start(first);
  region.remove_block(old);
}

State& add_state(ControlFlowRegion& region, const std::string& label, const base::Location& location) {
  auto state = make_ref<State>(unique_label(region, label));
  region.add_block(state);
  state->set_location(location);
  return *state;
}

// Moves everything into a region of its own.
ControlFlowBlock* move_region(ControlFlowRegion& from, ControlFlowRegion& to) {
  auto region = make_ref<ControlFlowRegion>(unique_label(to, from.label()));
  to.add_block(region);
  region->set_location(from.location());
  const std::vector<Ref<ControlFlowBlock>> blocks = from.blocks();
  const std::vector<Ref<InterstateEdge>> edges = from.edges();
  const Ref<ControlFlowBlock> start(from.start());
  for (const auto& edge : edges) from.remove_edge(*edge);
  for (const auto& block : blocks) region->add_block(block);
  if (start) region->set_start(*start);
  for (const auto& edge : edges)
    region->add_edge(edge->source(), edge->target(), edge->get()).set_location(edge->location());
  return region.get();
}

}  // namespace

std::pair<ControlFlowBlock*, ControlFlowBlock*> move_chain(ControlFlowRegion& from, ControlFlowRegion& to,
                                                           const std::vector<ControlFlowBlock*>& chain) {
  std::vector<std::pair<InterstateEdgeFields, base::Location>> between;
  for (size_t k = 0; k + 1 < chain.size(); ++k) {
    InterstateEdge* edge = from.out_edges(*chain[k])[0];
    between.emplace_back(edge->get(), edge->location());
  }
  for (ControlFlowBlock* block : chain) {
    Ref<ControlFlowBlock> held(block);
    from.remove_block(*block);
    const std::string label = unique_label(to, block->label());
    to.add_block(held);
    if (label != block->label()) block->set_label(label);
  }
  for (size_t k = 0; k + 1 < chain.size(); ++k)
    to.add_edge(*chain[k], *chain[k + 1], between[k].first).set_location(between[k].second);
  return {chain.front(), chain.back()};
}

void insert_behind(ControlFlowBlock& block, const Ref<ControlFlowBlock>& next) {
  ControlFlowRegion& region = *block.parent();
  region.add_block(next);
  for (InterstateEdge* edge : region.out_edges(block)) {
    region.add_edge(*next, edge->target(), edge->get()).set_location(edge->location());
    region.remove_edge(*edge);
  }
  region.add_edge(block, *next, {}).set_location(block.location());
}

std::string unique_label(const ControlFlowRegion& region, const std::string& base) {
  std::set<std::string> taken;
  for (const auto& block : region.blocks()) taken.insert(block->label());
  std::string label = base;
  for (int i = 0; taken.count(label); ++i) label = base + "_" + std::to_string(i);
  return label;
}

void replace_by_body(ControlFlowBlock& block, ControlFlowRegion& body, const Assignments& before,
                     const Assignments& behind) {
  ControlFlowRegion& region = *block.parent();
  const base::Location location = block.location();
  ControlFlowBlock *first = nullptr, *last = nullptr;
  if (auto chain = body.chain(); chain && !chain->empty())
    std::tie(first, last) = move_chain(body, region, *chain);
  else if (body.blocks().empty())
    first = last = &add_state(region, block.label(), location);
  else
    first = last = move_region(body, region);
  if (!before.empty()) {
    State& entry = add_state(region, block.label() + "_begin", location);
    region.add_edge(entry, *first, {nullptr, before}).set_location(location);
    first = &entry;
  }
  if (!behind.empty() && !as<JumpBlock>(last)) {
    State& exit = add_state(region, block.label() + "_end", location);
    region.add_edge(*last, exit, {nullptr, behind}).set_location(location);
    last = &exit;
  }
  take_place(block, *first, *last);
}

void replace_by_block(ControlFlowBlock& block, const Ref<ControlFlowBlock>& by, const Assignments& before) {
  ControlFlowRegion& region = *block.parent();
  const base::Location location = block.location();
  region.add_block(by);
  ControlFlowBlock* first = by.get();
  if (!before.empty()) {
    first = &add_state(region, block.label() + "_begin", location);
    region.add_edge(*first, *by, {nullptr, before}).set_location(location);
  }
  take_place(block, *first, *by);
}

State& insert_before(ControlFlowBlock& block, const std::string& label) {
  ControlFlowRegion& region = *block.parent();
  State& state = add_state(region, label, block.location());
  lead_to(region, block, state);
  region.add_edge(state, block).set_location(block.location());
  if (region.start() == &block) region.set_start(state);
  return state;
}

State& insert_behind(ControlFlowBlock& block, const std::string& label) {
  ControlFlowRegion& region = *block.parent();
  State& state = add_state(region, label, block.location());
  for (InterstateEdge* edge : region.out_edges(block)) {
    region.add_edge(state, edge->target(), edge->get()).set_location(edge->location());
    region.remove_edge(*edge);
  }
  region.add_edge(block, state).set_location(block.location());
  return state;
}

void split_by_condition(ControlFlowBlock& block, const code::Ptr& condition) {
  const std::string label = block.label();
  const Ref<ControlFlowBlock> held(&block), copy = clone_block(block);
  auto conditional = make_ref<ConditionalBlock>(unique_label(*block.parent(), label + "_if"));
  replace_by_block(block, conditional);
  conditional->set_location(held->location());
  for (const bool holds : {true, false}) {
    auto body = make_ref<ControlFlowRegion>(label + (holds ? "_then" : "_else"));
    body->set_location(held->location());
    conditional->add_branch(holds ? condition : nullptr, body);
    body->add_block(holds ? held : copy);
  }
}

// ------------------------------------------------------------------------------------------------ symbols

namespace {

bool touched(const std::set<std::string>& used, const symbolic::Substitution& by) {
  return std::any_of(used.begin(), used.end(), [&](const auto& name) { return by.count(name) > 0; });
}

void replace_in_memlet(Memlet& memlet, const symbolic::Substitution& by) {
  MemletFields fields = memlet.get();
  fields.subset = symbolic::substitute(fields.subset, by);
  if (fields.other_subset) fields.other_subset = symbolic::substitute(*fields.other_subset, by);
  fields.volume = symbolic::substitute(fields.volume, by);
  fields.wcr_code = code::replace(fields.wcr_code, {{}, {}, by});
  const MemletFields& old = memlet.get();
  const bool same = fields.subset == old.subset && fields.other_subset == old.other_subset &&
                    fields.volume == old.volume && fields.wcr_code == old.wcr_code;
  if (!same) memlet.assign(std::move(fields));
}

void replace_in_node(Node& node, const symbolic::Substitution& by) {
  auto in_map = [&](Map& map) {
    symbolic::Subset range = symbolic::substitute(map.get().range, by);
    if (!(range == map.get().range)) map.set<&MapFields::range>(std::move(range));
  };
  match(
      node, [](AccessNode*) {},
      [&](Tasklet* tasklet) {
        std::set<std::string> used;
        code::collect_symbols(tasklet->get().code, used);
        if (touched(used, by)) tasklet->set<&TaskletFields::code>(code::replace(tasklet->get().code, {{}, {}, by}));
      },
      [&](MapEntry* entry) { in_map(entry->scope()); }, [](MapExit*) {},
      [&](ConsumeEntry* entry) {
        ConsumeFields fields = entry->scope().get();
        fields.num_pes = symbolic::substitute(fields.num_pes, by);
        fields.condition = code::replace(fields.condition, {{}, {}, by});
        if (!(fields.num_pes == entry->scope()->num_pes) || fields.condition != entry->scope()->condition)
          entry->scope().assign(std::move(fields));
      },
      [](ConsumeExit*) {},
      [&](NestedSDFG* nested) {
        symbolic::Substitution mapping = nested->get().symbol_mapping;
        for (auto& [name, value] : mapping) value = symbolic::substitute(value, by);
        if (mapping != nested->get().symbol_mapping) nested->set<&NestedSDFGFields::symbol_mapping>(std::move(mapping));
      },
      [&](LibraryNode* library) {
        auto attributes = library->get().attributes;
        bool changed = false;
        for (auto& [name, value] : attributes)
          if (auto* expr = std::get_if<Expr>(&value)) {
            const Expr made = symbolic::substitute(*expr, by);
            changed = changed || !(made == *expr);
            *expr = made;
          }
        if (changed) library->set<&LibraryNodeFields::attributes>(std::move(attributes));
      });
}

}  // namespace

void replace_symbols(State& state, const symbolic::Substitution& by) {
  for (const auto& node : state.nodes()) replace_in_node(*node, by);
  for (const auto& edge : state.edges()) replace_in_memlet(edge->memlet(), by);
}

void replace_code(InterstateEdge& edge, const code::Replacement& by) {
  InterstateEdgeFields fields = edge.get();
  fields.condition = code::replace(fields.condition, by);
  for (auto& [name, value] : fields.assignments) value = code::replace(value, by);
  edge.assign(std::move(fields));
}

void replace_code(ConditionalBlock& block, const code::Replacement& by) {
  for (size_t k = 0; k < block.branches().size(); ++k)
    if (code::Ptr made = code::replace(block.branches()[k].condition, by); made != block.branches()[k].condition)
      block.set_condition(k, made);
}

void replace_code(LoopRegion& loop, const code::Replacement& by, bool init) {
  LoopFields fields = loop.get();
  fields.condition = code::replace(fields.condition, by);
  fields.update = code::replace(fields.update, by);
  if (init) fields.init = code::replace(fields.init, by);
  loop.assign(std::move(fields));
}

void replace_init(LoopRegion& loop, const code::Replacement& by) {
  loop.set<&LoopFields::init>(code::replace(loop.get().init, by));
}

void replace_symbols_inside(ControlFlowRegion& region, const symbolic::Substitution& by) {
  for (const auto& block : region.blocks()) replace_symbols(*block, by);
  for (const auto& edge : region.edges()) replace_code(*edge, {{}, {}, by});
}

void replace_symbols(ControlFlowBlock& block, const symbolic::Substitution& by) {
  if (auto* state = as<State>(&block)) replace_symbols(*state, by);
  if (auto* loop = as<LoopRegion>(&block)) replace_code(*loop, {{}, {}, by}, true);
  if (auto* region = as<ControlFlowRegion>(&block)) replace_symbols_inside(*region, by);
  if (auto* conditional = as<ConditionalBlock>(&block)) {
    replace_code(*conditional, {{}, {}, by});
    for (const auto& branch : conditional->branches()) replace_symbols_inside(*branch.body, by);
  }
}

// ------------------------------------------------------------------------------------------------ inputs

namespace {

// Removes an edge and what only led to it. `from` stays before `to`.
void cut(State& state, Edge& edge) {
  Ref<Node> source(&edge.source()), target(&edge.target());
  const std::string connector = edge.source_connector();
  state.remove_edge(edge);
  const bool needs_order = is_entry(*source) ? target->in_edges().empty() : !source->in_edges().empty();
  if (needs_order && !reaches(*source, *target)) state.add_order(*source, *target);
  if (is_entry(*source) && edges_from(*source, connector).empty()) {
    for (Edge* outer : edges_into(*source, in_of_out(connector))) cut(state, *outer);
    source->remove_in_connector(in_of_out(connector));
    source->remove_out_connector(connector);
  }
  if (as<AccessNode>(source.get()) && source->in_edges().empty() && source->out_edges().empty() && source->owner())
    state.remove_node(*source);
}

}  // namespace

void replace_input(State& state, Edge& edge, const code::Ptr& value) {
  auto* tasklet = as<Tasklet>(&edge.target());
  TW_CHECK(tasklet, "only a tasklet's input can be replaced by a value");
  const std::string connector = edge.target_connector();
  tasklet->set<&TaskletFields::code>(code::replace(tasklet->get().code, {{{connector, value}}, {}, {}}));
  cut(state, edge);
  tasklet->remove_in_connector(connector);
}

// Containers of the graph's own that no state uses any more and whose layout needs one of these symbols.
static std::vector<Container*> useless(const SDFG& graph, const analysis::ContainerUses& uses,
                                       const std::set<std::string>& lost) {
  std::vector<Container*> out;
  for (const auto& container : graph.containers()) {
    const ContainerFields& fields = container->get();
    std::set<std::string> needed;
    for (const auto* list : {&fields.shape, &fields.strides})
      for (const auto& expr : *list) symbolic::collect_symbols(expr, needed);
    const bool needs = std::any_of(needed.begin(), needed.end(), [&](auto& name) { return lost.count(name) > 0; });
    const auto& arguments = graph.get().arguments;  // other memory is the graph's own, results among it
    const bool own = std::find(arguments.begin(), arguments.end(), fields.name) == arguments.end();
    if (needs && own && uses.count(fields.name) == 0) out.push_back(container.get());
  }
  return out;
}

static void forget_containers(SDFG& graph, const std::set<std::string>& lost) {
  const std::vector<Container*> gone = useless(graph, analysis::container_uses(graph), lost);
  if (gone.empty()) return;
  auto without = [&](std::vector<std::string> names) {
    std::erase_if(names, [&](const std::string& name) {
      return std::any_of(gone.begin(), gone.end(), [&](Container* each) { return each->get().name == name; });
    });
    return names;
  };
  for (const auto& container : graph.containers()) {  // what is set nowhere is no target
    if (auto left = without(container->get().targets); left.size() != container->get().targets.size())
      container->set<&ContainerFields::targets>(std::move(left));
    if (auto left = without(container->get().distinct); left.size() != container->get().distinct.size())
      container->set<&ContainerFields::distinct>(std::move(left));
  }
  const analysis::ContainerUses uses = analysis::container_uses(graph);
  for (Container* each : gone)
    if (uses.only_in_states(each->get().name)) graph.remove_container(*each);
}

// Where nothing comes any more (behind a check that never holds), what lost its assignments is still named: it begins with
// 0, for a symbol without an assignment is an argument.
static void begin_with_zero(SDFG& graph, const std::set<std::string>& names) {
  InterstateEdgeFields fields;
  for (const std::string& name : names)
    if (auto declared = graph.get().symbols.find(name); declared != graph.get().symbols.end())
      fields.assignments.emplace_back(name, code::constant(int64_t{0}, declared->second));
  if (fields.assignments.empty()) return;
  ControlFlowBlock* start = graph.start();
  auto first = make_ref<State>(unique_label(graph, "begin"));
  graph.add_block(first);
  first->set_location(start->location());
  graph.add_edge(*first, *start, std::move(fields)).set_location(start->location());
  graph.set_start(*first);
}

void forget_symbols(SDFG& graph, std::set<std::string> lost) {
  for (const std::string& name : analysis::assigned_symbols(graph)) lost.erase(name);
  if (lost.empty()) return;
  forget_containers(graph, lost);
  for (const std::string& name : graph.get().arguments) lost.erase(name);
  std::set<std::string> named;
  for (const std::string& name : analysis::used_symbols(static_cast<const ControlFlowBlock&>(graph)))
    if (lost.erase(name) > 0) named.insert(name);
  begin_with_zero(graph, named);
  auto symbols = graph.get().symbols;
  const size_t declared = symbols.size();
  for (const std::string& name : lost) symbols.erase(name);
  if (symbols.size() != declared) graph.set<&SDFGFields::symbols>(std::move(symbols));
}

}  // namespace thalweg::transforms
