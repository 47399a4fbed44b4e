// NumPy's broadcasting of shapes: equal or one is decided by facts and guards, else by a check when the program runs.
#include <algorithm>

#include "base/planted.h"
#include "frontend/builder.h"

namespace thalweg::frontend {

namespace {

std::string shape_text(size_t count, size_t& next) {
  std::string text = "(";
  for (size_t i = 0; i < count; ++i)
    text += "{" + std::to_string(next++) + "}" + (count == 1 || i + 1 < count ? "," : "");
  return text + ")";
}

// The two shapes with {k} for their extents; what is beyond the four values of a message is left out.
std::string shapes_text(const std::string& before, const std::vector<Expr>& a, const std::string& between,
                        const std::vector<Expr>& b, std::vector<Expr>& values) {
  values = a;
  values.insert(values.end(), b.begin(), b.end());
  size_t next = 0;
  if (values.size() <= 4) {
    const std::string first = shape_text(a.size(), next);
    return before + first + between + shape_text(b.size(), next);
  }
  values.clear();
  return before + "(...)" + between + "(...)";
}

std::string known_text(std::string text, const std::vector<Expr>& values) {
  for (size_t i = 0; i < values.size(); ++i) {
    const std::string slot = "{" + std::to_string(i) + "}";
    if (size_t at = text.find(slot); at != std::string::npos)
      text.replace(at, slot.size(), symbolic::to_string(values[i]));
  }
  return text;
}

}  // namespace

Result<std::vector<Expr>> Builder::broadcast(const std::vector<std::vector<Expr>>& shapes, const Span& span,
                                             bool indices) {
  std::vector<Expr> result;
  for (const auto& shape : shapes) {
    if (shape.size() > result.size()) result.insert(result.begin(), shape.size() - result.size(), Expr(1));
    const std::vector<Expr> before = result;
    for (size_t k = 1; k <= shape.size(); ++k) {
      Expr& have = result[result.size() - k];
      const Expr& more = shape[shape.size() - k];
      if (have == more || more.is(1)) continue;
      if (have.is(1)) {
        have = more;
        continue;
      }
      if (equal_extents(have, more, span)) {
        if (more.as_integer()) have = more;
        continue;
      }
      const bool more_is_one = decide(symbolic::eq(more, 1), span, "this extent is 1 and is repeated");
      if (more_is_one) continue;
      if (decide(symbolic::eq(have, 1), span, "this extent is 1 and is repeated")) {
        have = more;
        continue;
      }
      using symbolic::eq;
      const Expr fits = symbolic::logical_or(eq(have, more), symbolic::logical_or(eq(have, 1), eq(more, 1)));
      std::vector<Expr> values;
      const std::string message =
          shapes_text(indices ? "shape mismatch: indexing arrays could not be broadcast together with shapes "
                              : "operands could not be broadcast together with shapes ",
                      before, " ", shape, values);
      if (facts_.prove(fits) == symbolic::Truth::no)
        return error(indices ? "TW1033" : "TW1011", span, known_text(message, values));
      emit_check(fits, indices ? base::ErrorKind::index : base::ErrorKind::value, message, values, span);
      have = named(symbolic::select(eq(have, 1), more, have), "extent");
    }
  }
  return result;
}

// A value of shape `from` is stored into `to`: leading extents of 1 are dropped, the others must match or be 1.
Status Builder::broadcast_to(const std::vector<Expr>& from, const std::vector<Expr>& to, const Span& span) {
  Expr holds = 1;
  for (size_t k = 1; k <= from.size(); ++k) {
    const Expr& have = from[from.size() - k];
    if (have.is(1)) continue;
    const Expr want = k <= to.size() ? to[to.size() - k] : Expr(1);
    if (equal_extents(have, want, span)) continue;
    if (decide(symbolic::eq(have, 1), span, "this extent is 1 and is repeated")) continue;
    Expr fits = symbolic::eq(have, 1);
    if (k <= to.size()) fits = symbolic::logical_or(fits, symbolic::eq(have, want));
    holds = symbolic::logical_and(holds, fits);
  }
  if (holds.is(1)) return base::success();
  std::vector<Expr> values;
  const std::string message =
      shapes_text("could not broadcast input array from shape ", from, " into shape ", to, values);
  if (facts_.prove(holds) == symbolic::Truth::no) return error("TW1011", span, known_text(message, values));
  if (base::planted("frontend.broadcast_unchecked")) return base::success();
  emit_check(holds, base::ErrorKind::value, message, values, span);
  return base::success();
}

}  // namespace thalweg::frontend
