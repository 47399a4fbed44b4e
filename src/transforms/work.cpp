#include "transforms/work.h"

namespace thalweg::transforms {

using namespace ir::code;

namespace {

constexpr int kDivision = 4;
constexpr int kFunction = 20;

void add(const ir::code::Expr& expr, Work& work) {
  switch (expr.op) {
    case Op::constant:
    case Op::symbol:
    case Op::input:
    case Op::element:
    case Op::cast: break;
    case Op::div:
    case Op::floor_div:
    case Op::mod:
    case Op::sqrt: work.operations += kDivision; break;
    case Op::pow:
    case Op::exp:
    case Op::exp2:
    case Op::expm1:
    case Op::log:
    case Op::log2:
    case Op::log10:
    case Op::log1p:
    case Op::libm_exp:
    case Op::libm_log1p:
    case Op::sin:
    case Op::cos:
    case Op::tan:
    case Op::arcsin:
    case Op::arccos:
    case Op::arctan:
    case Op::sinh:
    case Op::cosh:
    case Op::tanh:
    case Op::arcsinh:
    case Op::arccosh:
    case Op::arctanh:
    case Op::cbrt:
    case Op::arctan2:
    case Op::hypot:
    case Op::fmod:
      work.operations += kFunction;
      ++work.costly;
      break;
    default: ++work.operations;
  }
  for (const Ptr& argument : expr.args) add(*argument, work);
}

}  // namespace

void add_work(const Block& block, Work& work) {
  for (const Statement& statement : block)
    if (auto* store = std::get_if<Store>(&statement)) add(*store->value, work);
}

}  // namespace thalweg::transforms
