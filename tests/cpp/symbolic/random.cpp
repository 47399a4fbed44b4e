// The generator and the independent evaluator behind random.h.
#include "symbolic/random.h"

namespace thalweg::symbolic::testing {

Expr Tree::build() const {
  if (op.empty()) return symbol.empty() ? Expr(value) : Expr::symbol(symbol);
  Expr a = children[0].build();
  if (op == "neg") return -a;
  if (op == "not") return logical_not(a);
  Expr b = children[1].build();
  if (op == "+") return a + b;
  if (op == "-") return a - b;
  if (op == "*") return a * b;
  if (op == "//") return floor_div(a, b);
  if (op == "%") return mod(a, b);
  if (op == "min") return min(a, b);
  if (op == "max") return max(a, b);
  if (op == "<") return lt(a, b);
  if (op == "<=") return le(a, b);
  if (op == ">") return gt(a, b);
  if (op == ">=") return ge(a, b);
  if (op == "==") return eq(a, b);
  if (op == "!=") return ne(a, b);
  if (op == "and") return logical_and(a, b);
  if (op == "or") return logical_or(a, b);
  return select(a, b, children[2].build());
}

namespace {

std::optional<int64_t> apply(const std::string& op, int64_t a, int64_t b) {
  if (op == "+") return a + b;
  if (op == "-") return a - b;
  if (op == "*") return a * b;
  if (op == "min") return a < b ? a : b;
  if (op == "max") return a > b ? a : b;
  if (op == "<") return a < b;
  if (op == "<=") return a <= b;
  if (op == ">") return a > b;
  if (op == ">=") return a >= b;
  if (op == "==") return a == b;
  if (op == "!=") return a != b;
  if (op == "and") return a != 0 && b != 0;
  if (op == "or") return a != 0 || b != 0;
  if (b == 0) return std::nullopt;
  // Rounds toward minus infinity, by the definition: the largest q with q*b on a's side.
  int64_t q = a / b;
  while (b > 0 ? q * b > a : q * b < a) --q;
  return op == "//" ? q : a - q * b;
}

}  // namespace

std::optional<int64_t> Tree::value_at(const Values& values) const {
  if (op.empty()) return symbol.empty() ? value : values.at(symbol);
  auto a = children[0].value_at(values);
  if (!a) return std::nullopt;
  if (op == "neg") return -*a;
  if (op == "not") return *a == 0;
  if (op == "select") return children[*a != 0 ? 1 : 2].value_at(values);
  auto b = children[1].value_at(values);
  return b ? apply(op, *a, *b) : std::nullopt;
}

std::string Tree::text() const {
  if (op.empty()) return symbol.empty() ? std::to_string(value) : symbol;
  std::string out = op + "(";
  for (size_t i = 0; i < children.size(); ++i) out += (i ? ", " : "") + children[i].text();
  return out + ")";
}

Tree random_integer(Random& random, const Shape& shape, int depth) {
  Tree tree;
  if (depth == 0 || random.chance(15)) {
    if (random.chance(60))
      tree.symbol = random.pick(shape.symbols);
    else
      tree.value = random.between(-shape.largest / 2, shape.largest);
    return tree;
  }
  tree.op = random.pick(shape.operators);
  if (tree.op == "select") tree.children.push_back(random_condition(random, shape, depth - 1));
  tree.children.push_back(random_integer(random, shape, depth - 1));
  if (tree.op != "neg") tree.children.push_back(random_integer(random, shape, depth - 1));
  // Most divisors in real programs are positive constants.
  if ((tree.op == "//" || tree.op == "%") && random.chance(70)) {
    tree.children[1] = Tree{};
    tree.children[1].value = random.between(1, 6);
  }
  return tree;
}

Tree random_condition(Random& random, const Shape& shape, int depth) {
  static const std::vector<std::string> comparisons = {"<", "<=", ">", ">=", "==", "!="};
  static const std::vector<std::string> connectives = {"and", "or", "not"};
  Tree tree;
  if (depth > 0 && random.chance(30)) {
    tree.op = random.pick(connectives);
    tree.children.push_back(random_condition(random, shape, depth - 1));
    if (tree.op != "not") tree.children.push_back(random_condition(random, shape, depth - 1));
    return tree;
  }
  tree.op = random.pick(comparisons);
  tree.children.push_back(random_integer(random, shape, depth));
  tree.children.push_back(random_integer(random, shape, depth));
  return tree;
}

}  // namespace thalweg::symbolic::testing
