#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation if_conversion;

}  // namespace thalweg::transforms
