// Loop IR to text: one writer, dialects as tables.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "emit/dialect.h"
#include "lower/loop_ir.h"

namespace thalweg::emit {

// The user's text at a place, for comments; empty if it is not known.
using SourceLine = std::function<std::string(const base::Span&)>;

// The declarations of the runtime's scalar.h, math.h and reduce.h that a text needs (thalweg/prelude.h has one).
using Prelude = std::function<std::string(std::string_view)>;

// The whole translation unit in the dialect, preludes pasted in front: what `prelude` gives, or else all of those that
// the program's types need.
std::string emit_c(const lower::Program& program, const Dialect& dialect = c_dialect(),
                   const SourceLine& source_line = {}, const Prelude& prelude = {});
// The same without the preludes: what people and golden tests read.
std::string emit_body(const lower::Program& program, const Dialect& dialect = c_dialect(),
                      const SourceLine& source_line = {});

// A C++ source for other people's compilers; an error where the program calls Python.
base::Result<std::string> emit_cpp(const lower::Program& program, const SourceLine& source_line = {});
// thalweg_export.h, the one header that such sources include.
const std::string& export_header();

}  // namespace thalweg::emit
