// The order in memory of what NumPy computes element by element ('K'): that of the operands, and rows where they
// disagree. NumPy's iterator sorts the dimensions by the operands' strides; an operand has a say about two dimensions if
// it has elements along both.
#include <algorithm>
#include <functional>
#include <numeric>

#include "frontend/builder.h"

namespace thalweg::frontend {

namespace {

// What one operand says of the result's dimensions.
struct Say {
  std::vector<bool> along;                                  // does it have elements along this dimension?
  std::function<bool(size_t first, size_t second)> slower;  // is the first at least as slow as the second in it?
  bool known = true;                                        // else it has different orders on different ways
};

// The dimensions, the slowest first: the insertion sort of NumPy's iterator. Nothing where an operand decides whose order
// is not known.
std::optional<std::vector<size_t>> sorted(size_t rank, const std::vector<Say>& operands) {
  std::vector<size_t> order(rank);  // the fastest first
  std::iota(order.rbegin(), order.rend(), size_t{0});
  for (size_t k = 1; k < rank; ++k) {
    const size_t moved = order[k];
    size_t place = k;
    for (size_t m = k; m-- > 0;) {
      std::optional<bool> faster;  // nothing: nobody has said
      bool unknown = false;
      for (const Say& operand : operands) {
        if (!operand.along[moved] || !operand.along[order[m]]) continue;
        if (!operand.known)
          unknown = true;
        else if (operand.slower(moved, order[m]))
          faster = false;
        else if (!faster)
          faster = true;
      }
      if (unknown && faster.value_or(true)) return std::nullopt;
      if (!faster) continue;
      if (!*faster) break;
      place = m;
    }
    std::rotate(order.begin() + static_cast<std::ptrdiff_t>(place), order.begin() + static_cast<std::ptrdiff_t>(k),
                order.begin() + static_cast<std::ptrdiff_t>(k) + 1);
  }
  std::reverse(order.begin(), order.end());
  return order;
}

// What an array says whose dimensions are in this order.
Say say_of(std::vector<bool> along, const std::vector<size_t>& order) {
  std::vector<size_t> at(order.size());
  for (size_t k = 0; k < order.size(); ++k) at[order[k]] = k;
  return {std::move(along), [at](size_t first, size_t second) { return at[first] < at[second]; }};
}

bool says_rows(const Say& say) {
  for (size_t second = 1; second < say.along.size(); ++second)
    for (size_t first = 0; first < second; ++first)
      if (say.along[first] && say.along[second] && !say.slower(first, second)) return false;
  return say.known;
}

// Which operands' extents are 1 and repeated in a result of this shape, if it is known. Where operands are in rows it does
// not matter, and is not asked.
struct Repeated {
  const std::vector<Expr>& shape;
  bool ask = false;
  bool open = false;        // some extent may be 1, and nobody has asked
  std::vector<Say> said{};  // by the arrays
  bool matters() const { return open && !std::all_of(said.begin(), said.end(), says_rows); }
};

// What all operands say; once more, asking whose extents are 1, where that matters.
std::vector<Say> ask_all(const std::vector<Expr>& shape, const std::function<std::vector<Say>(Repeated&)>& ask_each) {
  Repeated repeated{shape};
  std::vector<Say> says = ask_each(repeated);
  if (!repeated.matters()) return says;
  repeated.ask = true;
  return ask_each(repeated);
}

std::vector<size_t> in_rows(size_t rank) {
  std::vector<size_t> rows(rank);
  std::iota(rows.begin(), rows.end(), size_t{0});
  return rows;
}

// What an array says of the dimensions of a result that has at least as many: nothing of those along which its only element
// is repeated. `broadcast`: also of those along which it is a broadcast view, as the fastest.
Say say_of_array(Builder& b, const Array& array, size_t rank, Repeated& repeated, bool broadcast, const Span& span) {
  Say say{std::vector<bool>(rank), {}};
  std::vector<int> axes(rank, -1);
  const size_t missing = rank - array.rank();
  auto has_one = [&](size_t d) {
    const Expr& extent = array.shape[d];
    if (extent.is(1) || b.facts_.proves(symbolic::eq(extent, 1))) return true;
    if (repeated.shape.empty() || b.same(extent, repeated.shape[missing + d])) return false;
    repeated.open |= !repeated.ask;
    return repeated.ask &&
           b.ask(symbolic::eq(extent, 1), span, "whether this extent is 1 and is repeated").value_or(false);
  };
  for (size_t d = 0; d < array.rank(); ++d) say.along[missing + d] = broadcast && !has_one(d);
  for (size_t c = 0; c < array.axes.size(); ++c) {
    if (array.axes[c].dim < 0) continue;
    const auto d = static_cast<size_t>(array.axes[c].dim);
    say.along[missing + d] = !has_one(static_cast<size_t>(array.axes[c].dim));
    axes[missing + d] = static_cast<int>(c);
  }
  // How slow the container's dimensions are; none: the strides say it.
  std::vector<size_t> at;
  if (auto known = b.orders_.find(array.container); known != b.orders_.end()) {
    say.known = !known->second.empty();
    at.resize(array.axes.size());
    for (size_t k = 0; k < known->second.size(); ++k) at[known->second[k]] = k;
  } else if (ir::is_contiguous(b.fields_of(array.container))) {
    at = in_rows(array.axes.size());
  }
  std::vector<Expr> strides = b.strides_of(array);
  strides.insert(strides.begin(), static_cast<std::ptrdiff_t>(missing), Expr(0));
  if (at.empty() && rank > 1)  // an argument that is a broadcast view repeats its elements, too
    for (size_t d = 0; d < rank; ++d)
      if (axes[d] >= 0 && !broadcast && say.along[d])
        say.along[d] = !b.ask(symbolic::eq(strides[d], 0), span, "whether this stride is 0").value_or(false);
  say.slower = [&b, axes, at, strides, span](size_t first, size_t second) {
    if (axes[second] < 0) return true;
    if (axes[first] < 0) return false;
    if (!at.empty()) return at[static_cast<size_t>(axes[first])] <= at[static_cast<size_t>(axes[second])];
    auto size = [](const Expr& stride) { return symbolic::max(stride, -stride); };
    return b.ask(symbolic::le(size(strides[second]), size(strides[first])), span, "which of two strides is larger")
        .value_or(first < second);
  };
  repeated.said.push_back(say);
  return say;
}

// What a tree of operations element by element says of its result, whose rank may be larger; nothing: it is of numbers.
std::optional<Say> say_of_tree(Builder& b, const code::Ptr& tree, size_t rank, Repeated& repeated, const Span& span) {
  const bool read = (tree->op == code::Op::input || tree->op == code::Op::element) && tree->name[0] == '$';
  if (read) {
    const size_t number = std::stoul(tree->name.substr(1));
    const Array& array = b.reads_[number];
    if (tree->op == code::Op::element || array.rank() > rank) {
      const auto gathered = b.gathered_.find(number);
      const bool known = gathered != b.gathered_.end() && gathered->second.size() == rank;
      return say_of(std::vector<bool>(rank, true), known ? gathered->second : in_rows(rank));
    }
    if (array.rank() == 0) return std::nullopt;
    return say_of_array(b, array, rank, repeated, false, span);
  }
  std::vector<Say> operands;
  for (const code::Ptr& argument : tree->args)
    if (auto say = say_of_tree(b, argument, rank, repeated, span)) operands.push_back(std::move(*say));
  if (operands.size() < 2) return operands.empty() ? std::nullopt : std::optional(std::move(operands[0]));
  std::vector<bool> along(rank);
  for (const Say& operand : operands)
    for (size_t d = 0; d < rank; ++d) along[d] = along[d] || operand.along[d];
  const auto order = sorted(rank, operands);
  Say say = say_of(std::move(along), order.value_or(in_rows(rank)));
  say.known = order.has_value();
  return say;
}

}  // namespace

// Of what a ufunc gives. Definitions have the order of their own text.
Result<std::vector<size_t>> Builder::order_of_result(const Computed& value, const Span& span) {
  return order_of_operands({Value(value)}, value.shape.size(), span, std::nullopt, value.shape);
}

// Of what a ufunc makes of several, which may have fewer dimensions. About `silent` none of them has a say.
Result<std::vector<size_t>> Builder::order_of_operands(const std::vector<Value>& operands, size_t rank,
                                                       const Span& span, std::optional<size_t> silent,
                                                       const std::vector<Expr>& shape) {
  if (rank < 2 || all_in_rows()) return in_rows(rank);
  std::vector<Say> says = ask_all(shape, [&](Repeated& repeated) {
    std::vector<Say> said;
    for (const Value& operand : operands) {
      auto* array = operand.as<Array>();
      auto* computed = operand.as<Computed>();
      if (array && array->rank() > 0 && array->rank() <= rank)
        said.push_back(say_of_array(*this, *array, rank, repeated, false, span));
      else if (auto say = computed ? say_of_tree(*this, computed->tree, rank, repeated, span) : std::nullopt)
        said.push_back(std::move(*say));
    }
    return said;
  });
  if (silent)
    for (Say& say : says) say.along[*silent] = false;
  if (auto order = sorted(rank, says)) return *order;
  return unknown_order(span);
}

// Of a copy of an array, of another one like it, or of one that several of one rank are joined in.
Result<std::vector<size_t>> Builder::order_of_copies(const std::vector<Array>& arrays, const Span& span,
                                                     const std::vector<Expr>& shape) {
  const size_t rank = arrays.front().rank();
  if (rank < 2 || all_in_rows()) return in_rows(rank);
  return order_of_arrays(arrays, span, shape);
}

// In definitions, too: what NumPy's iterators make of arrays of one rank.
Result<std::vector<size_t>> Builder::order_of_arrays(const std::vector<Array>& arrays, const Span& span,
                                                     const std::vector<Expr>& shape) {
  const size_t rank = arrays.front().rank();
  const std::vector<Say> says = ask_all(shape, [&](Repeated& repeated) {
    std::vector<Say> said;
    for (const Array& array : arrays) said.push_back(say_of_array(*this, array, rank, repeated, true, span));
    return said;
  });
  if (auto order = sorted(rank, says)) return *order;
  return unknown_order(span);
}

base::Diagnostic Builder::unknown_order(const Span& span) const {
  return error("TW1058", span,
               "the order in memory of this array follows that of another one, which is not the same on every way",
               "copy that one first: x.copy()");
}

// A new array whose dimensions are in this order in memory, the slowest first.
Array Builder::new_array_in_order(const std::string& name, DType dtype, const std::vector<Expr>& shape,
                                  const std::vector<size_t>& order) {
  std::vector<Expr> extents;
  for (const size_t d : order) extents.push_back(shape[d]);
  Array made = new_array(name, dtype, extents);
  made.shape = shape;
  for (Axis& axis : made.axes)
    if (axis.dim >= 0) axis.dim = static_cast<int>(order[static_cast<size_t>(axis.dim)]);
  return made;
}

}  // namespace thalweg::frontend
