// Symbols, containers, assumptions, returns, callbacks and metadata at the head of a graph.
#include <array>

#include "text/parser.h"

namespace thalweg::text {

namespace {

using ir::ContainerFields;

std::optional<ir::ContainerKind> find_kind(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, ir::ContainerKind>, 6> kinds = {
      {{"scalar", ir::ContainerKind::scalar},
       {"array", ir::ContainerKind::array},
       {"stream", ir::ContainerKind::stream},
       {"view", ir::ContainerKind::view},
       {"reference", ir::ContainerKind::reference},
       {"structure", ir::ContainerKind::structure}}};
  for (const auto& [name, kind] : kinds)
    if (name == word) return kind;
  return std::nullopt;
}

std::optional<ir::Lifetime> find_lifetime(std::string_view word) {
  constexpr std::array<std::string_view, 6> names = {"scope", "state", "sdfg", "global", "persistent", "external"};
  for (size_t k = 0; k < names.size(); ++k)
    if (names[k] == word) return static_cast<ir::Lifetime>(k);
  return std::nullopt;
}

base::Result<symbolic::Expr> take_expr(Cursor& cursor) {
  TW_TRY(std::string_view piece, cursor.expression({"@"}));
  return parse_expr(cursor.source(), piece);
}

base::Status container_clause(Cursor& cursor, ContainerFields& fields) {
  if (cursor.take("strides")) {
    TW_TRY(std::string_view piece, cursor.group());
    TW_TRY(fields.strides, parse_exprs(cursor.source(), piece));
  } else if (cursor.take("offset")) {
    TW_TRY(fields.offset, take_expr(cursor));
  } else if (cursor.take("storage")) {
    TW_TRY(fields.storage, parse_kind<ir::Storage>(cursor, ir::find_storage, "storage"));
  } else if (cursor.take("lifetime")) {
    TW_TRY(fields.lifetime, parse_kind<ir::Lifetime>(cursor, find_lifetime, "lifetime"));
  } else if (cursor.take("may_alias")) {
    fields.may_alias = true;
  } else if (cursor.take("alignment")) {
    TW_TRY(int64_t alignment, cursor.integer());
    fields.alignment = static_cast<int>(alignment);
  } else if (cursor.take("buffer")) {
    TW_TRY(fields.buffer_size, take_expr(cursor));
  } else if (cursor.take("targets")) {
    TW_TRY(fields.targets, parse_names(cursor));
  } else if (cursor.take("distinct")) {
    TW_TRY(fields.distinct, parse_names(cursor));
  } else if (cursor.take("members")) {
    TW_TRY(fields.members, parse_names(cursor));
  } else {
    return cursor.expected(
        "strides, offset, storage, lifetime, may_alias, alignment, buffer, targets, distinct or members");
  }
  return base::success();
}

base::Status parse_container(Cursor& cursor, ir::SDFG& sdfg) {
  ContainerFields fields;
  fields.transient = cursor.take("transient");
  TW_TRY(fields.kind, parse_kind<ir::ContainerKind>(cursor, find_kind, "kind of container"));
  std::string_view where = cursor.here();
  TW_TRY(fields.name, cursor.name());
  if (sdfg.find(fields.name))
    return cursor.source().error("TW0405", "a container called '" + fields.name + "' stands above",
                                 where.substr(0, fields.name.size()));
  TW_TRY_VOID(cursor.expect(":"));
  TW_TRY(fields.dtype, parse_kind<ir::DType>(cursor, ir::find_dtype, "type"));
  if (cursor.at("[")) {
    TW_TRY(std::string_view piece, cursor.group());
    TW_TRY(fields.shape, parse_exprs(cursor.source(), piece));
  }
  while (!cursor.at_end() && !cursor.at("@")) TW_TRY_VOID(container_clause(cursor, fields));
  return parse_place(cursor, sdfg.add_container(std::move(fields)));
}

base::Status parse_symbols(Cursor& cursor, ir::SDFG& sdfg) {
  do {
    TW_TRY(std::string name, cursor.name());
    TW_TRY_VOID(cursor.expect(":"));
    TW_TRY(ir::DType type, parse_kind<ir::DType>(cursor, ir::find_dtype, "type"));
    sdfg.add_symbol(name, type);
  } while (cursor.take(","));
  return cursor.expect_end();
}

base::Result<ir::ReturnValue> parse_return(Cursor& cursor) {
  using Kind = ir::ReturnValue::Kind;
  ir::ReturnValue value;
  if (cursor.take("none")) return value;
  if (cursor.take("symbol")) {
    value.kind = Kind::symbol;
    TW_TRY(value.expr, take_expr(cursor));
    return value;
  }
  const bool view = cursor.take("view");
  if (!view) TW_TRY_VOID(cursor.expect("container"));
  value.kind = view ? Kind::view : Kind::container;
  TW_TRY(value.container, cursor.name());
  if (!view) return value;
  TW_TRY(std::string_view piece, cursor.group());
  TW_TRY(value.subset, parse_subset(cursor.source(), piece));
  TW_TRY_VOID(cursor.expect("dims"));
  TW_TRY_VOID(cursor.expect("["));
  while (!cursor.at("]")) {
    TW_TRY(int64_t dim, cursor.integer());
    value.dims.push_back(static_cast<int>(dim));
    if (!cursor.take(",")) break;
  }
  TW_TRY_VOID(cursor.expect("]"));
  return value;
}

base::Status parse_returns(Cursor& cursor, ir::SDFGFields& fields) {
  if (cursor.take("tuple")) {
    fields.returns_tuple = true;
  } else {
    TW_TRY(ir::ReturnValue value, parse_return(cursor));
    fields.returns.push_back(std::move(value));
  }
  return cursor.expect_end();
}

// Fields other than symbols and containers. False: the line is no such declaration.
base::Result<bool> parse_field(Cursor& cursor, ir::SDFGFields& fields) {
  if (cursor.take("assume")) {
    TW_TRY(symbolic::Expr condition, take_expr(cursor));
    fields.assumptions.push_back(std::move(condition));
    TW_TRY_VOID(cursor.expect_end());
  } else if (cursor.take("returns")) {
    TW_TRY_VOID(parse_returns(cursor, fields));
  } else if (cursor.take("callback")) {
    TW_TRY(std::string name, cursor.name());
    fields.callbacks.push_back(std::move(name));
    TW_TRY_VOID(cursor.expect_end());
  } else if (cursor.take("metadata")) {
    TW_TRY(std::string key, cursor.name());
    TW_TRY_VOID(cursor.expect("="));
    TW_TRY(fields.metadata[key], cursor.name());
    TW_TRY_VOID(cursor.expect_end());
  } else {
    return false;
  }
  return true;
}

}  // namespace

base::Result<size_t> parse_declarations(const Source& source, const Lines& lines, ir::SDFG& sdfg) {
  ir::SDFGFields fields = sdfg.get();
  size_t count = 0;
  for (; count < lines.size(); ++count) {
    TW_TRY(Cursor cursor, Cursor::over(source, lines[count].text));
    TW_TRY(bool taken, parse_field(cursor, fields));
    if (taken) continue;
    if (cursor.take("symbols")) {
      TW_TRY_VOID(parse_symbols(cursor, sdfg));
    } else if (cursor.take("label")) {
      TW_TRY(std::string label, cursor.name());
      sdfg.set_label(std::move(label));
      TW_TRY_VOID(cursor.expect_end());
    } else if (cursor.at("transient") || find_kind(lines[count].text.substr(0, lines[count].text.find(' ')))) {
      TW_TRY_VOID(parse_container(cursor, sdfg));
    } else {
      break;
    }
    if (!lines[count].children.empty())
      return source.error("TW0401", "nothing can stand below a declaration", lines[count].children[0].text);
  }
  fields.symbols = sdfg.get().symbols;
  sdfg.assign(std::move(fields));
  return count;
}

}  // namespace thalweg::text
