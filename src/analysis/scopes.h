// The scope tree of a state. It lives in ir because the verifier needs it; analyses and passes include it from here.
#pragma once
#include "ir/scopes.h"

namespace thalweg::analysis {

using ScopeTree = ir::Scopes;

}  // namespace thalweg::analysis
