// Tasklet code and conditions: connectors become loads and stores of buffers, or variables.
#include <algorithm>

#include "lower/lowering.h"

namespace thalweg::lower {

using ir::code::Op;

Result<const Binding*> Lowering::binding(Graph& graph, const std::string& container, const base::Location& location) {
  auto at = graph.bindings.find(container);
  if (at == graph.bindings.end()) return refuse(location, "container '" + container + "' has no memory here");
  return &at->second;
}

// The index in the buffer of a container's element.
std::vector<Ptr> Lowering::element_index(const Binding& binding, const std::vector<Ptr>& index) const {
  std::vector<Ptr> out;
  for (const Dim& dim : binding.dims) {
    if (dim.inner < 0) {
      out.push_back(index_of(dim.begin));
      continue;
    }
    const Ptr& inner = index[dim.inner];
    if (const Expr* plain = plain_index(inner)) {
      out.push_back(index_of(dim.begin + *plain * dim.step));
      continue;
    }
    Ptr at = ir::code::cast(inner, ir::dtypes::int64);
    if (!dim.step.is(1)) at = ir::code::make(Op::mul, at, index_of(dim.step));
    if (!dim.begin.is(0)) at = ir::code::make(Op::add, at, index_of(dim.begin));
    out.push_back(at);
  }
  return out;
}

Result<Ptr> Lowering::load(Graph&, const Binding& binding, const std::vector<Ptr>& index, ir::DType type) {
  Ptr value = binding.variable ? ir::code::input(binding.name, binding.fields->dtype)
                               : ir::code::element(binding.name, binding.fields->dtype, element_index(binding, index));
  return ir::code::cast(value, type);
}

namespace {

bool reads_elements(const ir::code::Expr& expr) {
  return expr.op == Op::element ||
         std::any_of(expr.args.begin(), expr.args.end(), [](const Ptr& argument) { return reads_elements(*argument); });
}

}  // namespace

// Operations on float16 happen in float32, rounded once to half, as in NumPy.
static Ptr in_single_precision(std::shared_ptr<ir::code::Expr> expr) {
  auto half = [](const Ptr& each) { return each->type == ir::dtypes::float16; };
  const bool moves = expr->op == Op::cast || expr->op == Op::select || expr->op == Op::constant;
  if (moves || (expr->type != ir::dtypes::float16 && std::none_of(expr->args.begin(), expr->args.end(), half)))
    return expr;
  for (Ptr& argument : expr->args)
    if (half(argument)) argument = ir::code::cast(argument, ir::dtypes::float32);
  if (expr->type != ir::dtypes::float16) return expr;
  expr->type = ir::dtypes::float32;
  return ir::code::cast(Ptr(std::move(expr)), ir::dtypes::float16);
}

// Leaves resolved: connectors (or containers, where connectors is null) to memory, symbols to variables.
Result<Ptr> Lowering::translate(Graph& graph, const Ptr& expr, const Connectors* connectors,
                                const base::Location& location) {
  if (expr->op == Op::symbol) {
    std::set<std::string> containers, symbols;
    symbolic::collect_containers(expr->symbol, containers);
    if (!containers.empty())
      return refuse(location, "an index expression that reads the container '" + *containers.begin() + "'");
    symbolic::collect_symbols(expr->symbol, symbols);
    for (const std::string& name : symbols)
      if (!graph.symbols.contains(name)) return refuse(location, "the symbol '" + name + "' has no value here");
    return ir::code::symbol(in(graph, expr->symbol), expr->type);
  }
  std::vector<Ptr> args;
  for (const Ptr& argument : expr->args) {
    TW_TRY(Ptr done, translate(graph, argument, connectors, location));
    args.push_back(std::move(done));
  }
  // The scalars behind connectors are read in any case: both sides may be evaluated, without a branch.
  if (connectors && (expr->op == Op::logical_and || expr->op == Op::logical_or) &&
      !ir::code::may_raise(*expr->args[1]) && !reads_elements(*expr->args[1]))
    return ir::code::make(expr->op == Op::logical_and ? Op::bit_and : Op::bit_or, std::move(args));
  if (expr->op != Op::input && expr->op != Op::element) {
    auto copy = std::make_shared<ir::code::Expr>(*expr);
    copy->args = std::move(args);
    return in_single_precision(std::move(copy));
  }
  if (!connectors) {
    TW_TRY(const Binding* bound, binding(graph, expr->name, location));
    if (args.empty() && !bound->variable)
      for (size_t d = 0; d < bound->fields->shape.size(); ++d) args.push_back(index_of(0));
    return load(graph, *bound, args, expr->type);
  }
  auto at = connectors->find(expr->name);
  if (at == connectors->end()) return refuse(location, "the tasklet reads '" + expr->name + "', which is no connector");
  const Source_& source = at->second;
  if (!source.local.empty())
    return ir::code::cast(ir::code::input(source.local, program_.variables.at(source.local).dtype), expr->type);
  std::vector<Ptr> index;
  for (size_t d = 0; d < source.subset.rank(); ++d) {
    const symbolic::Range& range = source.subset.ranges[d];
    if (args.empty()) {
      index.push_back(index_of(range.begin));
    } else if (const Expr* plain = plain_index(args[d])) {
      index.push_back(index_of(range.begin + *plain * range.step));
    } else {
      Ptr offset = range.step.is(1) ? args[d] : ir::code::make(Op::mul, args[d], index_of(range.step));
      index.push_back(range.begin.is(0) ? offset : ir::code::make(Op::add, offset, index_of(range.begin)));
    }
  }
  return load(graph, *source.binding, index, expr->type);
}

Ptr combine(const Ptr& old, const Ptr& value, const ir::MemletFields& memlet) {
  using ir::Wcr;
  auto truth = [](const Ptr& x) { return ir::code::cast(x, ir::dtypes::bool_); };
  switch (memlet.wcr) {
    case Wcr::none: return value;
    case Wcr::sum: return ir::code::make(Op::add, old, value);
    case Wcr::product: return ir::code::make(Op::mul, old, value);
    case Wcr::min: return ir::code::make(Op::minimum, old, value);
    case Wcr::max: return ir::code::make(Op::maximum, old, value);
    case Wcr::logical_and: return ir::code::cast(ir::code::make(Op::logical_and, truth(old), truth(value)), old->type);
    case Wcr::logical_or: return ir::code::cast(ir::code::make(Op::logical_or, truth(old), truth(value)), old->type);
    case Wcr::bitwise_and: return ir::code::make(Op::bit_and, old, value);
    case Wcr::bitwise_or: return ir::code::make(Op::bit_or, old, value);
    case Wcr::bitwise_xor: return ir::code::make(Op::bit_xor, old, value);
    case Wcr::custom: return ir::code::replace(memlet.wcr_code, {{{"old", old}, {"new", value}}, {}, {}});
  }
  return value;
}

// Element `index` of the container = value, combined with what is there where the memlet says so.
void Lowering::store(const Binding& binding, const std::vector<Ptr>& index, Ptr value, const ir::MemletFields& memlet,
                     const base::Location& location) {
  ir::DType dtype = binding.fields->dtype;
  value = ir::code::cast(value, dtype);
  bool conflict = memlet.wcr != ir::Wcr::none;
  if (binding.variable) {
    if (conflict) value = combine(ir::code::input(binding.name, dtype), value, memlet);
    FlagSites flags = flag_sites(value, location);
    add(Assign{binding.name, value, flags, memlet.wcr});
    return;
  }
  std::vector<Ptr> at = element_index(binding, index);
  if (conflict) value = combine(ir::code::element(binding.name, dtype, at), value, memlet);
  FlagSites flags = flag_sites(value, location);
  add(Store{binding.name, at, value, conflict && !memlet.wcr_nonatomic, false, memlet.wcr, flags});
}

namespace {

// The one store whose value can be computed straight from memory; else connectors go through variables.
bool is_simple(const ir::code::Block& code) {
  return code.size() == 1 && std::holds_alternative<ir::code::Store>(code[0]);
}

}  // namespace

Status Lowering::store_output(Graph& graph, const ir::Edge& edge, const std::vector<Ptr>& indices, Ptr value,
                              const base::Location& location) {
  const ir::MemletFields& memlet = edge.memlet().get();
  if (edge.memlet().is_empty()) return refuse(location, "a tasklet's output without a container");
  TW_TRY(const Binding* bound, binding(graph, memlet.data, location));
  if (memlet.wcr != ir::Wcr::none && bound->fields->dtype == ir::dtypes::float16)
    return refuse(location, "float16 numbers that are combined in memory cannot be compiled yet");
  symbolic::Subset subset = in(graph, memlet.subset);
  std::vector<Ptr> index;
  for (size_t d = 0; d < subset.rank(); ++d) {
    const symbolic::Range& range = subset.ranges[d];
    if (indices.empty()) {
      index.push_back(index_of(range.begin));
    } else if (const Expr* plain = plain_index(indices[d])) {
      index.push_back(index_of(range.begin + *plain * range.step));
    } else {
      Ptr offset = range.step.is(1) ? indices[d] : ir::code::make(Op::mul, indices[d], index_of(range.step));
      index.push_back(range.begin.is(0) ? offset : ir::code::make(Op::add, offset, index_of(range.begin)));
    }
  }
  store(*bound, index, std::move(value), memlet, location);
  return base::success();
}

Status Lowering::lower_tasklet(Graph& graph, ir::Tasklet& tasklet) {
  const base::Location& location = tasklet.location();
  if (tasklet->language.row().opaque)
    return refuse(location, "the tasklet '" + tasklet->label + "' is written in " + tasklet->language.name() +
                                ", which cannot be compiled yet");
  Connectors inputs;
  std::set<std::string> read;
  for (const ir::Edge* edge : tasklet.in_edges()) {
    if (edge->target_connector().empty()) continue;
    const ir::MemletFields& memlet = edge->memlet().get();
    if (memlet.data.empty()) return refuse(location, "a tasklet's input without a container");
    TW_TRY(const Binding* bound, binding(graph, memlet.data, location));
    inputs[edge->target_connector()] = {bound, in(graph, memlet.subset), ""};
    read.insert(bound->name);
  }
  auto outputs = [&](const std::string& connector) {
    std::vector<const ir::Edge*> edges;
    for (const ir::Edge* edge : tasklet.out_edges())
      if (edge->source_connector() == connector) edges.push_back(edge);
    return edges;
  };
  bool simple = is_simple(tasklet->code);
  if (!simple) {
    // All inputs are read before anything is written: scalars are kept in variables.
    std::set<std::string> used;
    ir::code::collect_inputs(tasklet->code, used);
    for (auto& [connector, source] : inputs) {
      if (!used.contains(connector) || !source.subset.is_element() || source.binding->variable) continue;
      std::string local = new_variable(connector, source.binding->fields->dtype);
      std::vector<Ptr> index;
      for (const auto& range : source.subset.ranges) index.push_back(index_of(range.begin));
      TW_TRY(Ptr value, load(graph, *source.binding, index, source.binding->fields->dtype));
      add(Declare{local});
      add(Assign{local, value, {}});
      source.local = local;
    }
  }
  struct Pending {
    const ir::Edge* edge;
    Ptr value;
  };
  std::vector<Pending> pending;
  std::set<std::string> array_written;
  for (const ir::code::Statement& statement : tasklet->code) {
    if (auto* check = std::get_if<ir::code::Check>(&statement)) {
      TW_TRY(Ptr condition, translate(graph, check->condition, &inputs, location));
      Check out{condition};
      for (const Ptr& value : check->values) {
        TW_TRY(Ptr done, translate(graph, value, &inputs, location));
        out.values.push_back(std::move(done));
      }
      base::Span span = check->span.known() || location.empty() ? check->span : location.front();
      out.site = raise_site(check->kind, check->message, span, static_cast<int>(out.values.size()));
      out.flags = flag_sites(condition, location);
      add(std::move(out));
      continue;
    }
    const auto& code = std::get<ir::code::Store>(statement);
    TW_TRY(Ptr value, translate(graph, code.value, &inputs, location));
    std::vector<Ptr> indices;
    for (const Ptr& index : code.indices) {
      TW_TRY(Ptr done, translate(graph, index, &inputs, location));
      indices.push_back(std::move(done));
    }
    auto edges = outputs(code.connector);
    if (simple || !indices.empty()) {
      for (const ir::Edge* edge : edges) {
        if (!simple && read.contains(edge->memlet().get().data))
          return refuse(location, "a tasklet of several statements that reads and writes parts of one array");
        TW_TRY_VOID(store_output(graph, *edge, indices, value, location));
      }
      continue;
    }
    ir::DType type = value->type;
    auto& known = inputs[code.connector];
    if (known.local.empty() || !array_written.contains(code.connector)) {
      known = {};
      known.local = new_variable(code.connector, type);
      add(Declare{known.local});
    }
    FlagSites flags = flag_sites(value, location);
    add(Assign{known.local, ir::code::cast(value, program_.variables.at(known.local).dtype), flags});
    if (array_written.insert(code.connector).second)
      for (const ir::Edge* edge : edges) pending.push_back({edge, nullptr});
  }
  for (const Pending& output : pending) {
    const std::string& local = inputs.at(output.edge->source_connector()).local;
    Ptr value = ir::code::input(local, program_.variables.at(local).dtype);
    TW_TRY_VOID(store_output(graph, *output.edge, {}, value, location));
  }
  return base::success();
}

}  // namespace thalweg::lower
