// What the rows of all universal functions share: their operands, and the options out=, where= and dtype=.
#pragma once
#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

using UfuncRule = std::function<ValueResult(Builder&, std::vector<Computed>&, const Span&)>;

// How dtype= chooses the loop.
enum class UfuncLoop {
  of_result,  // operands are cast to the result's type
  of_truths,  // the result is a bool whatever the operands are
  unknown,    // their types differ otherwise: there is no dtype=
};

struct UfuncKind {
  std::string name;
  size_t count;  // of operands
  UfuncLoop loop;
};
struct UfuncOptions {
  std::optional<Value> out, where, dtype;
};
struct UfuncCall {
  std::vector<Computed> operands;  // ready for the rule
  std::optional<Computed> mask;    // of where=
  std::optional<DType> type;       // of dtype=
};
Result<UfuncCall> ufunc_call(Builder& b, const UfuncKind& kind, const Given& given, const UfuncOptions& options,
                             const Span& span);
// What the rule made, of the type and in the place that the options say.
ValueResult ufunc_result_of_call(Builder& b, const UfuncKind& kind, const UfuncCall& call, Value result,
                                 const std::optional<Value>& out, const Span& span);

// The row of a function of `count` operands; `rule` gives the result of operands that are ready.
KnownRow ufunc_row(const std::string& name, size_t count, UfuncRule rule, UfuncLoop loop = UfuncLoop::of_result);
// Python scalars alone are what np.asarray makes of them.
Result<std::vector<Computed>> ufunc_operands(Builder& b, const Given& given, size_t count, const Span& span);
// The result stored as out= asks for, if it is given: under same_kind casting, and only where the mask holds.
ValueResult ufunc_result(Builder& b, ValueResult result, const std::optional<Value>& out,
                         const std::optional<Computed>& mask, const Span& span);
// An operand that emitted code might pass over (the right side of &&, a side of ?:), and that may raise: done before.
Result<Computed> in_any_case(Builder& b, const Computed& value, const Span& span);
// Does where= name all elements, so that it says nothing?
bool names_all(const std::optional<Value>& where);

}  // namespace thalweg::frontend
