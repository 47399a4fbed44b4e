#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation dead_state;

}  // namespace thalweg::transforms
