#include "transforms/splice.h"

#include <algorithm>

#include "analysis/symbols.h"
#include "transforms/control_code.h"
#include "transforms/fresh_names.h"

namespace thalweg::transforms {

using namespace ir;
using symbolic::Expr;

namespace {

Expr renamed(const std::string& name) { return Expr::symbol(name); }

std::vector<code::Ptr> indices_along(const Placement& placement, const std::vector<code::Ptr>& indices) {
  std::vector<code::Ptr> out;
  for (int d : placement.dimensions())
    out.push_back(d < 0 ? code::constant(int64_t{0}, dtypes::int64) : indices[static_cast<size_t>(d)]);
  return out;
}

}  // namespace

std::optional<std::string> Splice::prepare(SDFG& outer, NestedSDFG& node, const std::set<std::string>& params) {
  outer_ = &outer;
  node_ = &node;
  SDFG& inner = node.sdfg();
  if (!inner.get().callbacks.empty()) return "it calls Python";
  prepare_symbols();
  if (auto problem = prepare_containers(params)) return problem;
  for (ControlFlowBlock* block : all_blocks(inner)) {
    if (auto* jump = as<JumpBlock>(block); jump && jump->jump() == Jump::return_) return "it returns from inside";
    auto* state = as<State>(block);
    if (!state) continue;
    if (auto problem = check_state(*state)) return problem;
    for (const auto& ref : state->nodes()) {
      auto* entry = as<MapEntry>(ref.get());
      if (!entry) continue;
      FreshNames names(outer);
      for (const std::string& param : entry->scope().get().params)
        if (names.taken(param) || params.count(param) || symbols_.count(param)) params_.try_emplace(param);
    }
  }
  FreshNames names(outer);
  for (const auto& [name, symbol] : assigned_) names.take(symbol);
  for (const auto& [name, container] : renamed_) names.take(container);
  for (auto& [param, name] : params_) name = names.fresh(param);
  for (const auto& [param, name] : params_) symbols_[param] = renamed(name);
  return std::nullopt;
}

void Splice::prepare_symbols() {
  SDFG& inner = node_->sdfg();
  for (const auto& [name, value] : node_->get().symbol_mapping) symbols_[name] = value;
  FreshNames names(*outer_);
  for (const std::string& name : analysis::assigned_symbols(inner)) {
    assigned_[name] = names.fresh(name);
    symbols_[name] = renamed(assigned_[name]);
  }
}

std::optional<std::string> Splice::prepare_containers(const std::set<std::string>& params) {
  FreshNames names(*outer_);
  for (const auto& [name, symbol] : assigned_) names.take(symbol);
  for (const auto& ref : node_->sdfg().containers()) {
    const ContainerFields& fields = ref->get();
    if (!fields.transient) {
      if (auto problem = place(*ref)) return problem;
      continue;
    }
    if (fields.kind != ContainerKind::array && fields.kind != ContainerKind::scalar &&
        fields.kind != ContainerKind::view)
      return "its container " + fields.name + " is no plain array";
    std::set<std::string> used;
    for (const auto* list : {&fields.shape, &fields.strides})
      for (const Expr& expr : *list) symbolic::collect_symbols(symbolic::substitute(expr, symbols_), used);
    symbolic::collect_symbols(symbolic::substitute(fields.offset, symbols_), used);
    for (const std::string& param : params)
      if (used.count(param)) return "the extents of its container " + fields.name + " change with " + param;
    renamed_[fields.name] = names.fresh(fields.name);
  }
  return std::nullopt;
}

// Finds where a container of the caller lies in the graph around.
std::optional<std::string> Splice::place(const Container& inner) {
  const ContainerFields& fields = inner.get();
  const Edge* edge = node_->in_edge(fields.name);
  if (const Edge* out = node_->out_edge(fields.name)) {
    if (out->memlet()->wcr != Wcr::none) return "its result " + fields.name + " is combined with what is there";
    edge = out;
  }
  if (!edge || edge->memlet().is_empty()) return "its container " + fields.name + " has no connector";
  const MemletFields& memlet = edge->memlet().get();
  const Container* outer = outer_->find(memlet.data);
  auto plain = [](const ContainerFields& c) {
    return c.kind == ContainerKind::array || c.kind == ContainerKind::scalar;
  };
  if (!outer || !plain(outer->get()) || !plain(fields)) return fields.name + " stands for no plain array";
  if (memlet.dynamic || memlet.allow_oob || !(outer->get().dtype == fields.dtype))
    return fields.name + " stands for elements that depend on values";
  std::vector<Expr> shape, strides;
  for (const Expr& extent : fields.shape) shape.push_back(symbolic::substitute(extent, symbols_));
  for (const Expr& stride : fields.strides) strides.push_back(symbolic::substitute(stride, symbols_));
  auto placed = Placement::of(shape, memlet.data, memlet.subset);
  if (!placed || !fields.offset.is(0)) return fields.name + " has another shape than the elements it stands for";
  for (size_t d = 0; d < placed->dimensions().size(); ++d) {
    const int k = placed->dimensions()[d];
    if (k < 0 || shape[static_cast<size_t>(k)].is(1)) continue;
    const Expr stride = outer->get().strides[d] * memlet.subset.ranges[d].step;
    if (!(stride - strides[static_cast<size_t>(k)]).is(0)) return fields.name + " has another layout than its elements";
  }
  placed_.emplace(fields.name, std::move(*placed));
  return std::nullopt;
}

std::optional<std::string> Splice::check_state(State& state) const {
  for (const auto& ref : state.nodes()) {
    if (as<ConsumeEntry>(ref.get())) return "it consumes a stream";
    auto* library = as<LibraryNode>(ref.get());
    auto* tasklet = as<Tasklet>(ref.get());
    const bool opaque = tasklet && tasklet->get().language.row().opaque;
    if (!library && !opaque) continue;
    if (opaque && !symbols_.empty()) return "it holds foreign code";
    for (const auto* list : {&ref->in_edges(), &ref->out_edges()})
      for (const Edge* edge : *list)
        if (const Placement* at = placement(edge->memlet()->data); at && !at->aligned())
          return ref->label() + " sees other dimensions outside";
  }
  return std::nullopt;
}

const Placement* Splice::placement(const std::string& container) const {
  auto found = placed_.find(container);
  return found == placed_.end() ? nullptr : &found->second;
}

// ------------------------------------------------------------------------------------------------ rewriting

MemletFields Splice::memlet(const Edge& edge) const {
  MemletFields fields = edge.memlet().get();
  if (fields.data.empty()) return fields;
  auto *from = as<AccessNode>(&edge.source()), *to = as<AccessNode>(&edge.target());
  if (from && to && edge.target_connector().empty() && edge.source_connector().empty()) {
    // Which elements the other end has may follow from its shape, which changes.
    const CopySubsets subsets = copy_subsets(node_->sdfg(), edge);
    const bool of_source = fields.data == from->get().data;
    fields.subset = of_source ? subsets.source : subsets.target;
    fields.other_subset = of_source ? subsets.target : subsets.source;
    if (const Placement* other = placement((of_source ? to : from)->get().data))
      fields.other_subset = other->at(symbolic::substitute(*fields.other_subset, symbols_));
    else
      fields.other_subset = symbolic::substitute(*fields.other_subset, symbols_);
  } else if (fields.other_subset) {
    fields.other_subset = symbolic::substitute(*fields.other_subset, symbols_);
  }
  fields.subset = symbolic::substitute(fields.subset, symbols_);
  fields.volume = symbolic::substitute(fields.volume, symbols_);
  if (const Placement* at = placement(fields.data)) {
    fields.subset = at->at(fields.subset);
    fields.data = at->data();
  } else if (auto found = renamed_.find(fields.data); found != renamed_.end()) {
    fields.data = found->second;
  }
  return fields;
}

// Code between states: leaves are containers.
code::Ptr Splice::control(const code::Ptr& code) const {
  if (!code) return code;
  code::Replacement by;
  by.symbols = symbols_;
  return rebuild(code::replace(code, by), [&](const code::Ptr& leaf) -> code::Ptr {
    if (leaf->op != code::Op::input && leaf->op != code::Op::element) return leaf;
    auto made = std::make_shared<code::Expr>(*leaf);
    if (auto found = renamed_.find(leaf->name); found != renamed_.end()) made->name = found->second;
    if (const Placement* at = placement(leaf->name)) {
      made->name = at->data();
      made->args.clear();
      for (size_t d = 0; d < at->dimensions().size(); ++d) {
        const symbolic::Range& range = at->base().ranges[d];
        if (at->dimensions()[d] < 0) {
          made->args.push_back(index_code(range.begin));
          continue;
        }
        code::Ptr index = leaf->args[static_cast<size_t>(at->dimensions()[d])];
        if (!range.step.is(1)) index = code::make(code::Op::mul, index, index_code(range.step));
        if (!range.begin.is(0)) index = code::make(code::Op::add, index_code(range.begin), index);
        made->args.push_back(index);
      }
      made->op = made->args.empty() ? code::Op::input : code::Op::element;
    }
    return made;
  });
}

// Array connectors are indexed in each dimension of their container, of which there may be more or fewer outside.
code::Block Splice::tasklet_code(const Tasklet& tasklet) const {
  code::Replacement by;
  by.symbols = symbols_;
  code::Block block = code::replace(tasklet.get().code, by);
  std::map<std::string, const Placement*> changed;
  auto note = [&](const Edge* edge, const std::string& connector) {
    const Placement* at = placement(edge->memlet()->data);
    if (at && !at->aligned() && !edge->memlet()->subset.num_elements().is(1)) changed[connector] = at;
  };
  for (const Edge* edge : tasklet.in_edges()) note(edge, edge->target_connector());
  for (const Edge* edge : tasklet.out_edges()) note(edge, edge->source_connector());
  if (changed.empty()) return block;
  auto leaf = [&](const code::Ptr& expr) -> code::Ptr {
    auto found = changed.find(expr->name);
    if (expr->op != code::Op::element || found == changed.end()) return expr;
    auto made = std::make_shared<code::Expr>(*expr);
    made->args = indices_along(*found->second, expr->args);
    return made;
  };
  for (code::Statement& statement : block) {
    if (auto* store = std::get_if<code::Store>(&statement)) {
      store->value = rebuild(store->value, leaf);
      for (code::Ptr& index : store->indices) index = rebuild(index, leaf);
      if (auto found = changed.find(store->connector); found != changed.end())
        store->indices = indices_along(*found->second, store->indices);
    } else {
      auto& check = std::get<code::Check>(statement);
      check.condition = rebuild(check.condition, leaf);
      for (code::Ptr& value : check.values) value = rebuild(value, leaf);
    }
  }
  return block;
}

void Splice::rewrite(Node& node, std::set<const Element*>& maps) const {
  auto rewrite_map = [&](Map& map) {
    if (!maps.insert(&map).second) return;
    MapFields fields = map.get();
    for (std::string& param : fields.params)
      if (auto found = params_.find(param); found != params_.end()) param = found->second;
    fields.range = symbolic::substitute(fields.range, symbols_);
    map.assign(std::move(fields));
    map.set_location(called(map.location()));
  };
  match(
      node,
      [&](AccessNode* access) {
        const std::string& data = access->get().data;
        if (const Placement* at = placement(data))
          access->set<&AccessNodeFields::data>(at->data());
        else if (auto found = renamed_.find(data); found != renamed_.end())
          access->set<&AccessNodeFields::data>(found->second);
      },
      [&](Tasklet* tasklet) { tasklet->set<&TaskletFields::code>(tasklet_code(*tasklet)); },
      [&](MapEntry* entry) { rewrite_map(entry->scope()); }, [&](MapExit* exit) { rewrite_map(exit->scope()); },
      [](ConsumeEntry*) {}, [](ConsumeExit*) {},
      [&](NestedSDFG* nested) {
        symbolic::Substitution mapping = nested->get().symbol_mapping;
        for (auto& [name, value] : mapping) value = symbolic::substitute(value, symbols_);
        nested->set<&NestedSDFGFields::symbol_mapping>(std::move(mapping));
      },
      [&](LibraryNode* library) {
        auto attributes = library->get().attributes;
        for (auto& [name, value] : attributes)
          if (auto* expr = std::get_if<Expr>(&value)) *expr = symbolic::substitute(*expr, symbols_);
        library->set<&LibraryNodeFields::attributes>(std::move(attributes));
      });
  node.set_location(called(node.location()));
}

void Splice::rewrite(State& state) const {
  std::vector<std::pair<Edge*, MemletFields>> memlets;
  for (const auto& edge : state.edges()) memlets.emplace_back(edge.get(), memlet(*edge));
  std::set<const Element*> maps;
  for (const auto& node : state.nodes()) rewrite(*node, maps);
  for (auto& [edge, fields] : memlets) {
    edge->memlet().assign(std::move(fields));
    edge->set_location(called(edge->location()));
  }
}

InterstateEdgeFields Splice::translate(const InterstateEdgeFields& edge) const {
  InterstateEdgeFields out;
  out.condition = control(edge.condition);
  for (const auto& [name, value] : edge.assignments) out.assignments.emplace_back(assigned_.at(name), control(value));
  return out;
}

void Splice::rewrite_blocks(ControlFlowRegion& region) const {
  for (const auto& edge : region.edges()) edge->assign(translate(edge->get()));
  for (const auto& block : region.blocks()) {
    block->set_location(called(block->location()));
    match(
        *block, [&](State* state) { rewrite(*state); }, [&](ControlFlowRegion* inner) { rewrite_blocks(*inner); },
        [&](LoopRegion* loop) {
          LoopFields fields = loop->get();
          if (!fields.variable.empty()) fields.variable = assigned_.at(fields.variable);
          for (code::Ptr* code : {&fields.init, &fields.condition, &fields.update}) *code = control(*code);
          loop->assign(std::move(fields));
          rewrite_blocks(*loop);
        },
        [&](ConditionalBlock* conditional) {
          for (size_t k = 0; k < conditional->branches().size(); ++k) {
            conditional->set_condition(k, control(conditional->branches()[k].condition));
            rewrite_blocks(*conditional->branches()[k].body);
          }
        },
        [](JumpBlock*) {});
  }
}

void Splice::apply() {
  SDFG& inner = node_->sdfg();
  for (const auto& ref : inner.containers()) {
    if (!ref->get().transient) continue;
    ContainerFields fields = ref->get();
    fields.name = renamed_.at(fields.name);
    for (auto* list : {&fields.shape, &fields.strides})
      for (Expr& expr : *list) expr = symbolic::substitute(expr, symbols_);
    fields.offset = symbolic::substitute(fields.offset, symbols_);
    for (auto* list : {&fields.targets, &fields.distinct})
      for (std::string& name : *list) {
        if (const Placement* at = placement(name)) name = at->data();
        if (auto found = renamed_.find(name); found != renamed_.end()) name = found->second;
      }
    outer_->add_container(std::move(fields)).set_location(called(ref->location()));
  }
  for (const auto& [name, symbol] : assigned_) {
    auto found = inner.get().symbols.find(name);
    outer_->add_symbol(symbol, found == inner.get().symbols.end() ? dtypes::int64 : found->second);
  }
  rewrite_blocks(inner);
}

std::vector<std::pair<std::string, code::Ptr>> Splice::on_entry() const {
  std::vector<std::pair<std::string, code::Ptr>> out;
  const auto& symbols = node_->sdfg().get().symbols;
  for (const auto& [name, symbol] : assigned_)
    if (auto given = node_->get().symbol_mapping.find(name); given != node_->get().symbol_mapping.end())
      out.emplace_back(symbol, code::symbol(given->second, symbols.at(name)));
  return out;
}

base::Location Splice::called(const base::Location& location) const {
  const base::Location& at = node_->location();
  if (at.empty()) return location;
  const base::Span& call = at.front();
  base::Location out;
  for (base::Span span : location) {
    const bool same_file = span.file && call.file && *span.file == *call.file;
    const bool inside = same_file && span.line >= call.line && span.end_line <= call.end_line;  // a body, not a call
    if (!span.called_from && !inside) span.called_from = std::make_shared<const base::Span>(call);
    out.push_back(std::move(span));
  }
  return out;
}

}  // namespace thalweg::transforms
