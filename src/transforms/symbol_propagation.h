#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation symbol_propagation;

}  // namespace thalweg::transforms
