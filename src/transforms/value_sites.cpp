#include "transforms/value_sites.h"

#include <algorithm>

#include "analysis/symbols.h"
#include "ir/scopes.h"
#include "rewrite/transformation.h"
#include "transforms/control_edit.h"
#include "transforms/reach.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::legal;
using Kind = ValueSite::Kind;

namespace {

class Collector {
 public:
  Collector(SDFG& graph, const std::shared_ptr<ControlValues>& values) : graph_(graph), values_(values) {}

  std::vector<ValueSite> run() {
    region(graph_);
    for (ControlFlowBlock* block : all_blocks(graph_))
      match(
          *block, [&](State* state) { this->state(*state); }, [&](ControlFlowRegion* inner) { region(*inner); },
          [&](LoopRegion* loop) {
            add_code(Kind::loop_init, *loop, {loop->get().init});
            add_code(Kind::loop, *loop, {loop->get().condition, loop->get().update}, loop->get().variable);
            region(*loop);
          },
          [&](ConditionalBlock* conditional) {
            std::vector<code::Ptr> conditions;
            for (const auto& branch : conditional->branches()) conditions.push_back(branch.condition);
            add_code(Kind::branches, *conditional, conditions);
          },
          [](JumpBlock*) {});
    return std::move(found_);
  }

 private:
  void add(Kind kind, Element& element, const std::string& name) {
    found_.push_back({kind, Ref<Element>(&element), name, values_});
  }
  void add_code(Kind kind, Element& element, const std::vector<code::Ptr>& all, const std::string& except = "") {
    std::set<std::string> used;
    for (const code::Ptr& one : all)
      if (one) {
        code::collect_symbols(*one, used);
        code::collect_inputs(*one, used);
      }
    for (const std::string& name : used)
      if (name != except && values_->names().count(name)) add(kind, element, name);
  }
  void region(ControlFlowRegion& region) {
    for (const auto& edge : region.edges()) {
      std::vector<code::Ptr> all{edge->get().condition};
      for (const auto& [name, value] : edge->get().assignments) all.push_back(value);
      add_code(Kind::transition, *edge, all);
    }
  }
  void state(State& state) {
    for (const std::string& name : analysis::used_symbols(state))
      if (values_->names().count(name)) add(Kind::state, state, name);
    for (const auto& node : state.nodes()) {
      auto* access = as<AccessNode>(node.get());
      if (!access || !values_->names().count(access->get().data) || !values_->scalar(access->get().data)) continue;
      if (std::any_of(access->out_edges().begin(), access->out_edges().end(),
                      [](const Edge* edge) { return !edge->memlet().is_empty(); }))
        add(Kind::access, *access, access->get().data);
    }
  }

  SDFG& graph_;
  std::shared_ptr<ControlValues> values_;
  std::vector<ValueSite> found_;
};

// The tasklet inputs at the ends of the ways of an edge through scopes.
void collect_ends(Edge& edge, std::vector<Edge*>& into) {
  if (edge.memlet().is_empty()) return;
  Node& target = edge.target();
  if (is_entry(target)) {
    for (Edge* inner : edges_from(target, out_of_in(edge.target_connector()))) collect_ends(*inner, into);
  } else if (auto* tasklet = as<Tasklet>(&target); tasklet && !tasklet->get().language.row().opaque) {
    into.push_back(&edge);
  }
}

symbolic::Expr index_value(const code::Ptr& value) {
  if (value->op == code::Op::symbol) return value->symbol;
  const auto* number = std::get_if<int64_t>(&value->value);
  TW_CHECK(number, "a symbol's value is an integer");
  return *number;
}

const char* what(Kind kind) {
  switch (kind) {
    case Kind::transition: return "a transition";
    case Kind::branches: return "the conditions of ";
    case Kind::loop_init: return "the initial value of ";
    default: return "";
  }
}

}  // namespace

bool is_extent(const SDFG& graph, const std::string& name) {
  std::set<std::string> used;
  for (const auto& container : graph.containers()) {
    for (const auto* list : {&container->get().shape, &container->get().strides})
      for (const auto& expr : *list) symbolic::collect_symbols(expr, used);
    symbolic::collect_symbols(container->get().offset, used);
  }
  return used.count(name) > 0;
}

std::vector<ValueSite> value_sites(SDFG& graph, const std::shared_ptr<ControlValues>& values) {
  if (values->names().empty()) return {};
  return Collector(graph, values).run();
}

bool value_site_present(const ValueSite& site) {
  if (site.kind != Kind::access) return site.element->log() != nullptr;
  auto* node = dynamic_cast<AccessNode*>(site.element.get());
  return node->log() != nullptr && !node->out_edges().empty();
}

std::string describe(const ValueSite& site) {
  if (auto* edge = dynamic_cast<InterstateEdge*>(site.element.get()))
    return site.name + " in " + what(site.kind) + " " + edge->source().label() + " -> " + edge->target().label();
  if (auto* node = dynamic_cast<AccessNode*>(site.element.get()))
    return site.name + " in " + (node->state() ? node->state()->label() : std::string("no state"));
  return site.name + " in " + what(site.kind) + dynamic_cast<ControlFlowBlock*>(site.element.get())->label();
}

std::variant<Replacing, std::string> replacing(SDFG& graph, const ValueSite& site) {
  Known known;
  Replacing out;
  if (site.kind == Kind::access) {
    auto& node = dynamic_cast<AccessNode&>(*site.element);
    known = site.values->held(*node.state(), node);
    for (Edge* edge : node.out_edges()) collect_ends(*edge, out.inputs);
    if (out.inputs.empty()) return site.name + " is read by something that is no tasklet";
  } else {
    auto* loop = dynamic_cast<LoopRegion*>(site.element.get());
    const Values& values = site.kind == Kind::loop_init ? site.values->at_init(*loop) : site.values->at(*site.element);
    auto found = values.find(site.name);
    known = found == values.end() ? Known{nullptr, site.name + " has no known value here"} : found->second;
  }
  if (!known.value) return known.why.empty() ? site.name + " has no known value here" : known.why;
  if (is_extent(graph, site.name)) return site.name + " is the extent of a container";
  out.value = known.value;
  return out;
}

void replace_value(const ValueSite& site, const Replacing& with) {
  code::Replacement by;
  if (site.values->scalar(site.name))
    by.inputs[site.name] = with.value;
  else
    by.symbols[site.name] = index_value(with.value);
  switch (site.kind) {
    case Kind::state: return replace_symbols(dynamic_cast<State&>(*site.element), by.symbols);
    case Kind::transition: return replace_code(dynamic_cast<InterstateEdge&>(*site.element), by);
    case Kind::branches: return replace_code(dynamic_cast<ConditionalBlock&>(*site.element), by);
    case Kind::loop: return replace_code(dynamic_cast<LoopRegion&>(*site.element), by, false);
    case Kind::loop_init: return replace_init(dynamic_cast<LoopRegion&>(*site.element), by);
    case Kind::access: {
      State& state = *dynamic_cast<AccessNode&>(*site.element).state();
      for (Edge* edge : with.inputs) replace_input(state, *edge, with.value);
      return;
    }
  }
}

}  // namespace thalweg::transforms
