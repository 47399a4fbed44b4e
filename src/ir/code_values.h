// Constants of code: which alternative of Value stands for which type, and conversion where nothing is lost.
#pragma once
#include "ir/code.h"

namespace thalweg::ir::code {

// The value as a constant of this type (bool; int64_t; uint64_t for unsigned; double, also for narrower floats;
// std::complex<double>), or nothing where the type cannot represent it exactly. NaN fits every float type.
std::optional<Value> exact_value(const Value& value, DType type);
// As exact_value, but floats are rounded to the type's precision (the literal float32(0.1)).
std::optional<Value> rounded_value(const Value& value, DType type);
// Bit for bit the same, except that all NaN of one sign are one.
bool same_value(const Value& a, const Value& b);

}  // namespace thalweg::ir::code
