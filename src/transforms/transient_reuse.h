#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation transient_reuse;

}  // namespace thalweg::transforms
