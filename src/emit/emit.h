// Loop IR to text: one writer, dialects as tables.
#pragma once
#include <functional>
#include <string>

#include "emit/dialect.h"
#include "lower/loop_ir.h"

namespace thalweg::emit {

// The user's text at a place, for comments; empty if it is not known.
using SourceLine = std::function<std::string(const base::Span&)>;

// The whole translation unit in the dialect, preludes pasted in front.
std::string emit_c(const lower::Program& program, const Dialect& dialect = c_dialect(),
                   const SourceLine& source_line = {});
// The same without the preludes: what people and golden tests read.
std::string emit_body(const lower::Program& program, const Dialect& dialect = c_dialect(),
                      const SourceLine& source_line = {});

}  // namespace thalweg::emit
