// Index arithmetic as C text.
#include "emit/index_text.h"

#include <vector>

#include "base/planted.h"
#include "base/result.h"

namespace thalweg::emit {

using symbolic::Expr;
using symbolic::Kind;

std::string integer_text(int64_t value) {
  if (value == INT64_MIN) return "(-9223372036854775807LL - 1)";
  return std::to_string(value) + (value > INT32_MAX || value < INT32_MIN ? "LL" : "");
}

namespace {

class IndexWriter {
 public:
  explicit IndexWriter(bool estimate) : estimate_(estimate) {}

  Text write(const Expr& expr) const {
    switch (expr.kind()) {
      case Kind::integer: {
        std::string text = estimate_ ? std::to_string(expr.integer()) + ".0" : integer_text(expr.integer());
        return {text, expr.integer() < 0 ? precedence_unary : precedence_primary};
      }
      case Kind::symbol:
        return {estimate_ ? "(double)" + expr.name() : expr.name(), estimate_ ? precedence_unary : precedence_primary};
      case Kind::add: return sum(expr);
      case Kind::mul: return product(expr);
      case Kind::floor_div:
        if (base::planted("emit.division_truncates")) return binary(expr, " / ", precedence_mul);
        return whole(call("thw_floor_div_i64", expr));
      case Kind::mod:
        if (base::planted("emit.modulo_of_c")) return binary(expr, " % ", precedence_mul);
        return whole(call("thw_mod_i64", expr));
      case Kind::min: return whole(call("thw_min_i64", expr));
      case Kind::max: return whole(call("thw_max_i64", expr));
      case Kind::select: {
        IndexWriter plain(false);
        auto o = expr.operands();
        return {plain.write(o[0]).at(precedence_or) + " ? " + write(o[1]).at(precedence_or) + " : " +
                    write(o[2]).at(precedence_select),
                precedence_select};
      }
      case Kind::lt: return binary(expr, " < ", precedence_compare);
      case Kind::le: return binary(expr, " <= ", precedence_compare);
      case Kind::eq: return binary(expr, " == ", precedence_equal);
      case Kind::ne: return binary(expr, " != ", precedence_equal);
      case Kind::logical_and: return binary(expr, " && ", precedence_and);
      case Kind::logical_or: return binary(expr, " || ", precedence_or);
      case Kind::logical_not:
        return {"!" + IndexWriter(false).write(expr.operands()[0]).at(precedence_unary), precedence_unary};
      case Kind::element:
      case Kind::call: break;
    }
    TW_CHECK(false, "index expression cannot be printed: " + symbolic::to_string(expr));
  }

 private:
  Text whole(std::string text) const {
    return estimate_ ? Text{"(double)" + text, precedence_unary} : Text{std::move(text)};
  }
  // n-ary functions nest to the left.
  std::string call(const std::string& function, const Expr& expr) const {
    IndexWriter plain(false);
    std::string text = plain.write(expr.operands()[0]).text;
    for (size_t i = 1; i < expr.operands().size(); ++i)
      text = function + "(" + text + ", " + plain.write(expr.operands()[i]).text + ")";
    return text;
  }
  Text binary(const Expr& expr, const char* op, int precedence) const {
    IndexWriter plain(false);
    std::string text;
    for (const Expr& operand : expr.operands())
      text += (text.empty() ? "" : op) + plain.write(operand).at(precedence + 1);
    return {text, precedence};
  }
  static bool negative(const Expr& term) {
    if (auto value = term.as_integer()) return *value < 0;
    if (term.kind() != Kind::mul) return false;
    auto factor = term.operands()[0].as_integer();
    return factor && *factor < 0;
  }
  // Positive terms first, then negative ones, the constant last: N*i + j - 1.
  Text sum(const Expr& expr) const {
    std::vector<Expr> order[3];
    for (const Expr& term : expr.operands()) order[term.as_integer() ? 2 : negative(term) ? 1 : 0].push_back(term);
    std::string text;
    for (const auto& part : order)
      for (const Expr& term : part) {
        if (text.empty())
          text = write(term).at(precedence_add);
        else if (negative(term) && !term.is(INT64_MIN))
          text += " - " + write(-term).at(precedence_mul);
        else
          text += " + " + write(term).at(precedence_mul);
      }
    return {text, precedence_add};
  }
  Text product(const Expr& expr) const {
    if (expr.operands()[0].is(-1)) {
      Expr rest = -expr;
      return {"-" + write(rest).at(precedence_unary), precedence_unary};
    }
    std::string text;
    for (const Expr& factor : expr.operands())
      text += (text.empty() ? "" : "*") + write(factor).at(text.empty() ? precedence_mul : precedence_unary);
    return {text, precedence_mul};
  }

  bool estimate_;
};

}  // namespace

Text index_text(const Expr& expr) { return IndexWriter(false).write(expr); }
Text estimate_text(const Expr& expr) { return IndexWriter(true).write(expr); }

}  // namespace thalweg::emit
