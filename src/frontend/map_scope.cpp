// for i, j in thalweg.map[0:N, 0:M]: a map scope. A body of scalar assignments and one store becomes one tasklet; any
// other body becomes a nested graph.
#include <algorithm>

#include "analysis/symbols.h"
#include "frontend/builder.h"

namespace thalweg::frontend {

Result<ir::MapFields> Builder::map_ranges(const syntax::For& loop, const syntax::Subscript& ranges, const Span& span) {
  std::vector<const syntax::Expr*> targets, slices;
  auto items = [](const syntax::Expr& expr, std::vector<const syntax::Expr*>& into) {
    if (auto* tuple = std::get_if<syntax::Tuple>(&expr.content))
      for (const auto& element : tuple->elements) into.push_back(element.get());
    else
      into.push_back(&expr);
  };
  items(*loop.target, targets);
  items(*ranges.index, slices);
  if (targets.size() != slices.size())
    return error(
        "TW1081", span,
        "this map has " + std::to_string(slices.size()) + " ranges for " + std::to_string(targets.size()) + " names");
  ir::MapFields map;
  map.label = "map_" + std::to_string(span.line);
  for (size_t d = 0; d < targets.size(); ++d) {
    auto* name = std::get_if<syntax::Name>(&targets[d]->content);
    auto* slice = std::get_if<syntax::Slice>(&slices[d]->content);
    if (!name || !slice || !slice->upper)
      return error("TW1081", slices[d]->span, "a map needs a range begin:end for each of its names",
                   "write thalweg.map[0:n, 0:m]");
    Expr parts[3] = {0, 0, 1};
    const syntax::ExprPtr* given[3] = {&slice->lower, &slice->upper, &slice->step};
    for (int k = 0; k < 3; ++k) {
      if (!*given[k]) continue;
      TW_TRY(Value value, evaluate(**given[k]));
      TW_TRY(parts[k], symbol_of(value, (*given[k])->span, "a bound of a map"));
    }
    if (!parts[2].as_integer() || parts[2].integer() < 1)
      return error("TW1081", slices[d]->span, "the step of a map must be a known positive integer");
    Expr size = symbolic::ceil_div(parts[1] - parts[0], parts[2]);
    if (!decide(symbolic::le(parts[0], parts[1]), slices[d]->span, "this map's range is not reversed"))
      size = symbolic::max(size, 0);
    map.params.push_back(fresh(name->id));
    map.range.ranges.push_back({parts[0], size, parts[2]});
  }
  return map;
}

// Parameters as symbols inside the scope, with the facts that hold for them.
void Builder::bind_map_parameters(const syntax::For& loop, const ir::MapFields& map) {
  for (size_t d = 0; d < map.params.size(); ++d) {
    const symbolic::Range& range = map.range.ranges[d];
    SymbolBounds bounds;
    if (auto low = interval(range.begin)) bounds.low = low->low;
    if (auto high = interval(range.last())) bounds.high = std::max(high->high, bounds.low);
    bounds.at_run_time = true;
    bounds.first = range.begin;
    bounds.last = range.last();
    symbols_[map.params[d]] = bounds;
    const Expr param = Expr::symbol(map.params[d]);
    facts_.assume(symbolic::ge(param, range.begin));
    facts_.assume(symbolic::le(param, range.last()));
    auto* tuple = std::get_if<syntax::Tuple>(&loop.target->content);
    const syntax::Expr& target = tuple ? *tuple->elements[d] : *loop.target;
    scope_.names[std::get<syntax::Name>(target.content).id] = Value(integer_value(param));
  }
}

Status Builder::map_statement(const syntax::For& loop, const syntax::Subscript& ranges, const Span& span) {
  TW_TRY(ir::MapFields map, map_ranges(loop, ranges, span));
  const Scope before = scope_;
  const FactsMark mark = mark_facts();
  const auto outer_params = map_params_;
  map_params_.insert(map_params_.end(), map.params.begin(), map.params.end());
  const size_t outer_body = std::exchange(map_body_, frames_.size());
  auto loops = std::exchange(loops_, {});
  ++map_depth_;
  scope_.homes.clear();
  bind_map_parameters(loop, map);
  auto simple = simple_map_body(loop, map, span);
  Status status = !simple ? Status(std::move(simple.error())) : base::success();
  if (simple && !*simple) status = nested_map_body(loop, map, span);
  --map_depth_;
  loops_ = std::move(loops);
  map_body_ = outer_body;
  map_params_ = outer_params;
  return_to(mark);
  NameSet bound = assigned_names(loop.body);
  for (const auto& param_target : [&] {
         NameSet names;
         collect_reads(*loop.target, names);
         return names;
       }())
    bound.insert(param_target);
  scope_ = before;
  for (const auto& name : bound)
    scope_.names[name] = Value(Unbound{"it is bound only inside the map on line " + std::to_string(span.line)});
  return status;
}

// Do different iterations of the maps around write different elements? (each parameter alone in some dimension)
bool Builder::distinct_in_maps(const Array& part) const {
  if (!find_fields(part.container)) return true;
  return std::all_of(map_params_.begin(), map_params_.end(), [&](const std::string& param) {
    return std::any_of(part.axes.begin(), part.axes.end(), [&](const Axis& axis) {
      std::set<std::string> used;
      symbolic::collect_symbols(axis.begin, used);
      if (axis.dim >= 0 || !used.count(param)) return false;
      for (const auto& other : map_params_)
        if (other != param && used.count(other)) return false;
      const Expr slope = symbolic::substitute(axis.begin, {{param, Expr::symbol(param) + 1}}) - axis.begin;
      return slope.as_integer() && *slope.as_integer() != 0;
    });
  });
}

// array op= value where iterations of a map may meet at one element: combined by the write itself.
Result<bool> Builder::conflicting_update(const Array& part, syntax::BinaryOperator op, const Value& value,
                                         const Span& span) {
  if (map_depth_ == 0 || distinct_in_maps(part) || map_locals_.count(part.container)) return false;
  TW_TRY(Computed added, computed(value, span));
  const bool known =
      op == syntax::BinaryOperator::add || op == syntax::BinaryOperator::sub || op == syntax::BinaryOperator::mul;
  if (!known || common_type(part.dtype, added.dtype) != part.dtype || part.dtype.is_bool())
    return error("TW1082", span,
                 "iterations of this map may update the same element, and this update cannot be combined",
                 "use += or *= with a value of the array's type");
  TW_TRY_VOID(check_plain(part, "combine updates of it in a map", span));
  TW_TRY(bool open, may_write(part, Value(added), span, true));
  if (!open) return true;
  TW_TRY(added, cast(added, part.dtype, span));
  if (op == syntax::BinaryOperator::sub) added.tree = code::make(code::Op::neg, added.tree);
  TW_TRY_VOID(broadcast_to(added.shape, part.shape, span));
  TW_TRY_VOID(emit_computed("update_" + part.container, added, part, span,
                            op == syntax::BinaryOperator::mul ? ir::Wcr::product : ir::Wcr::sum));
  return true;
}

// Scalar assignments and then one store of an element, none of which needs a state of its own.
Result<bool> Builder::simple_map_body(const syntax::For& loop, const ir::MapFields& map, const Span& span) {
  const Checkpoint point = checkpoint();
  auto give_up = [&]() -> Result<bool> {
    restore(point);
    return false;
  };
  for (size_t i = 0; i + 1 < loop.body.size(); ++i) {
    auto* assign = std::get_if<syntax::Assign>(&loop.body[i]->content);
    auto* name =
        assign && assign->targets.size() == 1 ? std::get_if<syntax::Name>(&assign->targets[0]->content) : nullptr;
    if (!name) return give_up();
    auto value = evaluate(*assign->value);
    if (!value || !unchanged_since(point.cursor) || !value->as<Computed>() || !value->as<Computed>()->scalar())
      return give_up();
    scope_.names[name->id] = *value;
  }
  const syntax::Stmt& last = *loop.body.back();
  auto* plain = std::get_if<syntax::Assign>(&last.content);
  auto* augmented = std::get_if<syntax::AugmentedAssign>(&last.content);
  const syntax::Expr* target = plain && plain->targets.size() == 1 ? plain->targets[0].get()
                               : augmented                         ? augmented->target.get()
                                                                   : nullptr;
  auto* place = target ? std::get_if<syntax::Subscript>(&target->content) : nullptr;
  if (!place) return give_up();
  auto object = evaluate(*place->value);
  auto value = evaluate(plain ? *plain->value : *augmented->value);
  if (!object || !value || !object->as<Array>() || !value->as<Computed>() || !value->as<Computed>()->scalar())
    return give_up();
  auto index = evaluate_index(*place->index);
  if (!index) return give_up();
  std::vector<Value> items{*index};
  if (auto* tuple = index->as<TupleValue>()) items = tuple->items;
  for (const Value& item : items)
    if (!item.as<Computed>() || !item.as<Computed>()->integer) return give_up();
  if (items.size() != object->as<Array>()->rank()) return give_up();
  auto part = index_array(*object->as<Array>(), items, span);
  if (!part || !unchanged_since(point.cursor)) return give_up();
  auto open = may_write(*part, *value, span);
  if (!open || !*open || !unchanged_since(point.cursor)) return give_up();
  Computed stored = *value->as<Computed>();
  ir::Wcr wcr = ir::Wcr::none;
  if (augmented && !distinct_in_maps(*part)) {
    const bool sum = augmented->op == syntax::BinaryOperator::add,
               product = augmented->op == syntax::BinaryOperator::mul;
    if ((!sum && !product) || common_type(part->dtype, stored.dtype) != part->dtype) return give_up();
    wcr = sum ? ir::Wcr::sum : ir::Wcr::product;
  } else if (augmented) {
    auto combined = binary(augmented->op, Value(leaf(*part)), *value, span);
    if (!combined || !combined->as<Computed>()) return give_up();
    stored = *combined->as<Computed>();
  }
  auto converted = cast_for_item(stored, part->dtype, span);
  if (!converted || !unchanged_since(point.cursor)) return give_up();
  TW_TRY_VOID(emit_in_map(map, *converted, *part, wcr, last.span));
  return true;
}

Status Builder::nested_map_body(const syntax::For& loop, const ir::MapFields& map, const Span& span) {
  ir::State& state = new_state(map.label, span);
  auto [entry, exit] = state.add_map(map);
  for (ir::Element* element :
       {static_cast<ir::Element*>(entry), static_cast<ir::Element*>(exit), static_cast<ir::Element*>(&entry->scope())})
    element->set_location({located(span)});
  auto inner = ir::make_ref<ir::SDFG>(unique_label(map.label + "_body"));
  inner->set_location({located(span)});
  ir::NestedSDFG& nested = state.add_nested_sdfg(inner, {}, {}, {});
  nested.set_location({located(span)});
  const Cursor outer = cursor_;
  const auto outer_initial = std::exchange(initial_, {});
  const auto outer_locals = map_locals_;
  cursor_ = Cursor{inner.get(), inner.get(), nullptr, false, {}};
  for (const auto& param : map.params) inner->add_symbol(param, dtypes::int64);
  TW_TRY_VOID(statements(sequence(loop.body)));
  flush_pending(span);
  if (inner->blocks().empty()) new_state("empty", span);
  begin_with_initial(*inner, span);
  initial_ = outer_initial;
  map_locals_ = outer_locals;
  cursor_ = outer;
  connect_nested(state, *entry, *exit, nested, span);
  return base::success();
}

// Connectors for the containers that the nested graph shares with the one around it; symbols keep their names.
void Builder::connect_nested(ir::State& state, ir::MapEntry& entry, ir::MapExit& exit, ir::NestedSDFG& nested,
                             const Span& span) {
  ir::SDFG& inner = nested.sdfg();
  std::set<std::string> read, written;
  auto conditions = [&](const code::Ptr& tree) {
    if (tree) code::collect_inputs(*tree, read);
  };
  for (ir::ControlFlowBlock* block : ir::all_blocks(inner)) {
    if (auto* loop = ir::as<ir::LoopRegion>(block))
      conditions(loop->get().init), conditions(loop->get().condition), conditions(loop->get().update);
    if (auto* branch = ir::as<ir::ConditionalBlock>(block))
      for (const auto& side : branch->branches()) conditions(side.condition);
    if (auto* region = dynamic_cast<ir::ControlFlowRegion*>(block))
      for (const auto& edge : region->edges())
        for (const auto& [symbol, value] : edge->get().assignments) conditions(value);
  }
  for (const auto& edge : inner.edges())
    for (const auto& [symbol, value] : edge->get().assignments) conditions(value);
  for (ir::State* part : ir::all_states(inner))
    for (const auto& node : part->nodes())
      if (auto* access = ir::as<ir::AccessNode>(node.get())) {
        if (!access->out_edges().empty()) read.insert(access->get().data);
        for (ir::Edge* edge : access->in_edges()) {
          written.insert(access->get().data);
          if (edge->memlet()->wcr != ir::Wcr::none) read.insert(access->get().data);
        }
      }
  for (const auto& container : inner.containers()) {
    const std::string& name = container->get().name;
    if (container->get().transient) continue;
    const symbolic::Subset whole = symbolic::Subset::whole(container->get().shape);
    if (read.count(name) || !written.count(name)) {
      nested.add_in_connector({name, std::nullopt});
      state.add_memlet_path({&read_node(state, name, span), &entry, &nested}, "", name, ir::memlet(name, whole));
    }
    if (written.count(name)) {
      nested.add_out_connector({name, std::nullopt});
      state.add_memlet_path({&nested, &exit, &write_node(state, name, span)}, name, "", ir::memlet(name, whole));
    }
  }
  if (nested.in_edges().empty()) state.add_order(entry, nested);
  if (nested.out_edges().empty()) state.add_order(nested, exit);
  symbolic::Substitution mapping;
  for (const auto& name : analysis::free_symbols(inner)) {
    if (!inner.get().symbols.count(name)) inner.add_symbol(name, dtypes::int64);
    mapping[name] = Expr::symbol(name);
  }
  nested.set<&ir::NestedSDFGFields::symbol_mapping>(std::move(mapping));
}

}  // namespace thalweg::frontend
