// Text to code trees. Nothing is promoted: operands must agree in type, and a cast is written where they do not. Only
// a bare literal takes the type of what stands beside it, where that type holds its value exactly.
#include <algorithm>
#include <limits>

#include "base/match.h"
#include "ir/code.h"
#include "ir/code_names.h"
#include "ir/code_values.h"
#include "syntax/parse.h"

namespace thalweg::ir::code {

namespace {

using base::Diagnostic;
using base::ErrorKind;
using base::Result;
using base::Span;

Diagnostic error(const char* code, ErrorKind kind, std::string message, const Span& span, std::string fix = "") {
  Diagnostic out;
  out.code = code;
  out.kind = kind;
  out.message = std::move(message);
  out.span = span;
  out.fix = std::move(fix);
  return out;
}

// A tree, or a bare literal whose type is still open.
struct Operand {
  Ptr tree;
  bool literal = false;
  Span span;
};

Op op_of(syntax::BinaryOperator op, bool& known) {
  using enum syntax::BinaryOperator;
  switch (op) {
    case add: return Op::add;
    case sub: return Op::sub;
    case mul: return Op::mul;
    case div: return Op::div;
    case floor_div: return Op::floor_div;
    case mod: return Op::mod;
    case pow: return Op::pow;
    case bit_and: return Op::bit_and;
    case bit_or: return Op::bit_or;
    case bit_xor: return Op::bit_xor;
    case lshift: return Op::lshift;
    case rshift: return Op::rshift;
    case matmul: break;
  }
  known = false;
  return Op::constant;
}

Op op_of(syntax::CompareOperator op, bool& known) {
  using enum syntax::CompareOperator;
  switch (op) {
    case lt: return Op::lt;
    case le: return Op::le;
    case gt: return Op::gt;
    case ge: return Op::ge;
    case eq: return Op::eq;
    case ne: return Op::ne;
    case is:
    case is_not:
    case in:
    case not_in: break;
  }
  known = false;
  return Op::constant;
}

DType type_of_literal(const Value& value) {
  return base::match(
      value, [](bool) { return dtypes::bool_; }, [](int64_t) { return dtypes::int64; },
      [](uint64_t) { return dtypes::uint64; }, [](double) { return dtypes::float64; },
      [](const std::complex<double>&) { return dtypes::complex128; });
}

std::string spell(const Operand& operand) {
  return "'" + to_string(*operand.tree) + "' (" + operand.tree->type.name() + ")";
}

class TreeParser {
 public:
  explicit TreeParser(const NameTypes& types) : types_(types) {}

  Result<Ptr> tree(const syntax::Expr& expr) {
    TW_TRY(Operand operand, parse(expr));
    return operand.tree;
  }

  // The tree as a value of this type, which a literal takes where it can.
  Result<Ptr> tree_of(const syntax::Expr& expr, DType type, const std::string& what) {
    TW_TRY(Operand operand, parse(expr));
    TW_TRY_VOID(adapt(operand, type));
    if (operand.tree->type != type)
      return error("TW0302", ErrorKind::type, what + " is " + type.name() + ", but " + spell(operand) + " is given",
                   expr.span, type.name() + "(...)");
    return operand.tree;
  }

  Result<std::vector<Ptr>> indices(const syntax::Expr& index) {
    std::vector<Ptr> out;
    auto one = [&](const syntax::Expr& expr) -> base::Status {
      TW_TRY(Ptr tree, tree_of(expr, dtypes::int64, "an index"));
      out.push_back(std::move(tree));
      return base::success();
    };
    if (auto* tuple = std::get_if<syntax::Tuple>(&index.content)) {
      for (const auto& element : tuple->elements) TW_TRY_VOID(one(*element));
    } else {
      TW_TRY_VOID(one(index));
    }
    return out;
  }

  // "a" or "structure.member" as a leaf name.
  static std::optional<std::string> dotted(const syntax::Expr& expr) {
    if (auto* name = std::get_if<syntax::Name>(&expr.content)) return name->id;
    if (auto* attribute = std::get_if<syntax::Attribute>(&expr.content))
      if (auto inner = dotted(*attribute->value)) return *inner + "." + attribute->attribute;
    return std::nullopt;
  }

 private:
  Result<Operand> parse(const syntax::Expr& expr) {
    auto parsed = parse_content(expr);
    if (parsed) parsed->span = expr.span;
    return parsed;
  }

  Result<Operand> parse_content(const syntax::Expr& expr) {
    auto refuse = [&](const auto&) -> Result<Operand> {
      return error("TW0301", ErrorKind::syntax,
                   "'" + syntax::to_string(expr) + "' has no meaning in code of tasklets and conditions", expr.span);
    };
    return base::match(
        expr.content, [&](const syntax::Constant& constant) { return literal(constant.value, false, expr.span); },
        [&](const syntax::Name&) { return leaf(expr); }, [&](const syntax::Attribute&) { return leaf(expr); },
        [&](const syntax::Subscript& subscript) { return element_of(subscript, expr.span); },
        [&](const syntax::Unary& unary) { return parse_unary(unary, expr.span); },
        [&](const syntax::Binary& binary) { return parse_binary(binary, expr); },
        [&](const syntax::Bool& logical) { return parse_logical(logical, expr.span); },
        [&](const syntax::Compare& compare) { return parse_compare(compare, expr); },
        [&](const syntax::Call& call) { return parse_call(call, expr); },
        [&](const syntax::Conditional& choice) {
          return apply_to(Op::select, {choice.condition.get(), choice.then_value.get(), choice.else_value.get()},
                          expr.span);
        },
        refuse);
  }

  Result<Operand> literal(const syntax::ConstantValue& value, bool negative, const Span& span) {
    std::optional<Value> number;
    if (auto* v = std::get_if<bool>(&value); v && !negative) number = *v;
    if (auto* v = std::get_if<int64_t>(&value)) number = negative ? -*v : *v;
    if (auto* v = std::get_if<double>(&value)) number = negative ? -*v : *v;
    if (auto* v = std::get_if<std::complex<double>>(&value); v && !negative) number = *v;
    if (auto* v = std::get_if<syntax::BigInteger>(&value)) {
      if (negative && v->digits == "9223372036854775808") number = std::numeric_limits<int64_t>::min();
      if (!negative && (v->digits.size() < 20 || (v->digits.size() == 20 && v->digits <= "18446744073709551615")))
        number = static_cast<uint64_t>(std::stoull(v->digits));
    }
    if (!number)
      return error("TW0303", ErrorKind::value,
                   "this constant has no type here: numbers of at most 64 bits and booleans are possible", span);
    return Operand{constant(*number, type_of_literal(*number)), true};
  }

  Result<Operand> leaf(const syntax::Expr& expr) {
    auto name = dotted(expr);
    if (!name) return error("TW0301", ErrorKind::syntax, "expected a name", expr.span);
    if (*name == "inf" || *name == "nan")
      return Operand{
          constant(*name == "inf" ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN(),
                   dtypes::float64),
          true};
    if (auto found = types_.inputs.find(*name); found != types_.inputs.end())
      return Operand{input(*name, found->second)};
    if (name->find('.') != std::string::npos)
      return error("TW0304", ErrorKind::name, "nothing is called '" + *name + "' here", expr.span);
    return Operand{symbol(symbolic::Expr::symbol(*name))};
  }

  Result<Operand> element_of(const syntax::Subscript& subscript, const Span& span) {
    auto name = dotted(*subscript.value);
    auto found = name ? types_.inputs.find(*name) : types_.inputs.end();
    if (found == types_.inputs.end())
      return error("TW0304", ErrorKind::name,
                   "'" + syntax::to_string(*subscript.value) + "' is no array that can be read here", span);
    TW_TRY(std::vector<Ptr> at, indices(*subscript.index));
    return Operand{element(*name, found->second, std::move(at))};
  }

  Result<Operand> parse_unary(const syntax::Unary& unary, const Span& span) {
    if (unary.op == syntax::UnaryOperator::neg) {
      if (auto* value = std::get_if<syntax::Constant>(&unary.operand->content))
        return literal(value->value, true, span);
      TW_TRY(Operand operand, parse(*unary.operand));
      if (operand.literal && operand.tree->type == dtypes::float64)  // inf, nan, - - 3.0
        return Operand{constant(-std::get<double>(operand.tree->value), dtypes::float64), true};
      return apply(Op::neg, {std::move(operand)}, span);
    }
    if (unary.op == syntax::UnaryOperator::pos) return parse(*unary.operand);
    return apply_to(unary.op == syntax::UnaryOperator::invert ? Op::invert : Op::logical_not, {unary.operand.get()},
                    span);
  }

  Result<Operand> parse_binary(const syntax::Binary& binary, const syntax::Expr& expr) {
    bool known = true;
    const Op op = op_of(binary.op, known);
    if (!known)
      return error("TW0301", ErrorKind::syntax, "a matrix product is a library node, not an operation of code",
                   expr.span);
    return apply_to(op, {binary.left.get(), binary.right.get()}, expr.span);
  }

  Result<Operand> parse_logical(const syntax::Bool& logical, const Span& span) {
    TW_TRY(Operand result, parse(*logical.values.front()));
    for (size_t k = 1; k < logical.values.size(); ++k) {
      TW_TRY(Operand next, parse(*logical.values[k]));
      TW_TRY(result,
             apply(logical.is_and ? Op::logical_and : Op::logical_or, {std::move(result), std::move(next)}, span));
    }
    return result;
  }

  // a < b < c is (a < b) and (b < c): code has no effects, so b may stand twice.
  Result<Operand> parse_compare(const syntax::Compare& compare, const syntax::Expr& expr) {
    std::optional<Operand> all;
    const syntax::Expr* left = compare.left.get();
    for (size_t k = 0; k < compare.ops.size(); ++k) {
      bool known = true;
      const Op op = op_of(compare.ops[k], known);
      if (!known)
        return error("TW0301", ErrorKind::syntax, "'" + syntax::to_string(expr) + "' has no meaning in code",
                     expr.span);
      TW_TRY(Operand next, apply_to(op, {left, compare.comparators[k].get()}, expr.span));
      if (all) {
        TW_TRY(next, apply(Op::logical_and, {std::move(*all), std::move(next)}, expr.span));
      }
      all = std::move(next);
      left = compare.comparators[k].get();
    }
    return *all;
  }

  Result<Operand> parse_call(const syntax::Call& call, const syntax::Expr& expr) {
    auto name = dotted(*call.function);
    if (!name || !call.keywords.empty())
      return error("TW0301", ErrorKind::syntax, "'" + syntax::to_string(expr) + "' is no call that code knows",
                   expr.span);
    if (*name == "index" || *name == "pyindex")
      return parse_index(call, *name == "pyindex" ? dtypes::pyint : dtypes::int64, expr.span);
    if (*name == "astype") return parse_astype(call, expr.span);
    if (auto type = find_dtype(*name)) return parse_conversion(call, *type, expr.span);
    const OpName* row = find_op(*name);
    if (!row) return error("TW0304", ErrorKind::name, "code knows no operation '" + *name + "'", expr.span);
    if (call.arguments.size() != row->arity)
      return error("TW0305", ErrorKind::type,
                   "'" + *name + "' takes " + std::to_string(row->arity) + " arguments, not " +
                       std::to_string(call.arguments.size()),
                   expr.span);
    std::vector<const syntax::Expr*> arguments;
    for (const auto& argument : call.arguments) arguments.push_back(argument.get());
    return apply_to(row->op, arguments, expr.span);
  }

  // index(2*N + i): an index expression as one leaf.
  Result<Operand> parse_index(const syntax::Call& call, DType type, const Span& span) {
    if (call.arguments.size() != 1)
      return error("TW0305", ErrorKind::type, "index takes one expression over symbols", span);
    auto value = symbolic::from_syntax(*call.arguments[0]);
    if (!value) return std::move(value.error());
    return Operand{symbol(std::move(*value), type)};
  }

  Result<Operand> parse_astype(const syntax::Call& call, const Span& span) {
    if (call.arguments.size() == 2)
      if (auto name = dotted(*call.arguments[1]))
        if (auto type = find_dtype(*name)) {
          TW_TRY(Operand operand, parse(*call.arguments[0]));
          return Operand{cast(operand.tree, *type)};
        }
    return error("TW0305", ErrorKind::type, "astype takes a value and the name of a type", span);
  }

  // float32(x): a cast; float32(0.5): a constant of that type; complex64(1.0, 2.0): a complex constant.
  Result<Operand> parse_conversion(const syntax::Call& call, DType type, const Span& span) {
    std::vector<Operand> operands;
    for (const auto& argument : call.arguments) {
      TW_TRY(Operand operand, parse(*argument));
      operands.push_back(std::move(operand));
    }
    if (operands.size() == 1 && !operands[0].literal) {
      if (operands[0].tree->type == type) return Operand{operands[0].tree};
      return Operand{cast(operands[0].tree, type)};
    }
    std::optional<Value> value;
    if (operands.size() == 1) {
      value = rounded_value(operands[0].tree->value, type);
    } else if (operands.size() == 2 && type.is_complex() && operands[0].literal && operands[1].literal) {
      auto re = rounded_value(operands[0].tree->value, dtypes::float64);
      auto im = rounded_value(operands[1].tree->value, dtypes::float64);
      if (re && im) value = rounded_value(std::complex<double>(std::get<double>(*re), std::get<double>(*im)), type);
    }
    if (!value) return error("TW0303", ErrorKind::value, "this is no value of type " + type.name(), span);
    return Operand{constant(*value, type)};
  }

  Result<Operand> apply_to(Op op, const std::vector<const syntax::Expr*>& arguments, const Span& span) {
    std::vector<Operand> operands;
    for (const syntax::Expr* argument : arguments) {
      TW_TRY(Operand operand, parse(*argument));
      operands.push_back(std::move(operand));
    }
    return apply(op, std::move(operands), span);
  }

  Result<Operand> apply(Op op, std::vector<Operand> operands, const Span& span) {
    TW_TRY_VOID(agree(op, operands));
    std::vector<DType> types;
    std::vector<Ptr> trees;
    std::string shown;
    for (const Operand& operand : operands) {
      types.push_back(operand.tree->type);
      trees.push_back(operand.tree);
      shown += (shown.empty() ? "" : ", ") + operand.tree->type.name();
    }
    if (!result_type(op, types))
      return error("TW0306", ErrorKind::type, "'" + std::string(op_name(op).name) + "' does not take (" + shown + ")",
                   span, "convert with a cast, as in float64(x)");
    return Operand{make(op, std::move(trees), span)};
  }

  // Gives literals the type of the other operands; what still differs is an error.
  base::Status agree(Op op, std::vector<Operand>& operands) {
    const size_t first = op == Op::select ? 1 : 0;
    if (operands.size() <= first) return base::success();
    auto better = [](const Operand& a, const Operand& b) {  // whose type counts: no literal, else the wider kind
      if (a.literal != b.literal) return b.literal;
      return a.literal && a.tree->type.kind() > b.tree->type.kind();
    };
    size_t leader = first;
    for (size_t k = first + 1; k < operands.size(); ++k)
      if (better(operands[k], operands[leader])) leader = k;
    const DType type = operands[leader].tree->type;
    for (size_t k = first; k < operands.size(); ++k) {
      TW_TRY_VOID(adapt(operands[k], type));
      if (operands[k].tree->type != type)
        return error("TW0302", ErrorKind::type,
                     "operands of different types: " + spell(operands[leader]) + " and " + spell(operands[k]),
                     operands[k].span,
                     "write the conversion, as in " + type.name() + "(" + to_string(*operands[k].tree) + ")");
    }
    return base::success();
  }

  base::Status adapt(Operand& operand, DType type) {
    if (!operand.literal || operand.tree->type == type) return base::success();
    // A boolean is no number, and a float is no integer, even where the value is.
    const DType own = operand.tree->type;
    const bool widens = own.is_bool() == type.is_bool() && (own.is_integer() || !type.is_integer());
    auto value = widens ? exact_value(operand.tree->value, type) : std::nullopt;
    if (!value)
      return error(
          "TW0303", ErrorKind::value, "the literal " + to_string(*operand.tree) + " is not exactly a " + type.name(),
          operand.span,
          "write " + type.name() + "(" + to_string(*operand.tree) + ") to round it, or convert the other side");
    operand.tree = constant(*value, type);
    return base::success();
  }

  const NameTypes& types_;
};

Result<Statement> parse_check(const syntax::Call& call, const NameTypes& types, const Span& span) {
  auto bad = [&] {
    return error("TW0307", ErrorKind::syntax, "a check is written check(condition, IndexError, \"message\", values...)",
                 span);
  };
  if (call.arguments.size() < 3 || !call.keywords.empty()) return bad();
  auto* kind_name = std::get_if<syntax::Name>(&call.arguments[1]->content);
  auto* text = std::get_if<syntax::Constant>(&call.arguments[2]->content);
  auto kind = kind_name ? find_exception(kind_name->id) : std::nullopt;
  if (!kind || !text || !std::holds_alternative<std::string>(text->value)) return bad();
  TreeParser parser(types);
  Check check;
  check.kind = *kind;
  check.message = std::get<std::string>(text->value);
  check.span = span;
  TW_TRY(check.condition, parser.tree(*call.arguments[0]));
  if (!check.condition->type.is_bool())
    return error("TW0302", ErrorKind::type,
                 "the condition of a check is a boolean, not " + check.condition->type.name(), call.arguments[0]->span);
  for (size_t k = 3; k < call.arguments.size(); ++k) {
    TW_TRY(Ptr value, parser.tree(*call.arguments[k]));
    check.values.push_back(std::move(value));
  }
  return Statement(std::move(check));
}

Result<Statement> parse_store(const syntax::Assign& assign, const NameTypes& types, const Span& span) {
  if (assign.targets.size() != 1)
    return error("TW0301", ErrorKind::syntax, "one connector is assigned at a time", span);
  const syntax::Expr& target = *assign.targets[0];
  auto* subscript = std::get_if<syntax::Subscript>(&target.content);
  auto name = TreeParser::dotted(subscript ? *subscript->value : target);
  auto found = name ? types.outputs.find(*name) : types.outputs.end();
  if (found == types.outputs.end())
    return error("TW0304", ErrorKind::name,
                 "'" + syntax::to_string(subscript ? *subscript->value : target) + "' is no output connector",
                 target.span);
  TreeParser parser(types);
  Store store;
  store.connector = *name;
  if (subscript) {
    TW_TRY(store.indices, parser.indices(*subscript->index));
  }
  TW_TRY(store.value, parser.tree_of(*assign.value, found->second, "connector '" + *name + "'"));
  return Statement(std::move(store));
}

Result<Statement> parse_statement(const syntax::Stmt& statement, const NameTypes& types) {
  if (auto* assign = std::get_if<syntax::Assign>(&statement.content))
    return parse_store(*assign, types, statement.span);
  if (auto* expr = std::get_if<syntax::ExprStatement>(&statement.content))
    if (auto* call = std::get_if<syntax::Call>(&expr->value->content))
      if (auto* name = std::get_if<syntax::Name>(&call->function->content); name && name->id == "check")
        return parse_check(*call, types, statement.span);
  return error("TW0301", ErrorKind::syntax, "a statement of code is 'connector = value' or 'check(...)'",
               statement.span);
}

}  // namespace

base::Result<Ptr> parse_expression(std::string_view text, const NameTypes& types) {
  TW_TRY(syntax::ExprPtr tree, syntax::parse_expression(text, "<code>"));
  return TreeParser(types).tree(*tree);
}

base::Result<Block> parse_block(std::string_view text, const NameTypes& types) {
  TW_TRY(std::vector<syntax::StmtPtr> statements, syntax::parse_statements(text, "<code>"));
  NameTypes known = types;
  Block out;
  for (const auto& statement : statements) {
    TW_TRY(Statement parsed, parse_statement(*statement, known));
    if (auto* store = std::get_if<Store>(&parsed)) known.inputs[store->connector] = known.outputs.at(store->connector);
    out.push_back(std::move(parsed));
  }
  return out;
}

}  // namespace thalweg::ir::code
