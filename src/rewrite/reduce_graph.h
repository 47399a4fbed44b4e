// Makes a failing graph small: blocks, pieces of states and containers are left out as long as the failure stays.
#pragma once
#include <functional>

#include "ir/sdfg.h"

namespace thalweg::rewrite {

// `fails` is given valid graphs only; it must not hold for graphs that are wrong in another way (an uninitialised read,
// say). It may change its argument. Deterministic; the result is a graph for which it held.
ir::Ref<ir::SDFG> reduce_graph(const ir::SDFG& sdfg, const std::function<bool(ir::SDFG&)>& fails);

}  // namespace thalweg::rewrite
