// Every transformation by name: for remarks, replaying, and users who apply one themselves.
#pragma once
#include <string_view>
#include <vector>

#include "rewrite/transformation.h"

namespace thalweg::passes {

const std::vector<const rewrite::Transformation*>& transformations();
const rewrite::Transformation* find_transformation(std::string_view name);  // null if there is none

}  // namespace thalweg::passes
