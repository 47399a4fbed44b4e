#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation inline_sdfg;

}  // namespace thalweg::transforms
