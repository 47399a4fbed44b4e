#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation trivial_loop;

}  // namespace thalweg::transforms
