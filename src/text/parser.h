// The parser's parts: graphs and control flow in parse.cpp, declarations in parse_declarations.cpp, states in
// parse_state.cpp.
#pragma once
#include "text/pieces.h"
#include "text/text.h"

namespace thalweg::text {

using Lines = std::vector<Line>;

// "sdfg name(arguments)" and what is below it.
base::Result<ir::Ref<ir::SDFG>> parse_sdfg(const Source& source, const Line& line);
// Declarations at the head of a graph; returns how many lines they were.
base::Result<size_t> parse_declarations(const Source& source, const Lines& lines, ir::SDFG& sdfg);
// The content of a state. `sdfg` holds the containers that memlets name.
base::Status parse_state(const Source& source, const Line& line, const ir::SDFG& sdfg, ir::State& into);

// " @ ..." at the end of a line, and nothing else behind.
base::Status parse_place(Cursor& cursor, ir::Element& element);

}  // namespace thalweg::text
