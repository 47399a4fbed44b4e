#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation continue_to_branch;

}  // namespace thalweg::transforms
