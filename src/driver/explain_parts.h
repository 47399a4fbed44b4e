// The small parts of explain(): reasons of transformations that declined, lines that a reason names, JSON text.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "driver/explain.h"
#include "lower/lower.h"
#include "lower/remarks.h"
#include "rewrite/journal.h"

namespace thalweg::driver {

// A place and why a transformation does not apply there.
using Declined = std::pair<base::Location, std::string>;
// Of a transformation by name; none if there is no such transformation.
std::vector<Declined> reasons_against(const std::string& transformation, ir::SDFG& graph);

// The numbers behind "line" and "lines" in a text.
std::vector<int> lines_in(const std::string& text);

std::string json_text(const std::string& text);  // quoted and escaped

}  // namespace thalweg::driver
