#include "transforms/reductions.h"

#include <algorithm>

#include "ir/scopes.h"
#include "transforms/control_edit.h"
#include "transforms/fresh_names.h"
#include "transforms/reach.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;

namespace {

// Fewer than 2^42 turns of a loop end in a lifetime: a sum of so many such steps fits into 64 bits.
constexpr int64_t kLargestStep = 1 << 20;

// The ends of what a value may be, of constants and choices between them.
struct Bounds {
  int64_t low, high;
};
std::optional<Bounds> bounds_of(const code::Ptr& value) {
  if (value->op == code::Op::constant) {
    auto* number = std::get_if<int64_t>(&value->value);
    return number ? std::optional(Bounds{*number, *number}) : std::nullopt;
  }
  if (value->op == code::Op::cast) return value->type.bytes() == 8 ? bounds_of(value->args[0]) : std::nullopt;
  if (value->op == code::Op::neg) {
    auto inner = bounds_of(value->args[0]);
    if (!inner || inner->low == INT64_MIN) return std::nullopt;
    return Bounds{-inner->high, -inner->low};
  }
  if (value->op != code::Op::select) return std::nullopt;
  auto one = bounds_of(value->args[1]), other = bounds_of(value->args[2]);
  if (!one || !other) return std::nullopt;
  return Bounds{std::min(one->low, other->low), std::max(one->high, other->high)};
}

bool is_whole(DType type) { return type.is_bool() || type.is_integer(); }

// Where a value comes from / goes to outside of all maps.
const AccessNode* origin(const Edge* edge) {
  while (edge && is_entry(edge->source())) edge = edge->source().in_edge(in_of_out(edge->source_connector()));
  return edge ? as<AccessNode>(&edge->source()) : nullptr;
}
const AccessNode* destination(const Edge* edge) {
  while (edge && is_exit(edge->target())) edge = edge->target().out_edge(out_of_in(edge->target_connector()));
  return edge ? as<AccessNode>(&edge->target()) : nullptr;
}

// The element's update that a plain write is part of.
std::optional<std::pair<Wcr, ElementUpdate>> update_of(Edge& write, const std::string& container) {
  auto* tasklet = as<Tasklet>(&write.source());
  const AccessNode* target = destination(&write);
  if (!tasklet || !target || target->get().data != container || tasklet->get().language.row().opaque)
    return std::nullopt;
  if (edges_from(*tasklet, write.source_connector()).size() != 1) return std::nullopt;
  ElementUpdate update{tasklet, nullptr, &write, nullptr};
  for (Edge* edge : tasklet->in_edges()) {
    if (edge->memlet()->data != container) continue;
    const AccessNode* source = origin(edge);
    if (update.read || !source || source->get().data != container) return std::nullopt;
    update.read = edge;
  }
  const code::Store* store = nullptr;
  for (const code::Statement& statement : tasklet->get().code) {
    auto* one = std::get_if<code::Store>(&statement);
    if (one && (store || !one->indices.empty())) return std::nullopt;
    if (one) store = one;
    if (one || !update.read) continue;
    std::set<std::string> used;  // of a check
    code::collect_inputs(code::Block{statement}, used);
    if (used.count(update.read->target_connector())) return std::nullopt;
  }
  if (!store || store->connector != write.source_connector()) return std::nullopt;
  const auto found =
      update.read ? combination_of(store->value, update.read->target_connector()) : constant_truth(store->value);
  if (!found) return std::nullopt;
  if (update.read && !legal("LoopReductions.element", update.read->memlet()->subset == write.memlet()->subset))
    return std::nullopt;
  update.value = found->value;
  return std::pair(found->op, update);
}

class Finder {
 public:
  Finder(const SDFG& graph, const analysis::Body& body, const std::string& container)
      : graph_(graph), body_(body), name_(container) {
    found_.container = container;
  }

  rewrite::Match<LoopReduction> run() {
    const ContainerFields& fields = graph_.container(name_).get();
    for (const auto& access : body_.accesses)
      if (access.container == name_ && access.write && !take(access))
        return Declined{"what it writes to " + name_ + " is no combination with what stands there"};
    for (const auto& access : body_.accesses)
      if (access.container == name_ && !access.write && !legal("LoopReductions.read", is_update(access)))
        return Declined{"it reads " + access.text + " beside combining values in it"};
    if (!legal("LoopReductions.one", ops_.size() == 1))
      return Declined{"it combines values in " + name_ + " by operations of more than one kind"};
    found_.op = *ops_.begin();
    if (!legal("LoopReductions.order", is_whole(fields.dtype)))
      return Declined{"the order in which " + name_ + " combines values is part of its result"};
    return fields.dtype == dtypes::pyint ? python_integer(fields) : found_;
  }

 private:
  bool take(const analysis::BodyAccess& access) {
    if (access.wcr != Wcr::none) {
      ops_.insert(access.wcr);
      combined_ = true;
      return access.wcr != Wcr::custom;
    }
    if (!access.edge || !access.edge->memlet()->subset.is_element()) return false;
    State* state = access.edge->source().state();
    if (!state || state->sdfg() != &graph_) return false;
    auto update = update_of(const_cast<Edge&>(*access.edge), name_);
    if (!update) return false;
    ops_.insert(update->first);
    found_.updates.push_back(update->second);
    return true;
  }
  bool is_update(const analysis::BodyAccess& access) const {
    return std::any_of(found_.updates.begin(), found_.updates.end(),
                       [&](const ElementUpdate& update) { return update.read && update.read == access.edge; });
  }

  // Every sum on the way has to fit where the sequential loop would not raise.
  rewrite::Match<LoopReduction> python_integer(const ContainerFields& fields) {
    if (found_.op == Wcr::min || found_.op == Wcr::max) return found_;
    const bool own = fields.transient && fields.kind == ContainerKind::scalar && !combined_;
    int64_t low = 0, high = 0;
    bool known = found_.op == Wcr::sum && own;
    for (const ElementUpdate& update : found_.updates) {
      auto bounds = bounds_of(update.value);
      known = known && bounds;
      if (!bounds) continue;
      low = std::min(low, bounds->low);
      high = std::max(high, bounds->high);
    }
    const bool fits = known && (low == 0 || high == 0) && -kLargestStep <= low && high <= kLargestStep;
    if (!legal("LoopReductions.overflow", fits))
      return Declined{"the Python integer " + name_ + " may leave 64 bits on the way"};
    found_.apart = true;
    return found_;
  }

  const SDFG& graph_;
  const analysis::Body& body_;
  const std::string& name_;
  LoopReduction found_;
  std::set<Wcr> ops_;
  bool combined_ = false;  // by writes that are combining ones already
};

}  // namespace

namespace {

// A tasklet that stores to a scalar, at the place of the updates.
void write(State& state, const LoopReduction& reduction, const std::vector<std::pair<std::string, std::string>>& inputs,
           const code::Ptr& value, const std::string& target) {
  std::vector<Connector> connectors;
  for (const auto& [connector, container] : inputs) connectors.push_back({connector, std::nullopt});
  Tasklet& tasklet = state.add_tasklet(target, connectors, {{"_out", std::nullopt}}, {code::Store{"_out", {}, value}});
  std::vector<Element*> made = {&tasklet};
  for (const auto& [connector, container] : inputs) {
    AccessNode& source = state.add_access(container);
    made.push_back(&source);
    made.push_back(&state.add_edge(source, "", tasklet, connector, memlet(container, {})));
  }
  AccessNode& end = state.add_access(target);
  made.push_back(&end);
  made.push_back(&state.add_edge(tasklet, "_out", end, "", memlet(target, {})));
  for (Element* element : made) element->set_location(reduction.updates[0].tasklet->location());
}

std::vector<Edge*> path_out(Edge& write) {
  std::vector<Edge*> out = {&write};
  while (is_exit(out.back()->target()))
    out.push_back(out.back()->target().out_edge(out_of_in(out.back()->target_connector())));
  return out;
}

}  // namespace

rewrite::Match<LoopReduction> reduction_of(const SDFG& graph, const analysis::Body& body,
                                           const std::string& container) {
  return Finder(graph, body, container).run();
}

void combine_writes(const LoopReduction& reduction) {
  for (const ElementUpdate& update : reduction.updates) {
    if (update.read) replace_input(*update.tasklet->state(), *update.read, update.value);
    code::Block block = update.tasklet->get().code;
    for (code::Statement& statement : block)
      if (auto* store = std::get_if<code::Store>(&statement)) store->value = update.value;
    update.tasklet->set<&TaskletFields::code>(std::move(block));
    for (Edge* edge : path_out(*update.write)) edge->memlet().set<&MemletFields::wcr>(reduction.op);
  }
}

std::string add_apart(SDFG& graph, LoopRegion& loop, const LoopReduction& reduction) {
  const std::string name = FreshNames(graph).fresh(reduction.container + "_sum");
  ContainerFields fields = graph.container(reduction.container).get();
  fields.name = name;
  fields.dtype = dtypes::int64;
  graph.add_container(std::move(fields)).set_location(loop.location());
  for (const ElementUpdate& update : reduction.updates) {
    auto& target = const_cast<AccessNode&>(*destination(update.write));
    target.set<&AccessNodeFields::data>(name);
    for (Edge* edge : path_out(*update.write)) edge->memlet().set<&MemletFields::data>(name);
    code::Block block = update.tasklet->get().code;
    for (code::Statement& statement : block)
      if (auto* store = std::get_if<code::Store>(&statement)) store->value = code::cast(store->value, dtypes::int64);
    update.tasklet->set<&TaskletFields::code>(std::move(block));
    const std::string connector = update.write->source_connector();
    update.tasklet->remove_out_connector(connector);  // it may have had a type
    update.tasklet->add_out_connector({connector, std::nullopt});
  }
  State& before = insert_before(loop, loop.label() + "_begin");
  before.set_location(loop.location());
  write(before, reduction, {}, code::constant(int64_t{0}, dtypes::int64), name);
  return name;
}

void add_to_whole(State& state, const LoopReduction& reduction, const std::string& part) {
  const base::Location& at = reduction.updates[0].tasklet->location();
  const code::Ptr part_value = code::cast(code::input("_sum", dtypes::int64), dtypes::pyint);
  const code::Ptr sum = code::make(code::Op::add, {code::input("_old", dtypes::pyint), part_value},
                                   at.empty() ? base::Span{} : at.front());
  write(state, reduction, {{"_old", reduction.container}, {"_sum", part}}, sum, reduction.container);
}

}  // namespace thalweg::transforms
