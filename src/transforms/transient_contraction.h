// Transient contraction: see transient_contraction.cpp.
#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation transient_contraction;

}  // namespace thalweg::transforms
