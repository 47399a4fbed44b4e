#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation while_to_for;

}  // namespace thalweg::transforms
