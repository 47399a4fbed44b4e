#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation map_tiling;

}  // namespace thalweg::transforms
