// Which buffers may be the same memory.
#pragma once
#include "lower/loop_ir.h"

namespace thalweg::lower {

// May two buffers (by name) share an element? Arguments only if both are marked, pointers with what they may point at.
bool may_overlap(const Program& program, const std::string& a, const std::string& b);

}  // namespace thalweg::lower
