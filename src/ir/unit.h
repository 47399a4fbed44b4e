// The value that write-conflict resolution combines with any other without changing it.
#pragma once
#include <optional>

#include "ir/code.h"
#include "ir/memlet.h"

namespace thalweg::ir {

// Of numbers and truths; nothing for minima and maxima of floating-point numbers, and custom resolutions.
std::optional<code::Ptr> unit_of(Wcr op, DType type);

}  // namespace thalweg::ir
