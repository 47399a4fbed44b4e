// Another compiler in place of the one inside, for sanitizers and debuggers: THALWEG_CC="clang-19 -O1 -g ...".
// This is the one place of the house that starts a child process and writes temporary files, and only when asked to.
#pragma once
#include <optional>
#include <string>

#include "jit/jit.h"

namespace thalweg::jit {

// The command that THALWEG_CC names, with its options; nothing when the variable is not set.
std::optional<std::string> external_compiler();

// Compiles `source` with the command into a shared object, with the same language and floating-point rules. Functions
// that the compiler inside defines itself (thw_exp and its kin) have to be part of the text.
base::Result<CompiledObject> compile_external(const Source& source, const std::string& command);

}  // namespace thalweg::jit
