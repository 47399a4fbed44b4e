#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation constant_propagation;

}  // namespace thalweg::transforms
