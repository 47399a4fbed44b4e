// np.einsum with its labels known when compiling: operand by operand, each pair a product of stacks of matrices.
#include <algorithm>
#include <cctype>

#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

namespace {

// An array and the label of each of its dimensions; no label is there twice.
struct Labelled {
  Value value;
  std::string labels;
};

Value tuple_of_axes(const std::vector<size_t>& axes) {
  TupleValue tuple;
  for (size_t axis : axes) tuple.items.push_back(Value(integer_value(static_cast<int64_t>(axis))));
  return Value(std::move(tuple));
}

struct Contraction {
  Builder& b;
  const Span& span;

  ValueResult call(const std::string& path, std::vector<Value> arguments) const {
    return b.call_known(path, {std::move(arguments), {}, span}, span);
  }
  Result<std::vector<Expr>> shape(const Value& value) const {
    TW_TRY(Computed found, b.computed(value, span));
    return found.shape;
  }

  // Labels that stand twice in an operand become its diagonal.
  Result<Labelled> diagonals(Labelled operand) const {
    for (size_t i = 0; i < operand.labels.size(); ++i) {
      const size_t again = operand.labels.find(operand.labels[i], i + 1);
      if (again == std::string::npos) continue;
      TW_TRY(std::vector<Expr> extents, shape(operand.value));
      if (!b.equal_extents(extents[i], extents[again], span))
        b.emit_check(symbolic::eq(extents[i], extents[again]), base::ErrorKind::value,
                     "dimensions in operand for collapsing index don't match ({0} != {1})",
                     {extents[i], extents[again]}, span);
      auto place = [](size_t k) { return Value(integer_value(static_cast<int64_t>(k))); };
      TW_TRY(operand.value, call("numpy.diagonal", {operand.value, place(0), place(i), place(again)}));
      operand.value.as<Array>()->writes = Through::allowed;  // np.diagonal lets nobody write, np.einsum does
      const char label = operand.labels[i];
      operand.labels.erase(again, 1);
      operand.labels.erase(i, 1);
      operand.labels += label;
      return diagonals(std::move(operand));
    }
    return operand;
  }

  // Sums over the labels that nobody else asks for.
  Result<Labelled> without(Labelled operand, const std::string& asked) const {
    TupleValue axes;
    std::string kept;
    for (size_t i = 0; i < operand.labels.size(); ++i) {
      if (asked.find(operand.labels[i]) == std::string::npos)
        axes.items.push_back(Value(integer_value(static_cast<int64_t>(i))));
      else
        kept += operand.labels[i];
    }
    if (axes.items.empty()) return operand;
    TW_TRY(Computed read, b.computed(operand.value, span));
    CallArguments arguments{{operand.value, Value(std::move(axes))}, {}, span};
    arguments.keywords.emplace_back("dtype", Value(DTypeObject{read.dtype}));  // NumPy's einsum sums in that type
    TW_TRY(Value sum, b.call_known("numpy.sum", arguments, span));
    return Labelled{std::move(sum), kept};
  }

  // The dimensions in the order of these labels, among them all of its own.
  ValueResult ordered(const Labelled& operand, const std::string& labels) const {
    std::vector<size_t> order;
    for (char label : labels) order.push_back(operand.labels.find(label));
    if (std::is_sorted(order.begin(), order.end())) return operand.value;
    return call("numpy.transpose", {operand.value, tuple_of_axes(order)});
  }

  // One stack of matrices: [batch] x [rows] x [columns], each the product of the extents of its labels.
  ValueResult stack(const Labelled& operand, const std::string& batch, const std::string& rows,
                    const std::string& columns) const {
    TW_TRY(Value turned, ordered(operand, batch + rows + columns));
    TW_TRY(std::vector<Expr> extents, shape(turned));
    TupleValue sizes;
    size_t at = 0;
    for (const std::string* group : {&batch, &rows, &columns}) {
      Expr size = 1;
      for (size_t k = 0; k < group->size(); ++k) size = size * extents[at++];
      if (group != &batch || !batch.empty()) sizes.items.push_back(Value(integer_value(size)));
    }
    const bool as_it_is = batch.size() <= 1 && rows.size() == 1 && columns.size() == 1;
    if (as_it_is) return turned;
    return call("numpy.reshape", {turned, Value(std::move(sizes))});
  }

  Status check_extents(const Labelled& left, const Labelled& right) const {
    TW_TRY(std::vector<Expr> a, shape(left.value));
    TW_TRY(std::vector<Expr> c, shape(right.value));
    for (size_t i = 0; i < left.labels.size(); ++i) {
      const size_t k = right.labels.find(left.labels[i]);
      if (k == std::string::npos || b.equal_extents(a[i], c[k], span)) continue;
      if (a[i].is(1) || c[k].is(1))
        return b.error("TW1098", span, "np.einsum that repeats an extent of 1 is not supported", "use np.broadcast_to");
      b.emit_check(symbolic::eq(a[i], c[k]), base::ErrorKind::value,
                   "operands could not be broadcast together with remapped shapes ({0} and {1})", {a[i], c[k]}, span);
    }
    return base::success();
  }

  Result<Labelled> contract(const Labelled& left, const Labelled& right, const std::string& asked) const {
    TW_TRY_VOID(check_extents(left, right));
    std::string batch, summed, rows, columns;
    for (char label : left.labels) {
      const bool shared = right.labels.find(label) != std::string::npos;
      const bool kept = asked.find(label) != std::string::npos;
      (shared ? (kept ? batch : summed) : rows) += label;
    }
    for (char label : right.labels)
      if (left.labels.find(label) == std::string::npos) columns += label;
    Labelled out{Value(), batch + rows + columns};
    TupleValue sizes;
    TW_TRY(std::vector<Expr> a, shape(left.value));
    TW_TRY(std::vector<Expr> c, shape(right.value));
    for (char label : out.labels) {
      const size_t i = left.labels.find(label);
      sizes.items.push_back(Value(integer_value(i != std::string::npos ? a[i] : c[right.labels.find(label)])));
    }
    if (summed.empty()) {  // no sum: a product of elements, each operand with extents of 1 for the other's labels
      TW_TRY(Value x, ordered(left, batch + rows));
      TW_TRY(Value y, ordered(right, batch + columns));
      TupleValue index_x, index_y;
      for (char label : out.labels) {
        const bool mine = left.labels.find(label) != std::string::npos;
        const bool theirs = right.labels.find(label) != std::string::npos;
        index_x.items.push_back(mine ? Value(SliceValue{}) : Value(NoneObject{}));
        index_y.items.push_back(theirs ? Value(SliceValue{}) : Value(NoneObject{}));
      }
      if (!columns.empty() && !left.labels.empty()) {
        TW_TRY(x, b.subscript(x, Value(std::move(index_x)), span));
      }
      if (!rows.empty() && !right.labels.empty()) {
        TW_TRY(y, b.subscript(y, Value(std::move(index_y)), span));
      }
      TW_TRY(Value product, b.binary(syntax::BinaryOperator::mul, x, y, span));
      TW_TRY(out.value, b.settle(std::move(product), "", span));
      return out;
    }
    TW_TRY(Value x, stack(left, batch, rows, summed));
    TW_TRY(Value y, stack(right, batch, summed, columns));
    TW_TRY(Value product, call("numpy.matmul", {x, y}));
    TW_TRY(out.value, out.labels.size() == (batch.empty() ? 2u : 3u) && batch.size() <= 1 && rows.size() == 1 &&
                              columns.size() == 1
                          ? ValueResult(std::move(product))
                          : call("numpy.reshape", {product, Value(std::move(sizes))}));
    if (out.labels.empty()) {
      TW_TRY(out.value, b.subscript(out.value, Value(TupleValue{}), span));
    }
    return out;
  }
};

// "ij,jk" means "ij,jk->ik": the labels that stand once, sorted.
std::string output_of(const std::string& text) {
  const size_t arrow = text.find("->");
  if (arrow != std::string::npos) return text.substr(arrow + 2);
  std::string out;
  for (char label : text)
    if (label != ',' && std::count(text.begin(), text.end(), label) == 1) out += label;
  std::sort(out.begin(), out.end());
  return out;
}

// einsum(a, [0, 1], b, [1, 2], [0, 2]) as einsum("AB,BC->AC", a, b): label 0 is A.
Result<Given> by_letters(Builder& b, const Given& given, const Span& span) {
  Given out{std::nullopt};
  std::string text;
  for (size_t i = 0; i < given.size(); ++i) {
    auto* labels = given[i]->as<TupleValue>();
    if (i % 2 == 0 && i + 1 < given.size()) {
      out.push_back(given[i]);
      continue;
    }
    if (!labels) return b.error("TW1098", span, "np.einsum without a string of subscripts is not supported");
    text += i % 2 == 0 ? "->" : i > 1 ? "," : "";
    for (const Value& label : labels->items) {
      if (label.as<EllipsisObject>()) {
        text += "...";
        continue;
      }
      const auto number = constant_integer(label);
      if (!number || *number < 0 || *number > 25)
        return b.error("TW1098", span, "np.einsum with such a list of labels is not supported", "write a string");
      text += static_cast<char>('A' + *number);
    }
  }
  out[0] = Value(Text{text});
  return out;
}

// The labels that "..." stands for, among those that nobody writes: the dimensions that the others leave, from the last.
std::string without_ellipsis(std::string text, const std::vector<size_t>& ranks) {
  if (text.find("...") == std::string::npos) return text;
  const std::string spare = "ZYXWVUTSRQPONM";
  std::string out, term, longest;
  size_t operand = 0;
  const size_t arrow = text.find("->");
  const std::string inputs = text.substr(0, arrow) + ",";
  auto filled = [&](std::string one, size_t count) {
    std::string labels = spare.substr(0, std::min(count, spare.size()));
    std::reverse(labels.begin(), labels.end());
    const size_t at = one.find("...");
    if (at != std::string::npos) one.replace(at, 3, labels);
    if (at != std::string::npos && labels.size() > longest.size()) longest = labels;
    return one;
  };
  for (char c : inputs) {
    if (c != ',') {
      term += c;
      continue;
    }
    const size_t own = term.size() - (term.find("...") == std::string::npos ? 0 : 3);
    const size_t rank = operand < ranks.size() ? ranks[operand] : own;
    out += (operand++ ? "," : "") + filled(term, rank > own ? rank - own : 0);
    term.clear();
  }
  if (arrow != std::string::npos) return out + "->" + filled(text.substr(arrow + 2), longest.size());
  std::string once;
  for (char label : out)
    if (label != ',' && longest.find(label) == std::string::npos && std::count(out.begin(), out.end(), label) == 1)
      once += label;
  std::sort(once.begin(), once.end());
  return out + "->" + longest + once;
}

ValueResult einsum(Builder& b, Given& given, const Span& span) {
  if (!given[0]->as<Text>()) {
    TW_TRY(given, by_letters(b, given, span));
  }
  std::string text;
  for (char c : given[0]->as<Text>()->value)
    if (c != ' ') text += c;
  std::vector<size_t> ranks;
  for (size_t i = 1; i < given.size(); ++i) {
    TW_TRY(given[i], b.array_like(*given[i], span));
    TW_TRY(given[i], b.numpy_number(*given[i], "a", span));
    TW_TRY(Computed operand, b.computed(*given[i], span));
    ranks.push_back(operand.shape.size());
  }
  text = without_ellipsis(std::move(text), ranks);
  for (char c : text)
    if (!std::isalpha(static_cast<unsigned char>(c)) && c != ',' && c != '-' && c != '>')
      return b.error(
          "TW1099", span,
          std::string("invalid subscript '") + c + "' in einstein sum subscripts string, subscripts must be letters");
  const std::string output = output_of(text);
  const Contraction steps{b, span};
  std::vector<Labelled> operands;
  std::string inputs = text.substr(0, text.find("->"));
  for (size_t i = 1; i < given.size(); ++i) {
    const size_t comma = inputs.find(',');
    if (i + 1 < given.size() && comma == std::string::npos)
      return b.error("TW1099", span,
                     "more operands provided to einstein sum function than specified in the subscripts string");
    TW_TRY(Value settled, b.settle(*given[i], "", span));
    TW_TRY(std::vector<Expr> extents, steps.shape(settled));
    Labelled one{std::move(settled), inputs.substr(0, comma)};
    inputs = comma == std::string::npos ? "" : inputs.substr(comma + 1);
    if (one.labels.size() != extents.size())
      return b.error("TW1099", span,
                     "operand " + std::to_string(i - 1) + " has " + std::to_string(extents.size()) +
                         " dimensions, and the einstein sum subscripts string names " +
                         std::to_string(one.labels.size()));
    TW_TRY(one, steps.diagonals(std::move(one)));
    operands.push_back(std::move(one));
  }
  if (operands.empty() || !inputs.empty())
    return b.error("TW1099", span,
                   "fewer operands provided to einstein sum function than specified in the subscripts string");
  std::string all;
  for (const Labelled& operand : operands) all += operand.labels;
  for (size_t i = 0; i < output.size(); ++i)
    if (all.find(output[i]) == std::string::npos || output.find(output[i], i + 1) != std::string::npos)
      return b.error(
          "TW1099", span,
          std::string("einstein sum subscripts string includes output subscript '") + output[i] + "' " +
              (all.find(output[i]) == std::string::npos ? "which never appeared in an input" : "multiple times"));
  DType type{};
  for (size_t i = 0; i < operands.size(); ++i) {
    TW_TRY(Computed read, b.computed(operands[i].value, span));
    type = i == 0 ? numpy_type(read.dtype) : promote(type, numpy_type(read.dtype));
  }
  if (type.is_bool()) return b.error("TW1098", span, "np.einsum of " + type.name() + " is not supported");
  // Sums are taken in the common type; of products of float16 only the last is rounded. One operand may stay a view.
  const DType within = type == dtypes::float16 ? dtypes::float32 : type;
  for (Labelled& operand : operands) {
    TW_TRY(Computed read, b.computed(operand.value, span));
    if (operands.size() == 1 || read.dtype == within) continue;
    TW_TRY(read, b.cast(read, within, span));
    TW_TRY(operand.value, b.settle(Value(std::move(read)), "", span));
  }
  Labelled whole = operands[0];
  for (size_t i = 0; i < operands.size(); ++i) {
    std::string later = output;
    for (size_t k = i + 1; k < operands.size(); ++k) later += operands[k].labels;
    if (i > 0) {
      TW_TRY(operands[i], steps.without(operands[i], later + whole.labels));
      TW_TRY(whole, steps.contract(whole, operands[i], later));
    }
    TW_TRY(whole, steps.without(std::move(whole), later));
  }
  TW_TRY(Value turned, steps.ordered(whole, output));
  TW_TRY(Computed result, b.computed(turned, span));
  if (result.dtype != type) {
    TW_TRY(result, b.cast(result, type, span));
    return Value(std::move(result));
  }
  if (auto* view = turned.as<Array>()) view->own_object = true;
  return turned;
}

}  // namespace

std::vector<KnownRow> einsum_rows() { return {{"numpy.einsum", "subscripts, ...", einsum}}; }

}  // namespace thalweg::frontend
