// Which containers a graph makes for its caller.
#pragma once
#include <set>
#include <string>

#include "ir/sdfg.h"

namespace thalweg::ir {

// Non-transient containers that are no arguments: they are allocated when born and handed to the caller. Those named in
// `returns`, and what a returned reference may point at when the graph ends.
std::set<std::string> result_containers(const SDFG& sdfg);
// The containers that the caller hands in: neither transient nor results, and no pointers.
std::vector<const Container*> given_containers(const SDFG& sdfg);
// No extent of theirs is negative. (One of a transient may be where the program never comes to it.)
std::vector<symbolic::Expr> sizes_of_given(const SDFG& sdfg);

}  // namespace thalweg::ir
