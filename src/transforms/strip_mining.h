#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation strip_mining;

}  // namespace thalweg::transforms
