#include "driver/program.h"

#include <algorithm>

#include "driver/timer.h"

namespace thalweg::driver {

using symbolic::Expr;

namespace {

base::Diagnostic extent_error(const std::string& parameter, int dimension, const Expr& expected,
                              std::optional<int64_t> value, int64_t found) {
  base::Diagnostic error;
  error.code = "TW2001";
  error.kind = base::ErrorKind::value;
  error.message = "argument " + parameter + " has extent " + std::to_string(found) + " in dimension " +
                  std::to_string(dimension) + ", its annotation says " + symbolic::to_string(expected) +
                  (value && !expected.as_integer() ? " = " + std::to_string(*value) : "");
  error.fix = "pass an array of the annotated shape, or give this dimension a symbol of its own";
  return error;
}

frontend::Writing writing_of(const CallArgument& array) {
  if (!array.writeable) return frontend::Writing::read_only;
  return array.shared ? frontend::Writing::shared : frontend::Writing::allowed;
}

std::string class_name(const frontend::HostObject& of) {
  if (auto* is = std::get_if<frontend::HostClass>(&of)) return is->name;
  if (auto* named = std::get_if<frontend::HostCallable>(&of)) return named->name;
  auto* known = std::get_if<frontend::HostKnown>(&of);
  return known ? known->path.substr(known->path.rfind('.') + 1) : "object";
}

std::vector<std::string> describe_types(const std::vector<std::pair<std::string, frontend::Argument>>& arguments) {
  std::vector<std::string> names;
  for (const auto& [name, argument] : arguments) {
    if (auto* array = std::get_if<frontend::ArrayArgument>(&argument); array && !array->state_of.empty())
      names.push_back(array->state_of);
    else if (array)
      names.push_back(array->dtype.name() + "[" + std::to_string(array->shape.size()) + "d]" +
                      (array->writing == frontend::Writing::allowed ? "" : " not writable"));
    else if (auto* scalar = std::get_if<frontend::ScalarArgument>(&argument))
      names.push_back(scalar->dtype.name());
    else if (auto* sparse = std::get_if<frontend::SparseArgument>(&argument))
      names.push_back(sparse->is.name() + " of " + sparse->parts[0].second.dtype.name());
    else if (auto* object = std::get_if<frontend::StructureArgument>(&argument))
      names.push_back(class_name(object->is));
    else
      names.push_back(std::holds_alternative<frontend::IntArgument>(argument) ? "int" : "fixed");
  }
  return names;
}

base::Diagnostic given_up(const std::string& program) {
  base::Diagnostic error;
  error.code = "TW2008";
  error.message =
      program + "() was refused for " + std::to_string(kRefusals) + " kinds of arguments, no other is tried";
  error.fix = "pass arrays and numbers, not objects that are made anew for every call";
  return error;
}

std::string join(const std::vector<std::string>& parts) {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : ", ") + part;
  return out;
}

}  // namespace

void Signature::add_symbol(const std::string& name, SymbolSource source) {
  symbols_.push_back(name);
  sources_.push_back(source);
}

// A name for a part or an extent that nothing else is called by.
std::string Signature::new_name(const std::string& wanted) {
  std::string out = wanted;
  while (!taken_.insert(out).second) out += "_";
  return out;
}

// Its parts stand behind the parameters. The border has seen that their lengths fit to one another.
frontend::SparseArgument Signature::sparse_argument(const std::vector<CallArgument>& call, size_t index) {
  const size_t first_part = call[index].first_part;
  const frontend::SparseClass is = call[index].sparse;
  const std::string name = containers_[index];
  frontend::SparseArgument out{is, {}, {}};
  auto extent = [&](const std::string& of, size_t argument, int dimension) {
    const std::string symbol = new_name(of + "_d" + std::to_string(dimension));
    add_symbol(symbol, {SymbolSource::Kind::extent, static_cast<int>(argument), dimension});
    return Expr::symbol(symbol);
  };
  for (int d = 0; d < 2; ++d) out.shape.push_back(extent(name, index, d));
  const bool by_columns = is.format == frontend::SparseClass::Format::csc;
  Expr stored;
  for (size_t k = 0; k < frontend::kSparseParts; ++k) {
    const CallArgument& given = call[first_part + k];
    const std::string part_name = new_name(name + "_" + std::string(is.part_names()[k]));
    containers_[first_part + k] = part_name;
    if (k == 0) stored = extent(part_name, first_part, 0);
    const bool of_lines = is.part_names()[k] == "indptr";
    frontend::ArrayArgument array{given.dtype, {of_lines ? out.shape[by_columns] + 1 : stored}, {}, writing_of(given)};
    if (!given.contiguous) {
      const std::string stride = new_name(part_name + "_s0");
      add_symbol(stride, {SymbolSource::Kind::stride, static_cast<int>(first_part + k), 0});
      array.strides.push_back(Expr::symbol(stride));
    }
    out.parts.emplace_back(part_name, std::move(array));
  }
  return out;
}

struct Signature::Making {
  const std::vector<CallArgument>& call;
  std::vector<frontend::HostObject> fixed;
  symbolic::Substitution hidden;
  std::vector<Pending> pending;
};

frontend::ArrayArgument Signature::array_argument(Making& making, size_t index, const ParameterInfo* parameter) {
  const CallArgument& given = making.call[index];
  const int place = static_cast<int>(index);
  const std::string& name = containers_[index];
  frontend::ArrayArgument array{given.dtype, {}, {}, writing_of(given), given.state_of ? given.state_of : ""};
  if (given.state_of) {
    array.shape.assign(given.shape, given.shape + given.rank);
    return array;
  }
  const bool annotated = parameter && parameter->annotation && parameter->annotation->is_array;
  for (int d = 0; d < given.rank; ++d) {
    Expr written = annotated ? parameter->annotation->shape[static_cast<size_t>(d)]
                             : Expr::symbol(new_name(name + "_d" + std::to_string(d)));
    Expr extent = annotated ? symbolic::substitute(written, making.hidden) : written;
    if (extent.is_symbol() && std::find(symbols_.begin(), symbols_.end(), extent.name()) == symbols_.end())
      add_symbol(extent.name(), {SymbolSource::Kind::extent, place, d});
    else
      making.pending.push_back({extent, written, place, d});
    array.shape.push_back(extent);
  }
  if (!given.contiguous)
    for (int d = 0; d < given.rank; ++d) {
      const std::string stride = new_name(name + "_s" + std::to_string(d));
      add_symbol(stride, {SymbolSource::Kind::stride, place, d});
      array.strides.push_back(Expr::symbol(stride));
    }
  return array;
}

// Its fields stand behind the parameters.
frontend::StructureArgument Signature::structure_argument(Making& making, size_t index) {
  const CallArgument& given = making.call[index];
  frontend::StructureArgument out;
  out.is = std::move(making.fixed[index]);
  out.index = index;
  out.same_as = given.same_as;
  if (given.same_as >= 0) return out;
  for (size_t k = 0; k < given.fields->size(); ++k) {
    const std::string& field = (*given.fields)[k];
    const size_t part = given.first_part + k;
    containers_[part] = new_name(containers_[index] + "_" + field);
    out.fields.push_back({field, containers_[part], argument(making, part, nullptr)});
  }
  return out;
}

frontend::Argument Signature::argument(Making& making, size_t index, const ParameterInfo* parameter) {
  const CallArgument& given = making.call[index];
  switch (given.kind) {
    case CallArgument::Kind::array: return array_argument(making, index, parameter);
    case CallArgument::Kind::integer:
      add_symbol(containers_[index], {SymbolSource::Kind::integer, static_cast<int>(index), 0});
      return frontend::IntArgument{};
    case CallArgument::Kind::scalar: return frontend::ScalarArgument{given.dtype};
    case CallArgument::Kind::fixed: return frontend::FixedArgument{std::move(making.fixed[index])};
    case CallArgument::Kind::sparse: return sparse_argument(making.call, index);
    case CallArgument::Kind::structure: return structure_argument(making, index);
  }
  return frontend::FixedArgument{};
}

Signature::Signature(const std::vector<ParameterInfo>& parameters, const std::vector<CallArgument>& call,
                     const std::vector<std::string>& extra_symbols, std::vector<frontend::HostObject> fixed) {
  Making making{call, std::move(fixed), {}, {}};
  for (size_t e = 0; e < extra_symbols.size(); ++e)
    add_symbol(extra_symbols[e], {SymbolSource::Kind::extra, static_cast<int>(e), 0});
  // A parameter hides a symbol of its name; in annotations the symbol is still meant.
  for (const ParameterInfo& parameter : parameters) making.hidden[parameter.name] = Expr::symbol("_" + parameter.name);
  taken_.insert(extra_symbols.begin(), extra_symbols.end());
  containers_.resize(call.size());
  for (size_t i = 0; i < parameters.size(); ++i) {
    containers_[i] = parameters[i].name;
    taken_.insert({parameters[i].name, "_" + parameters[i].name});
    if (parameters[i].annotation)
      for (const Expr& extent : parameters[i].annotation->shape) symbolic::collect_symbols(extent, taken_);
  }
  for (size_t i = 0; i < parameters.size(); ++i)
    arguments_.emplace_back(parameters[i].name, argument(making, i, &parameters[i]));
  for (Pending& p : making.pending) {
    std::set<std::string> used;
    symbolic::collect_symbols(p.expr, used);
    for (const std::string& name : used)
      if (std::find(symbols_.begin(), symbols_.end(), name) == symbols_.end())
        add_symbol(name, {SymbolSource::Kind::extra, -1, 0});
    checks_.push_back({SlotExpr(p.expr, symbols_), p.text, p.argument, p.dimension});
  }
}

base::Status Signature::bind(const std::vector<CallArgument>& call, const std::vector<int64_t>& extra,
                             int64_t* values) const {
  for (size_t s = 0; s < sources_.size(); ++s) {
    const SymbolSource& source = sources_[s];
    if (source.kind == SymbolSource::Kind::extra) {
      if (source.argument < 0) {
        base::Diagnostic error;
        error.code = "TW2002";
        error.kind = base::ErrorKind::type;
        error.message = "the value of symbol " + symbols_[s] + " follows from no argument";
        error.fix = "pass it by keyword: " + symbols_[s] + "=...";
        return error;
      }
      values[s] = extra[static_cast<size_t>(source.argument)];
      continue;
    }
    const CallArgument& argument = call[static_cast<size_t>(source.argument)];
    switch (source.kind) {
      case SymbolSource::Kind::extent: values[s] = argument.shape[source.dimension]; break;
      case SymbolSource::Kind::stride: values[s] = argument.strides[source.dimension] / argument.dtype.bytes(); break;
      case SymbolSource::Kind::integer: values[s] = argument.integer; break;
      case SymbolSource::Kind::extra: break;
    }
  }
  for (const ExtentCheck& check : checks_) {
    auto value = check.expr.evaluate(values);
    int64_t found = call[static_cast<size_t>(check.argument)].shape[check.dimension];
    if (value != found)
      return extent_error(containers_[static_cast<size_t>(check.argument)], check.dimension, check.text, value, found);
  }
  return base::success();
}

std::vector<std::string> Signature::sizes() const {
  std::vector<std::string> out;
  for (size_t s = 0; s < symbols_.size(); ++s)
    if (sources_[s].kind == SymbolSource::Kind::extent || sources_[s].kind == SymbolSource::Kind::extra)
      out.push_back(symbols_[s]);
  return out;
}

std::shared_ptr<Signature> Program::signature(const std::vector<CallArgument>& call,
                                              const std::function<frontend::HostObject(size_t)>& fixed,
                                              const std::vector<std::string>& extra_symbols) {
  SignatureKey key;
  for (const CallArgument& argument : call) append_key(argument, key);
  for (const std::string& name : extra_symbols) key.push_back(std::hash<std::string>()(name));
  for (size_t i = 0; i < signatures_.size(); ++i) {
    if (signatures_[i].key != key) continue;
    if (i > 0)
      std::rotate(signatures_.begin(), signatures_.begin() + static_cast<std::ptrdiff_t>(i),
                  signatures_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    return signatures_.front().signature;
  }
  std::vector<frontend::HostObject> objects(call.size());
  for (size_t i = 0; i < call.size(); ++i)
    if (call[i].kind == CallArgument::Kind::fixed || call[i].kind == CallArgument::Kind::structure)
      objects[i] = fixed(i);
  auto made = std::make_shared<Signature>(parameters_, call, extra_symbols, std::move(objects));
  signatures_.insert(signatures_.begin(), Entry{std::move(key), std::move(made)});
  if (signatures_.size() > kSignatures) signatures_.pop_back();
  return signatures_.front().signature;
}

std::shared_ptr<Build> Program::find(Signature& signature, const int64_t* symbols, bool aliased) {
  Signature::Variant& variant = signature.variant(aliased);
  for (const auto& build : variant.plain)
    if (build->serves(symbols)) return build;
  bool plain_possible =
      variant.plain.size() < kPlainBuilds && std::all_of(
                                                 variant.degenerate.begin(), variant.degenerate.end(),
                                                 [&](const SlotExpr& condition) { return condition.holds(symbols); });
  if (plain_possible) return nullptr;  // worth a build of its own
  for (const auto& build : variant.general)
    if (build->serves(symbols)) return build;
  return nullptr;
}

base::Result<std::shared_ptr<Build>> Program::select(Signature& signature, const int64_t* symbols, bool aliased,
                                                     const BuildContext& context) {
  if (auto found = find(signature, symbols, aliased)) return found;
  if (context.strict) return choose(signature, symbols, aliased, context);
  if (signature.refusal()) return *signature.refusal();
  if (refusals_ >= kRefusals) return given_up(name_);
  auto chosen = choose(signature, symbols, aliased, context);
  if (!chosen && chosen.error().is_left_to_cpython()) {
    signature.refusal() = chosen.error();
    ++refusals_;
  }
  return chosen;
}

base::Result<std::shared_ptr<Build>> Program::choose(Signature& signature, const int64_t* symbols, bool aliased,
                                                     const BuildContext& context) {
  Signature::Variant& variant = signature.variant(aliased);
  bool degenerate = std::any_of(variant.degenerate.begin(), variant.degenerate.end(),
                                [&](const SlotExpr& condition) { return !condition.holds(symbols); });
  if (!degenerate && variant.plain.size() < kPlainBuilds) {
    std::vector<Expr> unmet;
    auto made = make(signature, symbols, aliased, BuildAssumptions::Mode::plain, context, unmet);
    if (!made || *made) {
      if (made) variant.plain.push_back(*made);
      return made;
    }
    for (const Expr& condition : unmet) variant.degenerate.emplace_back(condition, signature.symbols());
  }
  for (const auto& build : variant.general)
    if (build->serves(symbols)) return build;
  std::vector<Expr> unmet;
  auto made = make(signature, symbols, aliased, BuildAssumptions::Mode::general, context, unmet);
  if (made) {
    if (variant.general.size() >= kGuardedGeneralBuilds) variant.general.pop_back();
    variant.general.insert(variant.general.begin(), *made);
  }
  return made;
}

base::Result<std::shared_ptr<Build>> Program::compile_ahead(Signature& signature, const BuildContext& context) {
  Signature::Variant& variant = signature.variant(false);
  if (!variant.plain.empty()) return variant.plain.front();
  std::vector<Expr> unmet;
  auto made = make(signature, nullptr, false, BuildAssumptions::Mode::plain, context, unmet);
  if (made) variant.plain.push_back(*made);
  return made;
}

base::Result<std::shared_ptr<Build>> Program::make(Signature& signature, const int64_t* symbols, bool aliased,
                                                   BuildAssumptions::Mode mode, const BuildContext& context,
                                                   std::vector<Expr>& unmet) {
  std::optional<std::map<std::string, int64_t>> observed;
  if (symbols) {
    observed.emplace();
    for (size_t s = 0; s < signature.symbols().size(); ++s) (*observed)[signature.symbols()[s]] = symbols[s];
  }
  BuildAssumptions assumptions(mode, std::move(observed));
  frontend::Request request;
  request.function = context.function;
  request.arguments = signature.arguments();
  request.symbols = signature.sizes();
  request.host = context.host;
  request.assumptions = &assumptions;
  request.arguments_may_alias = aliased;
  request.strict = context.strict;
  request.bounds = context.bounds;

  auto build = std::make_shared<Build>();
  Timer timer;
  auto built = frontend::build(request);
  build->times.frontend = timer.milliseconds();
  // A degenerate call may also run into an error that only its sizes cause: the general build has the last word.
  if (mode == BuildAssumptions::Mode::plain && !assumptions.unmet().empty()) {
    unmet = assumptions.unmet();
    return std::shared_ptr<Build>();
  }
  if (!built) return std::move(built.error());
  build->frontend = std::move(*built);
  build->graph = build->frontend.sdfg;
  if (context.function)
    build->source = {context.function->span.file, context.function->source, context.function->source_first_line};
  build->guards = assumptions.guards();
  for (const Guard& guard : build->guards) build->tests.emplace_back(guard.condition, signature.symbols());
  build->general = mode == BuildAssumptions::Mode::general;
  build->aliased = aliased;
  build->why = (build->general ? "general build for (" : "build for (") + join(describe_types(signature.arguments())) +
               ")" + (aliased ? ", overlapping arguments" : "");
  TW_TRY_VOID(plan_build(*build, context));
  if (builds_.size() == kListedBuilds) builds_.erase(builds_.begin());
  builds_.push_back(build);
  return build;
}

void Program::forget_builds() {
  signatures_.clear();
  refusals_ = 0;
  for (const auto& build : builds_) build->border.reset();  // it refers to what the builds were made for
}

}  // namespace thalweg::driver
