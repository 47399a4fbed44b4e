#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation induction_variable;

}  // namespace thalweg::transforms
