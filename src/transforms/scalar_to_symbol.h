#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation scalar_to_symbol;

}  // namespace thalweg::transforms
