#include "transforms/work.h"

namespace thalweg::transforms {

using namespace ir::code;

namespace {

constexpr int kDivision = 4;
constexpr int kFunction = 20;

bool calls_function(Op op) {
  return is_library_function(op) || op == Op::pow || op == Op::libm_exp || op == Op::libm_log1p || op == Op::arctan2 ||
         op == Op::hypot || op == Op::fmod;
}

void add(const ir::code::Expr& expr, Work& work) {
  const bool function = calls_function(expr.op);
  work.costly += function;
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
    default: work.operations += function ? kFunction : 1;
  }
  for (const Ptr& argument : expr.args) add(*argument, work);
}

}  // namespace

void add_work(const Block& block, Work& work) {
  for (const Statement& statement : block)
    if (auto* store = std::get_if<Store>(&statement)) add(*store->value, work);
}

}  // namespace thalweg::transforms
