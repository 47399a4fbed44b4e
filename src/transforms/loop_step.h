#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation loop_step;

}  // namespace thalweg::transforms
