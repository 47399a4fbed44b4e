// The parts that lines are made of, printed and parsed side by side: names, ranges, memlets, attributes, places.
#pragma once
#include "ir/sdfg.h"
#include "text/cursor.h"

namespace thalweg::text {

std::string spell_name(std::string_view name);                   // bare where it is a dotted identifier, else in quotes
std::string spell_names(const std::vector<std::string>& names);  // "(A, B)"
base::Result<std::vector<std::string>> parse_names(Cursor& cursor);

// Ranges are written begin:end:step where that says the size exactly, else range(begin, size, step).
std::string spell(const symbolic::Subset& subset);
base::Result<symbolic::Range> parse_range(const Source& source, std::string_view piece);
base::Result<symbolic::Subset> parse_subset(const Source& source, std::string_view piece);

std::string spell(const std::vector<symbolic::Expr>& exprs);
base::Result<symbolic::Expr> parse_expr(const Source& source, std::string_view piece);
base::Result<std::vector<symbolic::Expr>> parse_exprs(const Source& source, std::string_view piece);

base::Result<ir::code::Ptr> parse_code(const Source& source, std::string_view piece, const ir::code::NameTypes& types);
ir::code::NameTypes container_types(const ir::SDFG& sdfg);  // what conditions and assignments may read

std::string spell(const ir::MemletFields& memlet);
base::Result<ir::MemletFields> parse_memlet(Cursor& cursor, const ir::SDFG& sdfg);

std::string spell(const ir::Attribute& attribute);
base::Result<ir::Attribute> parse_attribute(const Source& source, std::string_view piece);

// "@ "f.py" 3:4-3:9 < "g.py" 1:0-1:2": spans, each with the calls it came through.
std::string spell(const base::Location& location);
base::Result<base::Location> parse_location(Cursor& cursor);  // behind the '@'

template <class Kind>
base::Result<Kind> parse_kind(Cursor& cursor, std::optional<Kind> (*find)(std::string_view), const char* what) {
  std::string_view where = cursor.here();
  TW_TRY(std::string name, cursor.name());
  if (auto found = find(name)) return *found;
  return cursor.source().error("TW0403", std::string("no ") + what + " is called '" + name + "'",
                               where.substr(0, name.size()));
}

}  // namespace thalweg::text
