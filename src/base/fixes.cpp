// How to mend what is said often and in many places, where the place itself says nothing better.
#include <array>
#include <string_view>

#include "base/diagnostic.h"

namespace thalweg::base {

namespace {

struct Fix {
  std::string_view what;  // a code, or how the message begins
  std::string_view fix;
};

constexpr Fix of_codes[] = {
    {"TW1001", "bind it before this line, or at the top of the module; look for a typo"},
    {"TW1003", "use a number or an array here"},
    {"TW1004", "take one element: x[0], or x[0, 0]"},
    {"TW1005", "use a larger element type"},
    {"TW1009", "convert it: int(x), or divide by //"},
    {"TW1011", "make the shapes equal, or 1 where one is to be repeated (a[:, None])"},
    {"TW1013", "convert first: .astype(np.int64), or compare, or use abs()"},
    {"TW1016", "make the base a float: a.astype(float) ** -1"},
    {"TW1024", "look for a typo; docs/numpy.md lists NumPy's names and which of them are compiled"},
    {"TW1026", "look the parameters up: help(function)"},
    {"TW1027", "square brackets index, parentheses call"},
    {"TW1032", "a step of 1 takes every element, -1 goes backwards"},
    {"TW1033", "use as many indices as there are dimensions: a.ndim"},
    {"TW1035", "indices go from 0 to the length less 1"},
    {"TW1036", "make an array of the items: np.array((1.0, 2.0))"},
    {"TW1037", "a function is called with parentheses"},
    {"TW1043", "write as many names as there are items, or collect the rest: a, *rest"},
    {"TW1044", "make an array: np.array(...)"},
    {"TW1053", "use 1 or -1, or another step that is not 0"},
    {"TW1068", "axes go from 0 to a.ndim - 1, each at most once; -1 is the last"},
    {"TW1069", "name every axis of the array once"},
    {"TW1070", "write -1 for one dimension only"},
    {"TW1074", "multiply by a number with *"},
    {"TW1103", "multiply A.data by a number"},
    {"TW1104", "multiply by arrays of 1 or 2 dimensions, one by one"},
    {"TW1087", "give all arrays the same dimensions: b[None], a[:, :n]"},
    {"TW1094", "convert it: int(x), or divide by //"},
    {"TW1092", "use a key that the dictionary has, or .get(key, default)"},
};

constexpr Fix of_messages[] = {
    {"object of type ", "arrays, tuples, lists and dictionaries have a length"},
    {"int() argument must be a real", "take a part: int(z.real), or abs(z)"},
    {"float() argument must be a real", "take a part: float(z.real), or abs(z)"},
    {"must be a real number", "take a part: z.real, or abs(z)"},
    {"operands could not be broadcast", "make the shapes equal, or 1 where one is to be repeated (a[:, None])"},
    {"could not broadcast input array", "store as many elements as the place has, or 1 to repeat it"},
    {"non-broadcastable output", "write into an array of the result's shape"},
    {"a sparse matrix holds the index", "A.check_format() of a CSR or CSC matrix says more"},
    {"index ", "indices go from -size to size - 1"},
    {"boolean index did not match", "make the mask of the dimension that it indexes: a[:, mask]"},
    {"matmul: ", "the last dimension of the first must be the last but one of the second: a @ b.T"},
    {"shapes not aligned", "the last dimension of the first must be the last but one of the second: a.T"},
    {"cannot reshape array", "keep the number of elements, or write -1 for one dimension"},
    {"all the input array dimensions", "take equal parts: a[:, :n]"},
    {"setting an array element with a sequence", "give all items one shape, or store one element"},
    {"negative dimensions", "use a size of at least 0: max(n, 0)"},
    {"Last 2 dimensions", "take a square part: a[:n, :n]"},
    {"cannot select an axis", "squeeze only axes of size 1: a[:1]"},
    {"zero-size array", "ask a.size > 0 first, or give initial="},
    {"integer division or modulo by zero", "ask whether the divisor is 0 first"},
    {"division by zero", "ask whether the divisor is 0 first"},
    {"float division by zero", "ask whether the divisor is 0 first"},
    {"complex division by zero", "ask whether the divisor is 0 first"},
    {"math domain error", "ask whether the argument is in the domain first, or use np.sqrt, which gives nan"},
};

}  // namespace

std::string usual_fix(const Diagnostic& diagnostic) {
  for (const Fix& each : of_codes)
    if (diagnostic.code == each.what) return std::string(each.fix);
  for (const Fix& each : of_messages)
    if (diagnostic.message.starts_with(each.what)) return std::string(each.fix);
  return "";
}

}  // namespace thalweg::base
