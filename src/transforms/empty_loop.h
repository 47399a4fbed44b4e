#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation empty_loop;

}  // namespace thalweg::transforms
