#include "sets/set.h"

#include <algorithm>

#include "base/result.h"
#include "sets/budget.h"
#include "sets/translate.h"

namespace thalweg::sets {

void Set::Free::operator()(isl_set* set) const { isl_set_free(set); }

Set::Set(Dims dims, const std::vector<Expr>& conditions) : dims_(std::move(dims)) {
  const Budget budget;
  Translator translator(dims_);
  std::vector<Expr> parts, kept;
  for (const Expr& condition : conditions) {
    // Of a conjunction each part counts for itself.
    if (condition.kind() == symbolic::Kind::logical_and)
      parts.insert(parts.end(), condition.operands().begin(), condition.operands().end());
    else
      parts.push_back(condition);
  }
  for (const Expr& part : parts) {
    if (translator.collect(part))
      kept.push_back(part);
    else
      exact_ = false;
  }
  set_.reset(translator.points(kept).release());
  atoms_ = translator.take_atoms();
}

Set Set::of(const symbolic::Subset& subset, const Dims& names) {
  TW_CHECK(subset.rank() == names.size(), "a set of a subset has one dimension for each range");
  std::vector<Expr> conditions;
  bool exact = true;
  for (size_t d = 0; d < names.size(); ++d) {
    const symbolic::Range& range = subset.ranges[d];
    const Expr at = Expr::symbol(names[d]);
    if (range.is_index()) {
      conditions.push_back(eq(at, range.begin));
      continue;
    }
    conditions.push_back(ge(range.size, 0));
    auto step = range.step.as_integer();
    if (!step || *step == INT64_MIN) {
      exact = false;
      continue;
    }
    conditions.push_back(*step > 0 ? ge(at, range.begin) : le(at, range.begin));
    conditions.push_back(*step > 0 ? lt(at, range.end()) : gt(at, range.end()));
    if (*step != 1 && *step != -1) conditions.push_back(eq(mod(at - range.begin, *step > 0 ? *step : -*step), 0));
  }
  Set out(names, conditions);
  out.exact_ = out.exact_ && exact;
  return out;
}

Set::Set(const Set& other)
    : set_(isl_set_copy(other.set_.get())), dims_(other.dims_), exact_(other.exact_), atoms_(other.atoms_) {}
Set& Set::operator=(Set other) noexcept {
  std::swap(set_, other.set_);
  std::swap(dims_, other.dims_);
  std::swap(exact_, other.exact_);
  std::swap(atoms_, other.atoms_);
  return *this;
}
Set::~Set() = default;

Set::Set(Raw, isl_set* set, Dims dims, const Set& a, const Set* b)
    : set_(set), dims_(std::move(dims)), exact_(a.exact_ && (!b || b->exact_)), atoms_(a.atoms_) {
  if (b) atoms_.insert(b->atoms_.begin(), b->atoms_.end());
}

namespace {

template <class Owner>
isl_set* copy(const Owner& set) {
  return isl_set_copy(set.get());
}

}  // namespace

Set Set::intersect(const Set& other) const {
  const Budget budget;
  return Set(Raw{}, isl_set_intersect(copy(set_), copy(other.set_)), dims_, *this, &other);
}
Set Set::unite(const Set& other) const {
  const Budget budget;
  return Set(Raw{}, isl_set_union(copy(set_), copy(other.set_)), dims_, *this, &other);
}
// What is taken away must be exact, or the result would be too small.
Set Set::subtract(const Set& other) const {
  const Budget budget;
  if (!other.exact_) {
    Set out = *this;
    out.exact_ = false;
    return out;
  }
  return Set(Raw{}, isl_set_subtract(copy(set_), copy(other.set_)), dims_, *this, &other);
}
Set Set::without(const Dims& dims) const {
  const Budget budget;
  isl_set* out = copy(set_);
  Dims left = dims_;
  for (const std::string& dim : dims) {
    auto at = std::find(left.begin(), left.end(), dim);
    if (at == left.end()) continue;
    out = isl_set_project_out(out, isl_dim_set, static_cast<unsigned>(at - left.begin()), 1);
    left.erase(at);
  }
  return Set(Raw{}, out, std::move(left), *this);
}
Set Set::parameters() const { return without(dims_); }
Set Set::add_dims(const Dims& more) const {
  const Budget budget;
  Dims dims = dims_;
  dims.insert(dims.end(), more.begin(), more.end());
  return Set(Raw{}, isl_set_add_dims(copy(set_), isl_dim_set, static_cast<unsigned>(more.size())), std::move(dims),
             *this);
}

bool Set::surely_empty() const {
  const Budget budget;
  return set_ && isl_set_is_empty(set_.get()) == isl_bool_true;
}

Truth Set::empty(const Set& context) const {
  const Budget budget;
  if (surely_empty()) return Truth::yes;
  if (!exact_ || !set_) return Truth::unknown;
  return context.subset_of(parameters()) == Truth::yes ? Truth::no : Truth::unknown;
}

Truth Set::subset_of(const Set& other) const {
  const Budget budget;
  if (!set_ || !other.set_ || !other.exact_) return Truth::unknown;
  return isl_set_is_subset(set_.get(), other.set_.get()) == isl_bool_true ? Truth::yes : Truth::unknown;
}

int Set::position(const std::string& dim) const {
  auto at = std::find(dims_.begin(), dims_.end(), dim);
  TW_CHECK(at != dims_.end(), "no dimension " + dim);
  return static_cast<int>(at - dims_.begin());
}

std::optional<int64_t> Set::bound(const std::string& dim, bool low) const {
  const Budget budget;
  const int at = position(dim);
  Owned<isl_val> value(low ? isl_set_dim_min_val(copy(set_), at) : isl_set_dim_max_val(copy(set_), at));
  if (!value || isl_val_is_int(value.get()) != isl_bool_true) return std::nullopt;
  const long number = isl_val_get_num_si(value.get());
  return isl_val_eq_si(value.get(), number) == isl_bool_true ? std::optional<int64_t>(number) : std::nullopt;
}
std::optional<int64_t> Set::lowest(const std::string& dim) const { return bound(dim, true); }
std::optional<int64_t> Set::highest(const std::string& dim) const { return bound(dim, false); }

namespace {

struct Pieces {
  const Dims& dims;
  const std::map<std::string, Expr>& atoms;
  std::vector<std::pair<Expr, Expr>> found;  // condition, value
};

isl_stat add_piece(isl_set* where, isl_aff* value, void* into) {
  Owned<isl_set> domain(where);
  Owned<isl_aff> aff(value);
  auto& out = *static_cast<Pieces*>(into);
  auto expr = to_expr(aff.get(), out.dims, out.atoms);
  auto condition = to_condition(domain.get(), out.dims, out.atoms);
  if (!expr || !condition) return isl_stat_error;
  out.found.emplace_back(*condition, *expr);
  return isl_stat_ok;
}

}  // namespace

std::optional<Expr> Set::bound_expr(const std::string& dim, bool low) const {
  const Budget budget;
  if (!set_ || !exact_) return std::nullopt;
  const int at = position(dim);
  Dims others = dims_;
  others.erase(others.begin() + at);
  const Set alone = without(others);
  Owned<isl_pw_aff> pieces(low ? isl_set_dim_min(copy(alone.set_), 0) : isl_set_dim_max(copy(alone.set_), 0));
  const Dims none;
  Pieces out{none, alone.atoms_, {}};
  if (!pieces || isl_pw_aff_foreach_piece(pieces.get(), add_piece, &out) != isl_stat_ok) return std::nullopt;
  constexpr size_t kMostPieces = 2;
  if (out.found.empty() || out.found.size() > kMostPieces) return std::nullopt;
  // Outside of all pieces the set is empty, and any value will do.
  Expr all = out.found.back().second;
  for (size_t k = out.found.size() - 1; k-- > 0;) all = select(out.found[k].first, out.found[k].second, all);
  return all;
}
std::optional<Expr> Set::lowest_expr(const std::string& dim) const { return bound_expr(dim, true); }
std::optional<Expr> Set::highest_expr(const std::string& dim) const { return bound_expr(dim, false); }

std::optional<Expr> Set::condition() const {
  const Budget budget;
  if (!set_ || !exact_) return std::nullopt;
  return to_condition(set_.get(), dims_, atoms_);
}

std::optional<std::map<std::string, int64_t>> Set::sample() const {
  const Budget budget;
  Owned<isl_point> point(isl_set_sample_point(copy(set_)));
  if (!point || isl_point_is_void(point.get()) != isl_bool_false) return std::nullopt;
  std::map<std::string, int64_t> out;
  Owned<isl_space> space(isl_point_get_space(point.get()));
  const int parameters = isl_space_dim(space.get(), isl_dim_param);
  for (int k = 0; k < parameters; ++k) {
    Owned<isl_val> value(isl_point_get_coordinate_val(point.get(), isl_dim_param, k));
    if (value)
      out[isl_space_get_dim_name(space.get(), isl_dim_param, static_cast<unsigned>(k))] =
          isl_val_get_num_si(value.get());
  }
  for (size_t k = 0; k < dims_.size(); ++k) {
    Owned<isl_val> value(isl_point_get_coordinate_val(point.get(), isl_dim_set, static_cast<int>(k)));
    if (value) out[dims_[k]] = isl_val_get_num_si(value.get());
  }
  return out;
}

Set context_of(const Facts& facts) { return Set({}, facts.conditions()); }

}  // namespace thalweg::sets
