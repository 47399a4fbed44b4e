#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation map_unroll;

}  // namespace thalweg::transforms
