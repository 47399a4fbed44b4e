#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation redundant_view;

}  // namespace thalweg::transforms
