#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation loop_to_map;

}  // namespace thalweg::transforms
