#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation state_fusion;

}  // namespace thalweg::transforms
