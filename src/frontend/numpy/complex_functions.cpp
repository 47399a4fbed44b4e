// Functions of complex numbers in terms of those of their parts, as NumPy computes them.
#include <numbers>

#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

namespace {

using code::make;
using code::Op;

// Both parts times a real number.
code::Ptr scaled(const code::Ptr& z, double factor) {
  const DType type = make(Op::real, z)->type;
  const code::Ptr by =
      code::constant(type.bytes() == 4 ? static_cast<double>(static_cast<float>(factor)) : factor, type);
  return make(Op::make_complex, {make(Op::mul, make(Op::real, z), by), make(Op::mul, make(Op::imag, z), by)});
}

code::Ptr number(double value, const code::Ptr& like) { return code::constant(value, like->type); }

// (log |1 + z|, angle of 1 + z)
code::Ptr log1p(const code::Ptr& z) {
  const code::Ptr im = make(Op::imag, z), re = make(Op::add, make(Op::real, z), number(1, make(Op::real, z)));
  return make(Op::make_complex, {make(Op::log, make(Op::hypot, re, im)), make(Op::arctan2, im, re)});
}

// expm1(x) cos(y) - 2 sin(y / 2)^2, exp(x) sin(y)
code::Ptr expm1(const code::Ptr& z) {
  const code::Ptr re = make(Op::real, z), im = make(Op::imag, z);
  const code::Ptr half = make(Op::sin, make(Op::div, im, number(2, im)));
  const code::Ptr left = make(Op::mul, make(Op::expm1, re), make(Op::cos, im));
  const code::Ptr right = make(Op::mul, make(Op::mul, number(2, half), half), half);
  return make(Op::make_complex, {make(Op::sub, left, right), make(Op::mul, make(Op::exp, re), make(Op::sin, im))});
}

// 1 / z by the larger of the two parts (Smith, Algorithm 116, 1962).
code::Ptr one_over(const code::Ptr& z) {
  const code::Ptr re = make(Op::real, z), im = make(Op::imag, z), one = number(1, re);
  auto along = [&](const code::Ptr& large, const code::Ptr& small, bool real) {
    const code::Ptr ratio = make(Op::div, small, large);
    const code::Ptr size = make(Op::add, large, make(Op::mul, small, ratio));
    const code::Ptr first = make(Op::div, one, size), second = make(Op::div, ratio, size);
    return make(Op::make_complex, {real ? first : second, make(Op::neg, real ? second : first)});
  };
  return make(Op::select,
              {make(Op::le, make(Op::abs, im), make(Op::abs, re)), along(re, im, true), along(im, re, false)});
}

}  // namespace

std::optional<code::Ptr> of_complex(const std::string& name, const code::Ptr& z) {
  if (name == "exp2") return make(Op::exp, scaled(z, std::numbers::ln2));
  if (name == "log2") return scaled(make(Op::log, z), std::numbers::log2e);
  if (name == "log10") return scaled(make(Op::log, z), std::numbers::log10e);
  if (name == "log1p") return log1p(z);
  if (name == "expm1") return expm1(z);
  if (name == "reciprocal") return one_over(z);
  return std::nullopt;
}

}  // namespace thalweg::frontend
