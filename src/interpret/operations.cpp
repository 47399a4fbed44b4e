// Arithmetic, comparisons, complex parts and write-conflict resolutions: each case names the runtime's function.
#include "interpret/operations.h"

#include "interpret/types.h"

namespace thalweg::interpret {

using ir::code::Op;

namespace {

// clang-format off: each switch is a table, several cases a line.

template <class Tag>
bool arithmetic(Op op, std::span<const Scalar> args, ir::DType result, Findings& findings, Scalar& out) {
  using T = typename Tag::T;
  const T a = args[0].get<T>();
  const T b = args.size() > 1 ? args[1].get<T>() : T{};
  int32_t* flags = &findings.python;
  switch (op) {
#define TW_TWO(name)                                         \
    case Op::name:                                           \
      if constexpr (requires { Tag::name(a, b, flags); }) {  \
        out = Scalar::of<T>(result, Tag::name(a, b, flags)); \
        return true;                                         \
      }                                                      \
      return false;
#define TW_ONE(name)                                         \
    case Op::name:                                           \
      if constexpr (requires { Tag::name(a, flags); }) {     \
        out = Scalar::of<T>(result, Tag::name(a, flags));    \
        return true;                                         \
      }                                                      \
      return false;
#define TW_MATH_ONE(name, function) TW_ONE(name)
    TW_TWO(add) TW_TWO(sub) TW_TWO(mul) TW_TWO(floor_div) TW_TWO(mod) TW_TWO(pow) TW_TWO(fmod)
    TW_TWO(minimum) TW_TWO(maximum) TW_TWO(fmin) TW_TWO(fmax) TW_TWO(copysign)
    TW_TWO(bit_and) TW_TWO(bit_or) TW_TWO(bit_xor) TW_TWO(lshift) TW_TWO(rshift)
    TW_ONE(neg) TW_ONE(abs) TW_ONE(sign) TW_ONE(invert) TW_ONE(sqrt) TW_ONE(floor) TW_ONE(ceil) TW_ONE(trunc)
    TW_ONE(rint) TW_ONE(conj) TW_MATH_1(TW_MATH_ONE) TW_TWO(arctan2) TW_TWO(hypot)
    TW_ONE(libm_exp) TW_ONE(libm_log1p)
#undef TW_TWO
#undef TW_ONE
#undef TW_MATH_ONE
    case Op::div:
      if constexpr (std::is_same_v<Tag, Py>) {
        out = Scalar::of<double>(result, Tag::quotient(a, b, flags));
        return true;
      } else if constexpr (requires { Tag::div(a, b, flags); }) {
        out = Scalar::of<T>(result, Tag::div(a, b, flags));
        return true;
      }
      return false;
    case Op::logical_not: out = Scalar::of<uint8_t>(result, !Tag::is_true(a)); return true;
    default: return false;
  }
}

template <class Tag>
bool comparison(Op op, std::span<const Scalar> args, ir::DType result, Scalar& out) {
  using T = typename Tag::T;
  const T a = args[0].get<T>();
  const T b = args.size() > 1 ? args[1].get<T>() : T{};
  switch (op) {
#define TW_COMPARE(name) \
    case Op::name: out = Scalar::of<uint8_t>(result, Tag::name(a, b)); return true;
#define TW_TEST(name)                                    \
    case Op::name:                                       \
      if constexpr (requires { Tag::name(a); }) {        \
        out = Scalar::of<uint8_t>(result, Tag::name(a)); \
        return true;                                     \
      }                                                  \
      return false;
    TW_COMPARE(lt) TW_COMPARE(le) TW_COMPARE(gt) TW_COMPARE(ge) TW_COMPARE(eq) TW_COMPARE(ne)
    TW_TEST(isnan) TW_TEST(isinf) TW_TEST(isfinite) TW_TEST(signbit)
#undef TW_COMPARE
#undef TW_TEST
    default: return false;
  }
}

// clang-format on

}  // namespace

bool apply_arithmetic(Op op, std::span<const Scalar> args, ir::DType result, Findings& findings, Scalar& out) {
  bool done = false;
  visit_type(args[0].type, [&]<class Tag>(Tag) { done = arithmetic<Tag>(op, args, result, findings, out); });
  return done;
}

bool apply_comparison(Op op, std::span<const Scalar> args, ir::DType result, Scalar& out) {
  bool done = false;
  visit_type(args[0].type, [&]<class Tag>(Tag) { done = comparison<Tag>(op, args, result, out); });
  return done;
}

bool apply_complex(Op op, std::span<const Scalar> args, ir::DType result, Findings& findings, Scalar& out) {
  bool done = false;
  auto parts = [&]<class Tag, class Real>(Tag, Real) {
    using Complex = typename Tag::T;
    if (op == Op::abs) {
      out = Scalar::of<Real>(result, Tag::magnitude(args[0].get<Complex>(), &findings.python));
    } else if (op == Op::make_complex) {
      out = Scalar::of(result, Complex{args[0].get<Real>(), args[1].get<Real>()});
    } else {
      const Complex value = args[0].get<Complex>();
      out = Scalar::of<Real>(result, op == Op::real ? value.re : value.im);
    }
    done = true;
  };
  if (op != Op::make_complex && op != Op::real && op != Op::imag && op != Op::abs) return false;
  const ir::DType complex = op == Op::make_complex ? result : args[0].type;
  if (complex == ir::dtypes::complex64) parts(C64{}, float{});
  if (complex == ir::dtypes::complex128) parts(C128{}, double{});
  if (complex == ir::dtypes::pycomplex) parts(PyC{}, double{});
  return done;
}

Scalar apply(Op op, std::span<const Scalar> args, ir::DType result, Findings& findings) {
  Scalar out{result, {}};
  if (apply_arithmetic(op, args, result, findings, out) || apply_comparison(op, args, result, out) ||
      apply_complex(op, args, result, findings, out))
    return out;
  findings.undefined = true;
  return out;
}

Scalar combine(ir::Wcr wcr, const Scalar& old, const Scalar& value, Findings& findings) {
  auto two = [&](Op op) {
    const Scalar args[] = {old, value};
    return apply(op, args, old.type, findings);
  };
  auto logical = [&](bool result) { return cast(Scalar::boolean(result), old.type, findings); };
  switch (wcr) {
    case ir::Wcr::none: return value;
    case ir::Wcr::sum: return two(Op::add);
    case ir::Wcr::product: return two(Op::mul);
    case ir::Wcr::min: return two(Op::minimum);
    case ir::Wcr::max: return two(Op::maximum);
    case ir::Wcr::logical_and: return logical(truth(old) && truth(value));
    case ir::Wcr::logical_or: return logical(truth(old) || truth(value));
    case ir::Wcr::bitwise_and: return two(Op::bit_and);
    case ir::Wcr::bitwise_or: return two(Op::bit_or);
    case ir::Wcr::bitwise_xor: return two(Op::bit_xor);
    case ir::Wcr::custom: break;
  }
  findings.undefined = true;
  return old;
}

}  // namespace thalweg::interpret
