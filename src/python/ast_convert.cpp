#include "python/ast_convert.h"

#include <functional>
#include <map>

namespace nb = nanobind;

namespace thalweg::python {

using namespace syntax;

namespace {

// The names that are read in a node, however deep.
std::vector<std::string> names_in(nb::handle node) {
  std::vector<std::string> out;
  if (node.is_none()) return out;
  nb::object ast = nb::module_::import_("ast");
  for (nb::handle each : ast.attr("walk")(node))
    if (nb::isinstance(each, ast.attr("Name"))) out.push_back(nb::cast<std::string>(each.attr("id")));
  return out;
}

class Converter {
 public:
  explicit Converter(const std::string& file, std::string source = "", int first_line = 1)
      : file_(std::make_shared<const std::string>(file)), source_(std::move(source)), first_line_(first_line) {}

  // The parts of a function or of a lambda that both have.
  std::shared_ptr<Function> function(nb::handle node, std::string name) {
    auto out = std::make_shared<Function>();
    out->name = std::move(name);
    parameters(node.attr("args"), *out);
    out->span = span(node);
    out->source = source_;
    out->source_first_line = first_line_;
    return out;
  }

  base::Span span(nb::handle node) const {
    base::Span out;
    out.file = file_;
    if (!nb::hasattr(node, "lineno")) return out;
    out.line = nb::cast<int>(node.attr("lineno"));
    out.column = nb::cast<int>(node.attr("col_offset"));
    out.end_line = nb::cast<int>(node.attr("end_lineno"));
    out.end_column = nb::cast<int>(node.attr("end_col_offset"));
    return out;
  }

  ExprPtr expr(nb::handle node) {
    if (node.is_none()) return nullptr;
    auto out = std::make_unique<Expr>();
    out->span = span(node);
    std::string kind = type_name(node);
    out->content = content(kind, node);
    return out;
  }

  std::vector<StmtPtr> body(nb::handle list) {
    std::vector<StmtPtr> out;
    for (nb::handle node : list) out.push_back(stmt(node));
    return out;
  }

  static std::string type_name(nb::handle node) { return nb::cast<std::string>(node.type().attr("__name__")); }

 private:
  std::vector<ExprPtr> exprs(nb::handle list) {
    std::vector<ExprPtr> out;
    for (nb::handle node : list) out.push_back(expr(node));
    return out;
  }
  static std::string text(nb::handle value) { return nb::cast<std::string>(value); }

  static ConstantValue constant(nb::handle value) {
    PyObject* object = value.ptr();
    if (object == Py_None) return NoneValue{};
    if (object == Py_Ellipsis) return EllipsisValue{};
    if (PyBool_Check(object)) return object == Py_True;
    if (PyLong_Check(object)) {
      int overflow = 0;
      long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
      if (overflow) return BigInteger{text(nb::str(value))};
      return static_cast<int64_t>(number);
    }
    if (PyFloat_Check(object)) return PyFloat_AS_DOUBLE(object);
    if (PyComplex_Check(object))
      return std::complex<double>(PyComplex_RealAsDouble(object), PyComplex_ImagAsDouble(object));
    if (PyUnicode_Check(object)) return text(value);
    return NoneValue{};
  }

  static std::optional<BinaryOperator> binary(const std::string& kind) {
    static const std::map<std::string, BinaryOperator> table = {{"Add", BinaryOperator::add},
                                                                {"Sub", BinaryOperator::sub},
                                                                {"Mult", BinaryOperator::mul},
                                                                {"Div", BinaryOperator::div},
                                                                {"FloorDiv", BinaryOperator::floor_div},
                                                                {"Mod", BinaryOperator::mod},
                                                                {"Pow", BinaryOperator::pow},
                                                                {"MatMult", BinaryOperator::matmul},
                                                                {"BitAnd", BinaryOperator::bit_and},
                                                                {"BitOr", BinaryOperator::bit_or},
                                                                {"BitXor", BinaryOperator::bit_xor},
                                                                {"LShift", BinaryOperator::lshift},
                                                                {"RShift", BinaryOperator::rshift}};
    auto found = table.find(kind);
    return found == table.end() ? std::nullopt : std::optional(found->second);
  }

  static CompareOperator compare(const std::string& kind) {
    static const std::map<std::string, CompareOperator> table = {
        {"Lt", CompareOperator::lt},       {"LtE", CompareOperator::le},       {"Gt", CompareOperator::gt},
        {"GtE", CompareOperator::ge},      {"Eq", CompareOperator::eq},        {"NotEq", CompareOperator::ne},
        {"Is", CompareOperator::is},       {"IsNot", CompareOperator::is_not}, {"In", CompareOperator::in},
        {"NotIn", CompareOperator::not_in}};
    return table.at(kind);
  }

  static UnaryOperator unary(const std::string& kind) {
    if (kind == "USub") return UnaryOperator::neg;
    if (kind == "UAdd") return UnaryOperator::pos;
    if (kind == "Invert") return UnaryOperator::invert;
    return UnaryOperator::logical_not;
  }

  using ExprMaker = std::function<Expr::Content(Converter&, nb::handle)>;
  static const std::map<std::string, ExprMaker>& expr_makers();
  using StmtMaker = std::function<Stmt::Content(Converter&, nb::handle)>;
  static const std::map<std::string, StmtMaker>& stmt_makers();

  Expr::Content content(const std::string& kind, nb::handle node) {
    auto found = expr_makers().find(kind);
    if (found == expr_makers().end()) return UnsupportedExpr{kind};
    return found->second(*this, node);
  }

  StmtPtr stmt(nb::handle node) {
    auto out = std::make_unique<Stmt>();
    out->span = span(node);
    std::string kind = type_name(node);
    auto found = stmt_makers().find(kind);
    if (found == stmt_makers().end())
      out->content = UnsupportedStmt{kind};
    else
      out->content = found->second(*this, node);
    return out;
  }

  Call call(nb::handle node) {
    Call out;
    out.function = expr(node.attr("func"));
    out.arguments = exprs(node.attr("args"));
    for (nb::handle keyword : node.attr("keywords")) {
      nb::object name = keyword.attr("arg");
      out.keywords.push_back({name.is_none() ? "" : text(name), expr(keyword.attr("value")), span(keyword)});
    }
    return out;
  }

  void parameter(nb::handle argument, nb::handle default_value, Function& into) {
    Parameter made;
    made.name = text(argument.attr("arg"));
    made.annotation = expr(argument.attr("annotation"));
    made.default_value = expr(default_value);
    made.has_default = made.default_value != nullptr;
    made.span = span(argument);
    into.parameters.push_back(std::move(made));
  }

  void parameters(nb::handle arguments, Function& into) {
    std::vector<nb::object> positional;
    for (const char* kind : {"posonlyargs", "args"})
      for (nb::handle argument : arguments.attr(kind)) positional.push_back(nb::borrow(argument));
    nb::object defaults = arguments.attr("defaults");
    const size_t without = positional.size() - nb::len(defaults);
    for (size_t i = 0; i < positional.size(); ++i) {
      parameter(positional[i], i < without ? nb::none() : nb::object(defaults[i - without]), into);
      into.parameters.back().positional_only = i < nb::len(nb::object(arguments.attr("posonlyargs")));
    }
    if (nb::object rest = arguments.attr("vararg"); !rest.is_none()) {
      parameter(rest, nb::none(), into);
      into.parameters.back().rest = true;
    }
    size_t at = 0;
    for (nb::handle argument : arguments.attr("kwonlyargs")) {
      parameter(argument, nb::object(arguments.attr("kw_defaults")[at++]), into);
      into.parameters.back().keyword_only = true;
    }
    if (nb::object rest = arguments.attr("kwarg"); !rest.is_none()) {
      parameter(rest, nb::none(), into);
      into.parameters.back().keywords = true;
    }
  }

  Comprehension comprehension(nb::handle node, Comprehension::Kind kind) {
    Comprehension out{kind, nullptr, nullptr, {}};
    if (kind == Comprehension::Kind::dict) out.key = expr(node.attr("key"));
    out.element = expr(node.attr(kind == Comprehension::Kind::dict ? "value" : "elt"));
    for (nb::handle clause : node.attr("generators"))
      out.clauses.push_back({expr(clause.attr("target")), expr(clause.attr("iter")), exprs(clause.attr("ifs"))});
    return out;
  }

  Stmt::Content def(nb::handle node) {
    if (nb::len(nb::object(node.attr("decorator_list"))) > 0) return UnsupportedStmt{"decorated def"};
    std::shared_ptr<Function> made = function(node, text(node.attr("name")));
    made->body = body(node.attr("body"));
    return FunctionDef{std::move(made)};
  }

  Expr::Content lambda(nb::handle node) {
    std::shared_ptr<Function> made = function(node, "<lambda>");
    nb::object value = node.attr("body");
    made->body.push_back(std::make_unique<Stmt>(Stmt{Return{expr(value)}, span(value)}));
    return Lambda{std::move(made)};
  }

  // What a pattern asks of the subject; null where it is no pattern of constants.
  ExprPtr pattern(nb::handle node, nb::handle subject) {
    const std::string kind = type_name(node);
    auto make = [&](Expr::Content content) { return std::make_unique<Expr>(Expr{std::move(content), span(node)}); };
    if (kind == "MatchValue" || kind == "MatchSingleton") {
      Compare asked;
      asked.left = expr(subject);
      asked.ops.push_back(kind == "MatchValue" ? CompareOperator::eq : CompareOperator::is);
      nb::object value = node.attr("value");
      asked.comparators.push_back(kind == "MatchValue" ? expr(value) : make(Constant{constant(value)}));
      return make(std::move(asked));
    }
    if (kind == "MatchAs" && nb::object(node.attr("name")).is_none()) return make(Constant{true});
    if (kind != "MatchOr") return nullptr;
    Bool any{false, {}};
    for (nb::handle one : node.attr("patterns")) {
      any.values.push_back(pattern(one, subject));
      if (!any.values.back()) return nullptr;
    }
    return make(std::move(any));
  }

  // match on constants is a chain of if and elif.
  Stmt::Content match(nb::handle node) {
    nb::object subject = node.attr("subject"), cases = node.attr("cases");
    // It is written down once for each case: only what may be evaluated as often.
    nb::object called = nb::getattr(subject, "func", nb::none());
    const bool length = !called.is_none() && type_name(called) == "Name" && text(called.attr("id")) == "len";
    const std::string kind = type_name(subject);
    if (!length && kind != "Name" && kind != "Constant" && kind != "Attribute")
      return UnsupportedStmt{"match on an expression (bind it to a name first)"};
    std::vector<StmtPtr> otherwise;
    for (size_t k = nb::len(cases); k-- > 0;) {
      nb::object one = cases[k];
      nb::object guard = one.attr("guard");
      ExprPtr asked = pattern(one.attr("pattern"), subject);
      if (!asked) return UnsupportedStmt{"match with other patterns than constants"};
      if (!guard.is_none()) {
        Bool both{true, {}};
        both.values.push_back(std::move(asked));
        both.values.push_back(expr(guard));
        asked = std::make_unique<Expr>(Expr{std::move(both), span(guard)});
      }
      If made{std::move(asked), body(one.attr("body")), std::move(otherwise)};
      otherwise.clear();
      otherwise.push_back(std::make_unique<Stmt>(Stmt{std::move(made), span(node)}));
    }
    return std::move(otherwise.front()->content);
  }

  Stmt::Content with(nb::handle node) {
    With out;
    for (nb::handle item : node.attr("items")) {
      if (!nb::object(item.attr("optional_vars")).is_none()) return UnsupportedStmt{"with ... as"};
      out.contexts.push_back(expr(item.attr("context_expr")));
    }
    out.body = body(node.attr("body"));
    return out;
  }

  Compare comparison(nb::handle node) {
    Compare out;
    out.left = expr(node.attr("left"));
    for (nb::handle op : node.attr("ops")) out.ops.push_back(compare(type_name(op)));
    out.comparators = exprs(node.attr("comparators"));
    return out;
  }

  std::shared_ptr<const std::string> file_;
  std::string source_;
  int first_line_;
};

const std::map<std::string, Converter::ExprMaker>& Converter::expr_makers() {
  using C = Converter;
  static const std::map<std::string, ExprMaker> table = {
      {"Constant", [](C&, nb::handle n) { return Constant{constant(n.attr("value"))}; }},
      {"Name", [](C&, nb::handle n) { return Name{text(n.attr("id"))}; }},
      {"Attribute", [](C& c, nb::handle n) { return Attribute{c.expr(n.attr("value")), text(n.attr("attr"))}; }},
      {"Subscript", [](C& c, nb::handle n) { return Subscript{c.expr(n.attr("value")), c.expr(n.attr("slice"))}; }},
      {"Slice",
       [](C& c, nb::handle n) {
         return Slice{c.expr(n.attr("lower")), c.expr(n.attr("upper")), c.expr(n.attr("step"))};
       }},
      {"Tuple", [](C& c, nb::handle n) { return Tuple{c.exprs(n.attr("elts"))}; }},
      {"List", [](C& c, nb::handle n) { return List{c.exprs(n.attr("elts"))}; }},
      {"Dict", [](C& c, nb::handle n) { return Dict{c.exprs(n.attr("keys")), c.exprs(n.attr("values"))}; }},
      {"UnaryOp", [](C& c, nb::handle n) { return Unary{unary(type_name(n.attr("op"))), c.expr(n.attr("operand"))}; }},
      {"BinOp",
       [](C& c, nb::handle n) -> Expr::Content {
         auto op = binary(type_name(n.attr("op")));
         if (!op) return UnsupportedExpr{type_name(n.attr("op"))};
         return Binary{*op, c.expr(n.attr("left")), c.expr(n.attr("right"))};
       }},
      {"BoolOp", [](C& c, nb::handle n) { return Bool{type_name(n.attr("op")) == "And", c.exprs(n.attr("values"))}; }},
      {"Compare", [](C& c, nb::handle n) { return c.comparison(n); }},
      {"Call", [](C& c, nb::handle n) { return c.call(n); }},
      {"IfExp",
       [](C& c, nb::handle n) {
         return Conditional{c.expr(n.attr("test")), c.expr(n.attr("body")), c.expr(n.attr("orelse"))};
       }},
      {"Starred", [](C& c, nb::handle n) { return Starred{c.expr(n.attr("value"))}; }},
      {"Lambda", [](C& c, nb::handle n) { return c.lambda(n); }},
      {"ListComp", [](C& c, nb::handle n) { return c.comprehension(n, Comprehension::Kind::list); }},
      {"GeneratorExp", [](C& c, nb::handle n) { return c.comprehension(n, Comprehension::Kind::generator); }},
      {"DictComp", [](C& c, nb::handle n) { return c.comprehension(n, Comprehension::Kind::dict); }},
      {"NamedExpr",
       [](C& c, nb::handle n) { return Walrus{text(n.attr("target").attr("id")), c.expr(n.attr("value"))}; }},
  };
  return table;
}

const std::map<std::string, Converter::StmtMaker>& Converter::stmt_makers() {
  using C = Converter;
  static const std::map<std::string, StmtMaker> table = {
      {"Assign", [](C& c, nb::handle n) { return Assign{c.exprs(n.attr("targets")), c.expr(n.attr("value"))}; }},
      {"AnnAssign",
       [](C& c, nb::handle n) {
         return AnnotatedAssign{c.expr(n.attr("target")), c.expr(n.attr("annotation")), c.expr(n.attr("value"))};
       }},
      {"AugAssign",
       [](C& c, nb::handle n) -> Stmt::Content {
         auto op = binary(type_name(n.attr("op")));
         if (!op) return UnsupportedStmt{type_name(n.attr("op"))};
         return AugmentedAssign{c.expr(n.attr("target")), *op, c.expr(n.attr("value"))};
       }},
      {"Expr", [](C& c, nb::handle n) { return ExprStatement{c.expr(n.attr("value"))}; }},
      {"If",
       [](C& c, nb::handle n) { return If{c.expr(n.attr("test")), c.body(n.attr("body")), c.body(n.attr("orelse"))}; }},
      {"For",
       [](C& c, nb::handle n) {
         return For{c.expr(n.attr("target")), c.expr(n.attr("iter")), c.body(n.attr("body")), c.body(n.attr("orelse"))};
       }},
      {"While",
       [](C& c, nb::handle n) {
         return While{c.expr(n.attr("test")), c.body(n.attr("body")), c.body(n.attr("orelse"))};
       }},
      {"Return", [](C& c, nb::handle n) { return Return{c.expr(n.attr("value"))}; }},
      {"Break", [](C&, nb::handle) { return Break{}; }},
      {"Continue", [](C&, nb::handle) { return Continue{}; }},
      {"Pass", [](C&, nb::handle) { return Pass{}; }},
      {"Delete",
       [](C&, nb::handle n) -> Stmt::Content {
         Delete made;
         for (nb::handle target : n.attr("targets")) {
           if (type_name(target) != "Name") return UnsupportedStmt{"del of more than names"};
           made.names.push_back(text(target.attr("id")));
         }
         return made;
       }},
      {"Assert",
       [](C& c, nb::handle n) -> Stmt::Content {
         if (nb::cast<int>(nb::module_::import_("sys").attr("flags").attr("optimize")) > 0) return Pass{};  // python -O
         StmtPtr made = assertion(c.expr(n.attr("test")), c.expr(n.attr("msg")), names_in(n.attr("msg")), c.span(n));
         return std::move(made->content);
       }},
      {"FunctionDef", [](C& c, nb::handle n) { return c.def(n); }},
      {"Match", [](C& c, nb::handle n) { return c.match(n); }},
      {"With", [](C& c, nb::handle n) { return c.with(n); }},
      {"Raise", [](C& c, nb::handle n) { return Raise{c.expr(n.attr("exc")), names_in(n)}; }},
  };
  return table;
}

}  // namespace

std::shared_ptr<Function> convert_function(nb::handle node, const std::string& file, const std::string& source,
                                           int first_line) {
  Converter converter(file, source, first_line);
  std::shared_ptr<Function> out = converter.function(node, nb::cast<std::string>(node.attr("name")));
  out->body = converter.body(node.attr("body"));
  return out;
}

ExprPtr convert_expression(nb::handle node, const std::string& file) { return Converter(file).expr(node); }

}  // namespace thalweg::python
