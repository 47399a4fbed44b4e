// One build: arguments become containers and symbols, the body becomes states, `return` becomes results.
#include <algorithm>

#include "analysis/uses.h"
#include "base/match.h"
#include "frontend/builder.h"

namespace thalweg::frontend {

namespace {

constexpr __int128 kLargestExtent = static_cast<__int128>(1) << 47;  // of an array that fits into memory

}  // namespace

// Symbols of the entry: extents of arrays (never negative, bounded by memory) and integers of the caller.
void Builder::add_entry_symbols(const Expr& expr, bool extent) {
  std::set<std::string> names;
  symbolic::collect_symbols(expr, names);
  for (const auto& name : names) {
    const bool known = symbols_.count(name);
    if (known && !extent) continue;
    SymbolBounds& bounds = symbols_[name];
    if (!root_->get().symbols.count(name)) root_->add_symbol(name, extent ? dtypes::int64 : dtypes::pyint);
    taken_.insert(name);
    if (extent && expr.is_symbol()) {
      bounds.low = 0;
      bounds.high = std::min(bounds.high, kLargestExtent);
      facts_.assume(symbolic::ge(expr, 0));
      entry_facts_.push_back(symbolic::ge(expr, 0));
    } else if (extent) {
      bounds.low = std::max(bounds.low, -kLargestExtent);
      bounds.high = std::min(bounds.high, kLargestExtent);
    }
  }
}

Array Builder::add_array_argument(const std::string& name, const ArrayArgument& argument) {
  taken_.insert(name);
  auto arguments = root_->get().arguments;
  arguments.push_back(name);
  root_->set<&ir::SDFGFields::arguments>(std::move(arguments));
  for (const Expr& extent : argument.shape) add_entry_symbols(extent, true);
  for (const Expr& stride : argument.strides) add_entry_symbols(stride, false);
  ir::ContainerFields fields;
  fields.name = name;
  fields.dtype = argument.dtype;
  fields.shape = argument.shape;
  fields.strides = argument.strides;
  fields.kind = argument.shape.empty() ? ir::ContainerKind::scalar : ir::ContainerKind::array;
  fields.may_alias = request_.arguments_may_alias;
  root_->add_container(std::move(fields));
  if (argument.writing != Writing::allowed) unwritable_[name] = argument.writing;
  return whole_array(name, argument.dtype, argument.shape);
}

Value Builder::sparse_argument(const SparseArgument& argument) {
  SparseValue value{argument.is, argument.shape, {}};
  for (const Expr& extent : argument.shape) add_entry_symbols(extent, true);
  for (const auto& [part, array] : argument.parts) value.parts.push_back(add_array_argument(part, array));
  return Value(std::move(value));
}

Status Builder::add_argument(const std::string& name, const Argument& argument) {
  auto* structure = std::get_if<StructureArgument>(&argument);
  TW_TRY(scope_.names[name], structure ? structure_argument(name, *structure) : argument_value(name, argument));
  return base::success();
}

ValueResult Builder::argument_value(const std::string& name, const Argument& argument) {
  taken_.insert(name);
  if (std::holds_alternative<IntArgument>(argument) || std::holds_alternative<ScalarArgument>(argument)) {
    auto arguments = root_->get().arguments;
    arguments.push_back(name);
    root_->set<&ir::SDFGFields::arguments>(std::move(arguments));
  }
  return base::match(
      argument,
      [&](const ArrayArgument& a) -> ValueResult {
        return with_state(add_array_argument(name, a), a.state_of, request_.function->span);
      },
      [&](const SparseArgument& s) -> ValueResult { return sparse_argument(s); },
      [&](const StructureArgument& s) -> ValueResult { return structure_argument(name, s); },
      [&](const IntArgument&) -> ValueResult {
        add_entry_symbols(Expr::symbol(name), false);
        root_->add_symbol(name, dtypes::pyint);
        return Value(integer_value(Expr::symbol(name)));
      },
      [&](const ScalarArgument& s) -> ValueResult {
        root_->add_scalar(name, s.dtype);
        return Value(Computed{s.dtype, {}, code::input(name, s.dtype)});
      },
      [&](const FixedArgument& f) -> ValueResult { return from_host(f.object, name, request_.function->span); });
}

Result<ir::ReturnValue> Builder::result_of(const Value& value, const Span& span) {
  ir::ReturnValue out;
  built_.own_objects.push_back(false);
  built_.read_only.push_back(false);
  built_.parts.push_back(value.as<Array>() ? value.as<Array>()->part : Component::whole);
  built_.zero_dimensional.push_back(value.as<Array>() && value.as<Array>()->rank() == 0);
  if (value.as<NoneObject>()) return out;
  Value found = value;
  if (auto* array = found.as<Array>()) {
    built_.own_objects.back() = array->own_object;
    array->dtype = stored_type(*array);
    array->part = Component::whole;
    built_.read_only.back() = array->writes == Through::read_only;
  }
  if (auto* number = found.as<Computed>()) {
    if (number->integer) {
      out.kind = ir::ReturnValue::Kind::symbol;
      out.expr = *number->integer;
      return out;
    }
    if (number->scalar()) {
      TW_TRY(Computed kept, store_scalar(*number, "result", span));
      if (number->mixed && !number->weak)
        return unsure(error("TW1012", span, "this result is Python's number or NumPy's, by the way taken",
                            "convert it: float(...) or int(...)"));
      if (number->mixed && number->weak)
        built_.weak_results.push_back({built_.own_objects.size() - 1, number->twin, *number->weak, {}});
      root_->container(kept.tree->name).set<&ir::ContainerFields::transient>(false);
      out.kind = ir::ReturnValue::Kind::container;
      out.container = kept.tree->name;
      return out;
    }
    TW_TRY(Array stored, materialize(found, "result", span));
    found = Value(std::move(stored));
  }
  auto* array = found.as<Array>();
  if (!array)
    return error("TW1047", span, "returning " + describe(value) + " is not supported",
                 "return arrays, numbers, None or tuples of them");
  Array shown = *array;
  std::vector<bool> inserted(shown.rank(), true);
  for (const Axis& axis : shown.axes)
    if (axis.dim >= 0) inserted[static_cast<size_t>(axis.dim)] = false;
  bool cut = !is_plain(shown);  // a diagonal; a slice of an inserted dimension: a result names those, and has 1 there
  for (size_t d = 0; d < shown.rank(); ++d) cut |= inserted[d] && !shown.shape[d].is(1);
  if (cut || views_.count(shown.container)) {  // a view's pointer is set where it is used: a reference keeps it
    const std::string reference = new_reference("result", shown.dtype, shown.shape, strides_of(shown));
    set_references({{reference, shown}}, span);
    shown = whole_array(reference, shown.dtype, shown.shape);
  }
  // Memory of the program's own is handed over, so that results share it exactly as NumPy's do.
  const auto& arguments = root_->get().arguments;
  bool argument = false;
  for (const std::string& name : memory_of(shown.container)) {
    if (std::find(arguments.begin(), arguments.end(), name) != arguments.end())
      argument = true;
    else
      root_->container(name).set<&ir::ContainerFields::transient>(false);
  }
  const ir::ContainerFields& fields = fields_of(shown.container);
  if (!argument && fields.kind != ir::ContainerKind::reference && is_whole(shown, fields.shape)) {
    out.kind = ir::ReturnValue::Kind::container;
    out.container = shown.container;
    return out;
  }
  out.container = shown.container;
  out.kind = ir::ReturnValue::Kind::view;
  out.subset = subset_of(shown);
  out.dims.assign(shown.rank(), -1);
  for (size_t c = 0; c < shown.axes.size(); ++c)
    if (shown.axes[c].dim >= 0) out.dims[static_cast<size_t>(shown.axes[c].dim)] = static_cast<int>(c);
  return out;
}

// Can a result be a pointer and strides? Not where it is a number in a register, or one whose writes are refused here.
bool Builder::has_place(const Array& array) const {
  if (array.writes == Through::unsupported) return false;
  if (array.rank() == 0) return is_plain(array);
  return fields_of(array.container).kind != ir::ContainerKind::scalar || !root_->container(array.container)->transient;
}

// Results that have no place in memory are handed over as copies, where nobody else can reach the elements.
Status Builder::copy_placeless(std::vector<Value>& results, const Span& span) {
  for (size_t i = 0; i < results.size(); ++i) {
    auto* array = results[i].as<Array>();
    if (!array || has_place(*array)) continue;
    bool reached = array->writes == Through::unsupported;
    for (const std::string& name : memory_of(array->container)) reached |= !root_->container(name)->transient;
    for (size_t k = 0; k < results.size(); ++k)
      if (auto* other = results[k].as<Array>(); other && k != i)
        reached |= may_overlap(array->container, other->container);
    if (reached) TW_TRY_VOID(check_plain(*array, "return it", span));
  }
  for (Value& result : results) {
    auto* array = result.as<Array>();
    if (!array || has_place(*array)) continue;
    const Array part = *array;
    if (part.rank() == 0) {
      TW_TRY(Computed kept, store_scalar(leaf(part), "result", span));
      result = Value(Array{kept.tree->name, part.dtype, {}, {}});
      continue;
    }
    Array copy = new_array("result", part.dtype, part.shape);
    TW_TRY_VOID(emit_copy(part, copy, span));
    copy.own_object = true;
    if (part.writes == Through::read_only) copy.writes = Through::read_only;
    result = Value(std::move(copy));
  }
  return base::success();
}

// The leaves of a result, and how they nest.
Result<ResultForm> Builder::form_of(const Value& value, std::vector<Value>& leaves, const Span& span) {
  ResultForm form;
  const std::vector<Value>* items = nullptr;
  if (auto* tuple = value.as<TupleValue>(); tuple && tuple->argument >= 0) {
    form.kind = ResultForm::Kind::object;
    form.argument = tuple->argument;
    return form;
  } else if (tuple) {
    if (tuple->of_dict || (tuple->is_list && tuple->identity == 0))
      return error("TW1047", span,
                   std::string("returning ") +
                       (tuple->is_list ? "a list from outside the program" : "a view of a dictionary") +
                       " is not supported",
                   "return a new list: list(...)");
    form.kind = tuple->is_list ? ResultForm::Kind::list : ResultForm::Kind::tuple;
    form.identity = tuple->identity;
    if (tuple->made_by) form.made_by = tuple->made_by->handle;
    items = &tuple->items;
  } else if (auto* dict = value.as<DictValue>()) {
    form.kind = ResultForm::Kind::dict;
    items = &dict->values;
    for (const Value& key : dict->keys) {
      auto* text = key.as<Text>();
      const auto number = constant_integer(key);
      if (!text && !(number && key.as<Computed>()->dtype == dtypes::pyint))
        return error("TW1047", span, "returning a dictionary with such keys is not supported", "use strings or ints");
      if (text)
        form.keys.emplace_back(text->value);
      else
        form.keys.emplace_back(*number);
    }
  } else if (auto* object = value.as<StructureValue>(); object && !object->behind) {
    TW_TRY_VOID(form_of_object(*object, form, leaves, span));
    return form;
  } else {
    if (inside_object_ == 0 || !form_of_constant(value, form)) leaves.push_back(value);
    return form;
  }
  for (const Value& item : *items) {
    TW_TRY(ResultForm one, form_of(item, leaves, span));
    form.items.push_back(std::move(one));
  }
  return form;
}

Status Builder::set_results(const Value& value, const Span& span) {
  std::vector<Value> results;
  TW_TRY(built_.result_form, form_of(value, results, span));
  const size_t returned = results.size();
  TW_TRY_VOID(changed_fields(results, span));
  TW_TRY_VOID(copy_placeless(results, span));
  std::vector<ir::ReturnValue> returns;
  auto* tuple = value.as<TupleValue>();
  const bool one_each = tuple && tuple->items.size() == returned && result_items_.size() == returned;  // return a, b
  for (size_t k = 0; k < results.size(); ++k) {
    TW_TRY(ir::ReturnValue one, result_of(results[k], one_each && k < returned ? result_items_[k] : span));
    returns.push_back(std::move(one));
  }
  append_flags(returns);
  if (built_.result_form.kind != ResultForm::Kind::leaf || !built_.changes.empty() || returns.size() > results.size())
    root_->set<&ir::SDFGFields::returns_tuple>(true);
  root_->set<&ir::SDFGFields::returns>(std::move(returns));
  return base::success();
}

// Symbols that start with a value get it on the first transition of the graph.
void Builder::begin_with_initial(ir::SDFG& sdfg, const Span& span) {
  if (initial_.empty()) return;
  ir::ControlFlowBlock* start = sdfg.start();
  auto first = ir::make_ref<ir::State>(unique_label("begin"));
  sdfg.add_block(first);
  first->set_location({located(span)});
  ir::InterstateEdgeFields fields;
  fields.assignments = std::exchange(initial_, {});
  sdfg.add_edge(*first, *start, std::move(fields)).set_location({located(span)});
  sdfg.set_start(*first);
}

// Arrays that nothing reads or writes (np.empty for its check alone) are none.
static void drop_untouched(ir::SDFG& graph) {
  const analysis::ContainerUses uses = analysis::container_uses(graph);
  std::set<std::string> named;
  for (const auto& container : graph.containers())
    for (const auto* list : {&container->get().distinct, &container->get().members, &container->get().targets})
      named.insert(list->begin(), list->end());
  std::vector<ir::Container*> untouched;
  for (const auto& container : graph.containers()) {
    const ir::ContainerFields& fields = container->get();
    if (fields.transient && uses.count(fields.name) == 0 && uses.only_in_states(fields.name) &&
        !named.count(fields.name))
      untouched.push_back(container.get());
  }
  for (ir::Container* container : untouched) graph.remove_container(*container);
}

void Builder::finish(Built& built) {
  flush_pending(request_.function->span);
  if (root_->blocks().empty()) new_state("empty", request_.function->span);
  begin_with_initial(*root_, request_.function->span);
  drop_untouched(*root_);
  std::vector<Expr> assumptions;
  for (const Expr& fact : entry_facts_)
    if (std::find(assumptions.begin(), assumptions.end(), fact) == assumptions.end()) assumptions.push_back(fact);
  root_->set<&ir::SDFGFields::assumptions>(std::move(assumptions));
  std::set<std::string> memory;
  for (const auto& container : written_) memory.merge(memory_of(container));
  for (const auto& name : root_->get().arguments)
    if (memory.count(name)) built.written_arguments.push_back(name);
  for (const auto& name : root_->get().arguments)
    if (apart_.count(name)) built.apart_arguments.push_back(name);
  root_->log()->forget();
  built.sdfg = root_;
}

Result<Built> Builder::run() {
  const syntax::Function& function = *request_.function;
  root_ = ir::make_ref<ir::SDFG>(function.name);
  root_->set_location({function.span});
  cursor_ = Cursor{root_.get(), root_.get(), nullptr, false, {}};
  for (int i = 0; i < 16; ++i) taken_.insert("_i" + std::to_string(i));
  frames_.push_back({&function, request_.host, nullptr, Liveness(function.body), "result", {}, false});
  for (const auto& [name, argument] : request_.arguments) TW_TRY_VOID(add_argument(name, argument));
  for (const auto& name : assigned_names(function.body))
    if (!scope_.names.count(name)) scope_.names[name] = Value(Unbound{"it is not bound before this line"});
  TW_TRY_VOID(statements(sequence(function.body)));
  TW_TRY_VOID(
      set_results(result_ ? *result_ : Value(NoneObject{}), result_span_.known() ? result_span_ : function.span));
  Built built = std::move(built_);
  finish(built);
  return built;
}

Result<Built> build(const Request& request) { return Builder(request).run(); }

}  // namespace thalweg::frontend
