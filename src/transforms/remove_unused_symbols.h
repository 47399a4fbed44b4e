#pragma once
#include "rewrite/transformation.h"

namespace thalweg::transforms {

extern const rewrite::Transformation remove_unused_symbols;

}  // namespace thalweg::transforms
