// Questions about subsets that the symbolic engine leaves open, asked of isl. Same meaning as symbolic/subset.h: yes
// and no hold for all values that meet the facts.
#pragma once
#include "sets/set.h"

namespace thalweg::sets {

// The symbolic engine first; isl where that says unknown and does not know that it depends on the values.
Truth covers(const symbolic::Subset& a, const symbolic::Subset& b, const Facts& facts);
Truth intersects(const symbolic::Subset& a, const symbolic::Subset& b, const Facts& facts);
// isl alone.
Truth covers_by_isl(const symbolic::Subset& a, const symbolic::Subset& b, const Facts& facts);
Truth intersects_by_isl(const symbolic::Subset& a, const symbolic::Subset& b, const Facts& facts);
// The box around all elements for all values of the parameters in their ranges (a range may use those before it);
// nothing where it cannot be said. A step of 1 in every dimension that a parameter moves.
std::optional<symbolic::Subset> hull(const symbolic::Subset& subset, const std::vector<std::string>& parameters,
                                     const symbolic::Subset& over, const Facts& facts);

}  // namespace thalweg::sets
