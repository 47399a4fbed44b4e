#include "sets/translate.h"

#include <algorithm>
#include <optional>

namespace thalweg::sets {

using symbolic::Expr;
using symbolic::Kind;

namespace {

bool is_comparison(Kind kind) { return kind == Kind::lt || kind == Kind::le || kind == Kind::eq || kind == Kind::ne; }
bool is_condition(Kind kind) {
  return is_comparison(kind) || kind == Kind::logical_and || kind == Kind::logical_or || kind == Kind::logical_not;
}

// A product as an integer times the rest; the rest is one operand or a product of several.
struct Product {
  int64_t factor = 1;
  std::vector<Expr> rest;
  Expr monomial() const {
    Expr out = 1;
    for (const Expr& one : rest) out = out * one;
    return out;
  }
};
Product product_of(const Expr& expr) {
  Product out;
  for (const Expr& operand : expr.operands())
    if (auto value = operand.as_integer(); value && out.factor == 1)
      out.factor = *value;
    else
      out.rest.push_back(operand);
  return out;
}

// The name that isl knows a parameter by.
std::string name_of(const Expr& atom) { return atom.is_symbol() ? atom.name() : symbolic::to_string(atom); }

Owned<isl_val> integer(int64_t value) { return Owned<isl_val>(isl_val_int_from_si(context(), value)); }

// floor_div and mod by a constant are affine with a local division.
std::optional<int64_t> constant_divisor(const Expr& expr) {
  auto divisor = expr.operands()[1].as_integer();
  if (!divisor || *divisor == 0 || *divisor == INT64_MIN) return std::nullopt;
  return divisor;
}

}  // namespace

bool Translator::uses_dims(const Expr& expr) const {
  std::set<std::string> used;
  symbolic::collect_symbols(expr, used);
  return std::any_of(dims_.begin(), dims_.end(), [&](const std::string& dim) { return used.count(dim) > 0; });
}

bool Translator::collect_opaque(const Expr& expr) {
  if (uses_dims(expr)) return false;
  atoms_.try_emplace(name_of(expr), expr);
  return true;
}

bool Translator::collect(const Expr& expr) {
  auto all = [&](std::span<const Expr> operands) {
    bool fits = true;
    for (const Expr& operand : operands) fits = collect(operand) && fits;
    return fits;
  };
  switch (expr.kind()) {
    case Kind::integer: return true;
    case Kind::symbol:
      if (std::find(dims_.begin(), dims_.end(), expr.name()) == dims_.end()) atoms_.try_emplace(expr.name(), expr);
      return true;
    case Kind::mul: {
      Product product = product_of(expr);
      if (product.rest.size() == 1) return collect(product.rest[0]);
      return product.rest.empty() || collect_opaque(product.monomial());
    }
    case Kind::floor_div:
    case Kind::mod: return constant_divisor(expr) ? collect(expr.operands()[0]) : collect_opaque(expr);
    case Kind::element:
    case Kind::call: return collect_opaque(expr);
    default: return all(expr.operands());
  }
}

void Translator::make_space() {
  isl_space* space = isl_space_set_alloc(context(), 0, static_cast<unsigned>(dims_.size()));
  int place = 0;
  for (const auto& [name, atom] : atoms_) {
    places_[name] = place++;
    space = isl_space_add_param_id(space, isl_id_alloc(context(), name.c_str(), nullptr));
  }
  space_.reset(space);
}

Owned<isl_aff> Translator::zero() const {
  return Owned<isl_aff>(isl_aff_zero_on_domain_space(isl_space_copy(space_.get())));
}

bool Translator::add_variable(const std::string& name, int64_t by, Owned<isl_aff>& into) const {
  isl_dim_type type = isl_dim_in;
  int place;
  auto dim = std::find(dims_.begin(), dims_.end(), name);
  if (dim != dims_.end()) {
    place = static_cast<int>(dim - dims_.begin());
  } else {
    auto known = places_.find(name);
    if (known == places_.end()) return false;
    type = isl_dim_param;
    place = known->second;
  }
  isl_val* sum = isl_aff_get_coefficient_val(into.get(), type, place);
  sum = isl_val_add(sum, integer(by).release());
  into.reset(isl_aff_set_coefficient_val(into.release(), type, place, sum));
  return true;
}

bool Translator::add_linear(const Expr& expr, int64_t by, Owned<isl_aff>& into) const {
  switch (expr.kind()) {
    case Kind::integer: {
      isl_val* added = isl_val_mul(integer(expr.integer()).release(), integer(by).release());
      into.reset(isl_aff_add_constant_val(into.release(), added));
      return true;
    }
    case Kind::symbol: return add_variable(expr.name(), by, into);
    case Kind::add:
      return std::all_of(expr.operands().begin(), expr.operands().end(),
                         [&](const Expr& operand) { return add_linear(operand, by, into); });
    case Kind::mul: {
      Product product = product_of(expr);
      int64_t scale;
      if (__builtin_mul_overflow(product.factor, by, &scale)) return false;
      if (product.rest.size() == 1) return add_linear(product.rest[0], scale, into);
      return !product.rest.empty() && add_variable(name_of(product.monomial()), scale, into);
    }
    case Kind::floor_div:
    case Kind::mod:
      if (constant_divisor(expr)) return false;
      return add_variable(name_of(expr), by, into);
    case Kind::element:
    case Kind::call: return add_variable(name_of(expr), by, into);
    default: return false;
  }
}

Owned<isl_pw_aff> Translator::constant(int64_t value) const {
  Owned<isl_aff> aff = zero();
  return Owned<isl_pw_aff>(isl_pw_aff_from_aff(isl_aff_add_constant_val(aff.release(), integer(value).release())));
}

Owned<isl_pw_aff> Translator::quotient(const Expr& expr) const {
  const int64_t divisor = *constant_divisor(expr);
  Owned<isl_pw_aff> x = value(expr.operands()[0]);
  isl_pw_aff* floor = isl_pw_aff_floor(isl_pw_aff_scale_down_val(isl_pw_aff_copy(x.get()), integer(divisor).release()));
  if (expr.kind() == Kind::floor_div) return Owned<isl_pw_aff>(floor);
  return Owned<isl_pw_aff>(isl_pw_aff_sub(x.release(), isl_pw_aff_scale_val(floor, integer(divisor).release())));
}

Owned<isl_pw_aff> Translator::choose(const Expr& expr) const {
  auto operands = expr.operands();
  if (expr.kind() == Kind::select) {
    Owned<isl_set> where = holds(operands[0]);
    isl_pw_aff* condition = isl_set_indicator_function(where.release());
    return Owned<isl_pw_aff>(isl_pw_aff_cond(condition, value(operands[1]).release(), value(operands[2]).release()));
  }
  Owned<isl_pw_aff> out = value(operands[0]);
  for (size_t k = 1; k < operands.size(); ++k) {
    Owned<isl_pw_aff> next = value(operands[k]);
    out.reset(expr.kind() == Kind::min ? isl_pw_aff_min(out.release(), next.release())
                                       : isl_pw_aff_max(out.release(), next.release()));
  }
  return out;
}

Owned<isl_pw_aff> Translator::value(const Expr& expr) const {
  Owned<isl_aff> linear = zero();
  if (add_linear(expr, 1, linear)) return Owned<isl_pw_aff>(isl_pw_aff_from_aff(linear.release()));
  switch (expr.kind()) {
    case Kind::add: {
      Owned<isl_pw_aff> out = constant(0);
      for (const Expr& operand : expr.operands()) out.reset(isl_pw_aff_add(out.release(), value(operand).release()));
      return out;
    }
    case Kind::mul: {
      Product product = product_of(expr);
      if (product.rest.size() != 1) return nullptr;
      return Owned<isl_pw_aff>(
          isl_pw_aff_scale_val(value(product.rest[0]).release(), integer(product.factor).release()));
    }
    case Kind::floor_div:
    case Kind::mod: return quotient(expr);
    case Kind::min:
    case Kind::max:
    case Kind::select: return choose(expr);
    default:
      if (!is_condition(expr.kind())) return nullptr;
      return Owned<isl_pw_aff>(isl_set_indicator_function(holds(expr).release()));
  }
}

bool Translator::constrain(const Expr& condition, Owned<isl_basic_set>& into) const {
  const Kind kind = condition.kind();
  if (kind == Kind::logical_and)
    return std::all_of(condition.operands().begin(), condition.operands().end(),
                       [&](const Expr& one) { return constrain(one, into); });
  if (kind != Kind::lt && kind != Kind::le && kind != Kind::eq) return false;
  Owned<isl_aff> difference = zero();
  if (!add_linear(condition.operands()[1], 1, difference) || !add_linear(condition.operands()[0], -1, difference))
    return false;
  if (kind == Kind::lt) difference.reset(isl_aff_add_constant_si(difference.release(), -1));
  isl_constraint* constraint =
      kind == Kind::eq ? isl_equality_from_aff(difference.release()) : isl_inequality_from_aff(difference.release());
  into.reset(isl_basic_set_add_constraint(into.release(), constraint));
  return true;
}

Owned<isl_set> Translator::holds(const Expr& condition) const {
  auto side = [&](size_t k) { return value(condition.operands()[k]).release(); };
  switch (condition.kind()) {
    case Kind::lt: return Owned<isl_set>(isl_pw_aff_lt_set(side(0), side(1)));
    case Kind::le: return Owned<isl_set>(isl_pw_aff_le_set(side(0), side(1)));
    case Kind::eq: return Owned<isl_set>(isl_pw_aff_eq_set(side(0), side(1)));
    case Kind::ne: return Owned<isl_set>(isl_pw_aff_ne_set(side(0), side(1)));
    case Kind::logical_not: return Owned<isl_set>(isl_set_complement(holds(condition.operands()[0]).release()));
    case Kind::logical_and:
    case Kind::logical_or: {
      const bool both = condition.kind() == Kind::logical_and;
      Owned<isl_set> out = holds(condition.operands()[0]);
      for (size_t k = 1; k < condition.operands().size(); ++k) {
        Owned<isl_set> next = holds(condition.operands()[k]);
        out.reset(both ? isl_set_intersect(out.release(), next.release())
                       : isl_set_union(out.release(), next.release()));
      }
      return out;
    }
    case Kind::integer:
      return Owned<isl_set>(condition.is(0) ? isl_set_empty(isl_space_copy(space_.get()))
                                            : isl_set_universe(isl_space_copy(space_.get())));
    default: return Owned<isl_set>(isl_pw_aff_non_zero_set(value(condition).release()));
  }
}

Owned<isl_set> Translator::points(const std::vector<Expr>& conditions) {
  make_space();
  Owned<isl_basic_set> affine(isl_basic_set_universe(isl_space_copy(space_.get())));
  std::vector<const Expr*> others;
  for (const Expr& condition : conditions) {
    // A conjunction that is affine in part only adds what it has: it holds as a whole again below.
    if (!constrain(condition, affine)) others.push_back(&condition);
  }
  Owned<isl_set> out(isl_set_from_basic_set(affine.release()));
  for (const Expr* condition : others) out.reset(isl_set_intersect(out.release(), holds(*condition).release()));
  return out;
}

namespace {

std::optional<int64_t> to_integer(isl_val* given) {
  Owned<isl_val> value(given);
  if (!value || isl_val_is_int(value.get()) != isl_bool_true) return std::nullopt;
  Owned<isl_val> back = integer(isl_val_get_num_si(value.get()));
  if (isl_val_eq(back.get(), value.get()) != isl_bool_true) return std::nullopt;
  return isl_val_get_num_si(value.get());
}

}  // namespace

// The coefficients of an isl_aff have one denominator: expr = (sum) / denominator, an integer wherever it is defined.
std::optional<Expr> to_expr(isl_aff* aff, const std::vector<std::string>& dims,
                            const std::map<std::string, Expr>& atoms) {
  if (!aff) return std::nullopt;
  auto denominator = to_integer(isl_aff_get_denominator_val(aff));
  if (!denominator) return std::nullopt;
  auto scaled = [&](isl_val* value) { return to_integer(isl_val_mul(value, integer(*denominator).release())); };
  auto constant = scaled(isl_aff_get_constant_val(aff));
  if (!constant) return std::nullopt;
  Expr out = *constant;
  auto add = [&](isl_dim_type type, int k, const Expr& variable) {
    auto coefficient = scaled(isl_aff_get_coefficient_val(aff, type, k));
    if (coefficient) out = out + *coefficient * variable;
    return coefficient.has_value();
  };
  const int parameters = isl_aff_dim(aff, isl_dim_param), divisions = isl_aff_dim(aff, isl_dim_div);
  for (int k = 0; k < parameters; ++k) {
    auto atom = atoms.find(isl_aff_get_dim_name(aff, isl_dim_param, k));
    if (atom == atoms.end() || !add(isl_dim_param, k, atom->second)) return std::nullopt;
  }
  for (int k = 0; k < isl_aff_dim(aff, isl_dim_in); ++k)
    if (!add(isl_dim_in, k, Expr::symbol(dims[static_cast<size_t>(k)]))) return std::nullopt;
  for (int k = 0; k < divisions; ++k) {
    Owned<isl_val> coefficient(isl_aff_get_coefficient_val(aff, isl_dim_div, k));
    if (isl_val_is_zero(coefficient.get()) == isl_bool_true) continue;
    Owned<isl_aff> inner(isl_aff_get_div(aff, k));
    if (!inner) return std::nullopt;
    auto inside = to_integer(isl_aff_get_denominator_val(inner.get()));
    Owned<isl_aff> numerator(isl_aff_scale_val(inner.release(), integer(inside.value_or(1)).release()));
    auto top = to_expr(numerator.get(), dims, atoms);
    if (!inside || !top || !add(isl_dim_div, k, symbolic::floor_div(*top, *inside))) return std::nullopt;
  }
  return *denominator == 1 ? out : symbolic::floor_div(out, *denominator);
}

namespace {

struct Conditions {
  const std::vector<std::string>& dims;
  const std::map<std::string, Expr>& atoms;
  std::optional<Expr> any = Expr(0), all = Expr(1);
};

isl_stat add_constraint(isl_constraint* constraint, void* into) {
  auto& out = *static_cast<Conditions*>(into);
  const bool equality = isl_constraint_is_equality(constraint) == isl_bool_true;
  const bool of_division = isl_constraint_is_div_constraint(constraint) == isl_bool_true;
  Owned<isl_aff> aff(isl_constraint_get_aff(constraint));
  isl_constraint_free(constraint);
  if (of_division) return isl_stat_ok;
  auto expr = to_expr(aff.get(), out.dims, out.atoms);
  if (!expr) {
    out.all.reset();
    return isl_stat_error;
  }
  out.all = symbolic::logical_and(*out.all, equality ? symbolic::eq(*expr, 0) : symbolic::ge(*expr, 0));
  return isl_stat_ok;
}

isl_stat add_basic_set(isl_basic_set* basic, void* into) {
  auto& out = *static_cast<Conditions*>(into);
  out.all = Expr(1);
  isl_basic_set_foreach_constraint(basic, add_constraint, into);
  isl_basic_set_free(basic);
  out.any = out.any && out.all ? std::optional(symbolic::logical_or(*out.any, *out.all)) : std::nullopt;
  return out.any ? isl_stat_ok : isl_stat_error;
}

}  // namespace

std::optional<Expr> to_condition(isl_set* set, const std::vector<std::string>& dims,
                                 const std::map<std::string, Expr>& atoms) {
  Owned<isl_set> plain(isl_set_remove_redundancies(isl_set_coalesce(isl_set_compute_divs(isl_set_copy(set)))));
  if (!plain) return std::nullopt;
  Conditions out{dims, atoms};
  if (isl_set_foreach_basic_set(plain.get(), add_basic_set, &out) != isl_stat_ok) return std::nullopt;
  return out.any;
}

}  // namespace thalweg::sets
