// Names: looking them up, making new ones, and going back to an earlier point of the build.
#include <algorithm>
#include <cctype>

#include "frontend/builder.h"

namespace thalweg::frontend {

Span Builder::located(const Span& span) const {
  for (const Frame& frame : frames_)
    if (frame.definition) return *frame.called_from;
  Span out = span;
  if (!frames_.empty() && frames_.back().called_from && !out.called_from) out.called_from = frames_.back().called_from;
  return out;
}

base::Diagnostic Builder::error(const std::string& code, const Span& span, std::string message, std::string fix) const {
  return make_error(code, located(span), std::move(message), std::move(fix));
}

std::string Builder::fresh(const std::string& base) {
  std::string name;
  for (char c : base.empty() ? std::string("tmp") : base)
    name += std::isalnum(static_cast<unsigned char>(c)) || c == '_' ? c : '_';
  if (std::isdigit(static_cast<unsigned char>(name[0]))) name = "_" + name;
  if (base.empty()) name = "tmp_0";
  const std::string stem = base.empty() ? "tmp" : name;
  for (int i = base.empty() ? 1 : 0; !taken_.insert(name).second; ++i) name = stem + "_" + std::to_string(i);
  return name;
}

bool Builder::inside_definition() const {
  return std::any_of(frames_.begin(), frames_.end(), [](const Frame& frame) { return frame.definition; });
}

bool Builder::all_in_rows() const {
  return std::any_of(frames_.begin(), frames_.end(), [](const Frame& frame) { return frame.in_rows; });
}

ValueResult Builder::resolve(const std::string& name, const Span& span) {
  auto found = scope_.names.find(name);
  if (found != scope_.names.end()) {
    if (auto* unbound = found->second.as<Unbound>()) {
      const std::string why = unbound->why.empty() ? "" : ": " + unbound->why;
      base::Diagnostic problem =
          error("TW1002", span, "'" + name + "' may be unbound here" + why, "bind it on every way to this line");
      return why.empty() ? problem : unsure(problem);
    }
    if (auto* maybe = found->second.as<MaybeUnbound>()) return bound_value(name, MaybeUnbound(*maybe), span);
    return found->second;
  }
  return from_host(host().resolve(name), name, span);
}

// A name that a loop binds which may not have run: its value, after a check where that is not known.
ValueResult Builder::bound_value(const std::string& name, const MaybeUnbound& maybe, const Span& span) {
  if (!decide(maybe.bound, span, "'" + name + "' is bound here")) {
    emit_check(maybe.bound, base::ErrorKind::name,
               "cannot access local variable '" + name + "' where it is not associated with a value", {}, span);
    facts_.assume(maybe.bound);
  }
  return *maybe.value;
}

// An array from outside, or the object whose state it is. What is called back could use the object as well, and would
// not see what the program has made of its state.
ValueResult Builder::with_state(Array state, const std::string& state_of, const Span& span) {
  if (state_of.empty()) return Value(std::move(state));
  has_states_ = true;
  if (!built_.notices.empty())
    return error("TW1077", span, "a program that uses a " + state_of + " from outside calls nothing back into CPython",
                 "make what it calls a @thalweg.program, or make the generator inside");
  return Value(ObjectValue{state_of, {Value(std::move(state))}});
}

ValueResult Builder::from_host(const HostObject& object, const std::string& name, const Span& span) {
  return base::match(
      object,
      [&](const HostUndefined&) -> ValueResult { return error("TW1001", span, "name '" + name + "' is not defined"); },
      [&](const HostScalar& s) -> ValueResult {
        if (s.dtype == dtypes::pyint) {
          if (auto* integer = std::get_if<int64_t>(&s.value)) return Value(integer_value(*integer));
        }
        if (s.dtype == dtypes::pybool) return Value(constant_bool(std::get<bool>(s.value)));
        return Value(Computed{s.dtype, {}, code::constant(s.value, s.dtype)});
      },
      [&](const HostBigInteger& b) -> ValueResult { return Value(exact_integer(BigInteger::parse(b.digits), span)); },
      [&](const HostArray& a) -> ValueResult {
        for (const ClosureArray& known : built_.closure_arrays)
          if (known.handle == a.handle)
            return with_state(whole_array(known.container, a.dtype, std::vector<Expr>(a.shape.begin(), a.shape.end())),
                              a.state_of, span);
        const std::string container = fresh(name);
        const std::vector<Expr> shape(a.shape.begin(), a.shape.end());
        ir::Container& made = root_->add_array(container, a.dtype, shape, false);
        if (request_.arguments_may_alias) made.set<&ir::ContainerFields::may_alias>(true);
        auto arguments = root_->get().arguments;
        arguments.push_back(container);
        root_->set<&ir::SDFGFields::arguments>(std::move(arguments));
        built_.closure_arrays.push_back({container, a.handle});
        if (!a.writeable) unwritable_[container] = Writing::read_only;
        return with_state(whole_array(container, a.dtype, shape), a.state_of, span);
      },
      [](const HostKnown& k) -> ValueResult {
        const std::string leaf = k.path.substr(k.path.rfind('.') + 1);
        if (k.path.starts_with("numpy.")) {
          const bool truth = leaf == "bool_" || leaf == "bool";
          const std::string type = truth              ? "bool"
                                   : leaf == "intp"   ? "int64"
                                   : leaf == "single" ? "float32"
                                   : leaf == "double" ? "float64"
                                                      : leaf;
          if (auto dtype = ir::find_dtype(type); dtype && !dtype->python()) return Value(DTypeObject{*dtype});
        }
        if (k.path.starts_with("thalweg."))
          if (auto dtype = ir::find_dtype(leaf == "bool_" ? "bool" : leaf); dtype && !dtype->python())
            return Value(DTypeObject{*dtype});
        if (k.path == "numpy.pi" || k.path == "math.pi") return Value(constant_float(3.141592653589793));
        if (k.path == "numpy.e" || k.path == "math.e") return Value(constant_float(2.718281828459045));
        if (k.path == "numpy.inf" || k.path == "math.inf")
          return Value(constant_float(std::numeric_limits<double>::infinity()));
        if (k.path == "numpy.nan" || k.path == "math.nan")
          return Value(constant_float(std::numeric_limits<double>::quiet_NaN()));
        if (k.path == "numpy.newaxis") return Value(NoneObject{});
        if (k.path == "builtins.Ellipsis") return Value(EllipsisObject{});
        return Value(k);
      },
      [&](const HostSymbol& s) -> ValueResult { return symbol_value(s.name, span); },
      [](const HostText& t) -> ValueResult { return Value(Text{t.value}); },
      [](const HostNone&) -> ValueResult { return Value(NoneObject{}); },
      [&](const HostTuple& t) -> ValueResult {
        TupleValue tuple;
        for (int handle : t.items) {
          TW_TRY(Value item, from_host(host().object(handle), name, span));
          tuple.items.push_back(std::move(item));
        }
        return Value(std::move(tuple));
      },
      [](const HostFunction& f) -> ValueResult { return Value(f); },
      [](const HostAnnotation& a) -> ValueResult {
        if (!a.is_array && !a.dtype.python()) return Value(DTypeObject{a.dtype});
        return Value(a);
      },
      [](const HostCallable& c) -> ValueResult { return Value(c); },
      [](const HostClass& c) -> ValueResult { return Value(c); },
      [](const HostOpaque& o) -> ValueResult { return Value(o); });
}

Builder::Checkpoint Builder::checkpoint() const {
  return {cursor_,           scope_, facts_,  symbols_, taken_,   unsure_copies_,      laid_out_, written_, labels_,
          writable_symbols_, views_, result_, built_,   initial_, root_->log()->mark()};
}

void Builder::restore(const Checkpoint& point) {
  root_->log()->rollback(point.mark);
  cursor_ = point.cursor;
  scope_ = point.scope;
  symbols_ = point.symbols;
  taken_ = point.taken;
  unsure_copies_ = point.unsure_copies;
  laid_out_ = point.laid_out;
  written_ = point.written;
  labels_ = point.labels;
  writable_symbols_ = point.writable_symbols;
  views_ = point.views;
  result_ = point.result;
  built_ = point.built;
  initial_ = point.initial;
  facts_ = point.facts;
}

}  // namespace thalweg::frontend
