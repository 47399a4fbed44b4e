#include "text/pieces.h"

#include <algorithm>
#include <cmath>

#include "base/match.h"
#include "ir/code_names.h"
#include "syntax/literal.h"
#include "syntax/parse.h"

namespace thalweg::text {

using symbolic::Expr;
using symbolic::Range;
using symbolic::Subset;

namespace {

bool is_identifier(std::string_view text) {
  auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || digit(c); }) &&
         !syntax::is_keyword(text);
}

bool is_dotted(std::string_view text) {
  for (;;) {
    const size_t dot = text.find('.');
    if (!is_identifier(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

std::string spell_name(std::string_view name) {
  return is_dotted(name) ? std::string(name) : syntax::spell(std::string(name));
}

std::string spell_names(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + spell_name(name);
  return "(" + out + ")";
}

base::Result<std::vector<std::string>> parse_names(Cursor& cursor) {
  std::vector<std::string> out;
  TW_TRY_VOID(cursor.expect("("));
  while (!cursor.at(")")) {
    TW_TRY(std::string name, cursor.name());
    out.push_back(std::move(name));
    if (!cursor.take(",")) break;
  }
  TW_TRY_VOID(cursor.expect(")"));
  return out;
}

namespace {

// The range that begin:end:step means: sizes are exact (nothing is clamped, as IR ranges are never negative).
Range range_between(const Expr& begin, const Expr& end, const Expr& step) {
  return {begin, symbolic::ceil_div(end - begin, step), step};
}

base::Result<Range> range_from(const syntax::Expr& tree) {
  if (auto* slice = std::get_if<syntax::Slice>(&tree.content); slice && slice->upper) {
    Expr begin = 0, step = 1;
    if (slice->lower) {
      TW_TRY(begin, symbolic::from_syntax(*slice->lower));
    }
    if (slice->step) {
      TW_TRY(step, symbolic::from_syntax(*slice->step));
    }
    TW_TRY(Expr end, symbolic::from_syntax(*slice->upper));
    return range_between(begin, end, step);
  }
  if (auto* call = std::get_if<syntax::Call>(&tree.content))
    if (auto* name = std::get_if<syntax::Name>(&call->function->content);
        name && name->id == "range" && call->arguments.size() == 3) {
      TW_TRY(Expr begin, symbolic::from_syntax(*call->arguments[0]));
      TW_TRY(Expr size, symbolic::from_syntax(*call->arguments[1]));
      TW_TRY(Expr step, symbolic::from_syntax(*call->arguments[2]));
      return Range{begin, size, step};
    }
  TW_TRY(Expr at, symbolic::from_syntax(tree));
  return Range::index(at);
}

std::string spell(const Range& range) {
  const Expr end = range.end();
  if (range.size.is(1) && range.step.is(1)) return symbolic::to_string(range.begin);
  const bool plain = !range.size.is(1) && !range.step.is(0) && range_between(range.begin, end, range.step) == range;
  if (!plain)
    return "range(" + symbolic::to_string(range.begin) + ", " + symbolic::to_string(range.size) + ", " +
           symbolic::to_string(range.step) + ")";
  return symbolic::to_string(range.begin) + ":" + symbolic::to_string(end) +
         (range.step.is(1) ? "" : ":" + symbolic::to_string(range.step));
}

}  // namespace

std::string spell(const Subset& subset) {
  std::string out;
  for (const Range& range : subset.ranges) out += (out.empty() ? "" : ", ") + spell(range);
  return out;
}

base::Result<Subset> parse_subset(const Source& source, std::string_view piece) {
  Subset out;
  if (piece.find_first_not_of(" ") == std::string_view::npos) return out;
  auto entries = syntax::parse_subscript(piece);
  if (!entries) return source.moved(std::move(entries.error()), piece);
  for (const auto& entry : *entries) {
    auto range = range_from(*entry);
    if (!range) return source.moved(std::move(range.error()), piece);
    out.ranges.push_back(std::move(*range));
  }
  return out;
}

base::Result<Range> parse_range(const Source& source, std::string_view piece) {
  TW_TRY(Subset subset, parse_subset(source, piece));
  if (subset.rank() != 1) return source.error("TW0402", "expected one range", piece);
  return std::move(subset.ranges[0]);
}

std::string spell(const std::vector<Expr>& exprs) {
  std::string out;
  for (const Expr& expr : exprs) out += (out.empty() ? "" : ", ") + symbolic::to_string(expr);
  return out;
}

base::Result<Expr> parse_expr(const Source& source, std::string_view piece) {
  auto expr = symbolic::parse(piece);
  if (!expr) return source.moved(std::move(expr.error()), piece);
  return std::move(*expr);
}

base::Result<std::vector<Expr>> parse_exprs(const Source& source, std::string_view piece) {
  TW_TRY(std::vector<std::string_view> parts, split_commas(source, piece));
  std::vector<Expr> out;
  for (std::string_view part : parts) {
    TW_TRY(Expr expr, parse_expr(source, part));
    out.push_back(std::move(expr));
  }
  return out;
}

base::Result<ir::code::Ptr> parse_code(const Source& source, std::string_view piece, const ir::code::NameTypes& types) {
  auto tree = ir::code::parse_expression(piece, types);
  if (!tree) return source.moved(std::move(tree.error()), piece);
  return std::move(*tree);
}

ir::code::NameTypes container_types(const ir::SDFG& sdfg) {
  ir::code::NameTypes types;
  for (const auto& container : sdfg.containers()) types.inputs[container->get().name] = container->get().dtype;
  return types;
}

std::string spell(const ir::MemletFields& memlet) {
  std::string out = memlet.data.empty() ? "()" : spell_name(memlet.data);
  if (memlet.subset.rank() > 0) out += "[" + spell(memlet.subset) + "]";
  if (memlet.other_subset) out += " -> [" + spell(*memlet.other_subset) + "]";
  const Expr usual = memlet.data.empty() ? Expr(0) : memlet.subset.num_elements();
  if (!(memlet.volume == usual)) out += " volume " + symbolic::to_string(memlet.volume);
  if (memlet.dynamic) out += " dynamic";
  if (memlet.wcr != ir::Wcr::none) out += std::string(" wcr ") + ir::to_string(memlet.wcr);
  if (memlet.wcr_code) out += " combine " + ir::code::to_string(*memlet.wcr_code);
  if (memlet.wcr_nonatomic) out += " nonatomic";
  if (memlet.allow_oob) out += " allow_oob";
  return out;
}

namespace {

base::Result<ir::MemletFields> parse_memlet_clauses(Cursor& cursor, ir::MemletFields memlet, const ir::SDFG& sdfg) {
  const Source& source = cursor.source();
  while (!cursor.at_end() && !cursor.at("@")) {
    if (cursor.take("volume")) {
      TW_TRY(std::string_view piece, cursor.expression({"@"}));
      TW_TRY(memlet.volume, parse_expr(source, piece));
    } else if (cursor.take("dynamic")) {
      memlet.dynamic = true;
    } else if (cursor.take("wcr")) {
      TW_TRY(memlet.wcr, parse_kind<ir::Wcr>(cursor, ir::find_wcr, "write-conflict resolution"));
    } else if (cursor.take("combine")) {
      ir::code::NameTypes types;
      if (const ir::Container* container = sdfg.find(memlet.data))
        types.inputs = {{"old", container->get().dtype}, {"new", container->get().dtype}};
      TW_TRY(std::string_view piece, cursor.expression({"@"}));
      TW_TRY(memlet.wcr_code, parse_code(source, piece, types));
    } else if (cursor.take("nonatomic")) {
      memlet.wcr_nonatomic = true;
    } else if (cursor.take("allow_oob")) {
      memlet.allow_oob = true;
    } else {
      return cursor.expected("volume, dynamic, wcr, combine, nonatomic or allow_oob");
    }
  }
  return memlet;
}

}  // namespace

base::Result<ir::MemletFields> parse_memlet(Cursor& cursor, const ir::SDFG& sdfg) {
  ir::MemletFields memlet = ir::no_memlet();
  if (cursor.take("(")) {  // no data
    TW_TRY_VOID(cursor.expect(")"));
  } else {
    TW_TRY(memlet.data, cursor.name());
  }
  if (cursor.at("[")) {
    TW_TRY(std::string_view piece, cursor.group());
    TW_TRY(memlet.subset, parse_subset(cursor.source(), piece));
  }
  if (!memlet.data.empty()) memlet.volume = memlet.subset.num_elements();
  if (cursor.take("->")) {
    TW_TRY(std::string_view piece, cursor.group());
    TW_TRY(memlet.other_subset, parse_subset(cursor.source(), piece));
  }
  return parse_memlet_clauses(cursor, std::move(memlet), sdfg);
}

std::string to_string(const ir::MemletFields& memlet) { return spell(memlet); }

namespace {

template <class T, class Spell>
std::string spell_list(const std::vector<T>& values, Spell spell_one) {
  std::string out;
  for (const T& value : values) out += (out.empty() ? "" : ", ") + spell_one(value);
  return "[" + out + "]";
}

}  // namespace

std::string spell(const ir::Attribute& attribute) {
  auto quoted = [](const std::string& value) { return syntax::spell(value); };
  return base::match(
      attribute, [](bool value) { return std::string(value ? "True" : "False"); },
      [](int64_t value) { return std::to_string(value); },
      [](double value) {
        if (std::isfinite(value)) return syntax::spell(value);
        return std::string(std::isnan(value) ? "float(nan)" : value > 0 ? "float(inf)" : "float(-inf)");
      },
      quoted,
      [](const std::vector<int64_t>& values) {
        return spell_list(values, [](int64_t v) { return std::to_string(v); });
      },
      [&](const std::vector<std::string>& values) { return "strings" + spell_list(values, quoted); },
      [](const Expr& value) { return "expr(" + symbolic::to_string(value) + ")"; },
      [](ir::DType value) { return "type(" + value.name() + ")"; },
      [](ir::Wcr value) { return "wcr(" + std::string(ir::to_string(value)) + ")"; });
}

namespace {

base::Result<ir::Attribute> parse_wrapped(Cursor& cursor) {
  const Source& source = cursor.source();
  TW_TRY(std::string kind, cursor.word());
  std::string_view where = cursor.here();
  TW_TRY(std::string_view piece, cursor.group());
  TW_TRY(Cursor inner, Cursor::over(source, piece));
  if (kind == "expr") {
    TW_TRY(Expr expr, parse_expr(source, piece));
    return ir::Attribute(expr);
  }
  if (kind == "type") {
    TW_TRY(ir::DType type, parse_kind<ir::DType>(inner, ir::find_dtype, "type"));
    return ir::Attribute(type);
  }
  if (kind == "wcr") {
    TW_TRY(ir::Wcr wcr, parse_kind<ir::Wcr>(inner, ir::find_wcr, "write-conflict resolution"));
    return ir::Attribute(wcr);
  }
  if (kind == "float") {
    if (piece == "nan") return ir::Attribute(std::nan(""));
    if (piece == "inf") return ir::Attribute(INFINITY);
    if (piece == "-inf") return ir::Attribute(-INFINITY);
  }
  if (kind == "strings") {
    std::vector<std::string> values;
    while (!inner.at_end()) {
      TW_TRY(std::string value, inner.name());
      values.push_back(std::move(value));
      if (!inner.take(",")) break;
    }
    TW_TRY_VOID(inner.expect_end());
    return ir::Attribute(std::move(values));
  }
  return source.error("TW0402", "no kind of attribute is called '" + kind + "'", where);
}

std::optional<double> float_of(const syntax::Expr& tree) {
  if (auto* unary = std::get_if<syntax::Unary>(&tree.content); unary && unary->op == syntax::UnaryOperator::neg) {
    auto inner = float_of(*unary->operand);
    return inner ? std::optional(-*inner) : std::nullopt;
  }
  auto* constant = std::get_if<syntax::Constant>(&tree.content);
  auto* value = constant ? std::get_if<double>(&constant->value) : nullptr;
  return value ? std::optional(*value) : std::nullopt;
}

}  // namespace

base::Result<ir::Attribute> parse_attribute(const Source& source, std::string_view piece) {
  TW_TRY(Cursor cursor, Cursor::over(source, piece));
  if (cursor.take("True")) return ir::Attribute(true);
  if (cursor.take("False")) return ir::Attribute(false);
  if (cursor.at("[")) {
    TW_TRY(std::string_view inside, cursor.group());
    TW_TRY(Cursor inner, Cursor::over(source, inside));
    std::vector<int64_t> values;
    while (!inner.at_end()) {
      TW_TRY(int64_t value, inner.integer());
      values.push_back(value);
      if (!inner.take(",")) break;
    }
    TW_TRY_VOID(inner.expect_end());
    return ir::Attribute(std::move(values));
  }
  auto tree = syntax::parse_expression(piece);
  if (!tree) return source.moved(std::move(tree.error()), piece);
  if (auto value = float_of(**tree)) return ir::Attribute(*value);
  if (auto* constant = std::get_if<syntax::Constant>(&(*tree)->content))
    if (auto* text = std::get_if<std::string>(&constant->value)) return ir::Attribute(*text);
  if (std::holds_alternative<syntax::Call>((*tree)->content) ||
      std::holds_alternative<syntax::Subscript>((*tree)->content))
    return parse_wrapped(cursor);
  TW_TRY(int64_t value, cursor.integer());
  return ir::Attribute(value);
}

namespace {

std::string spell(const base::Span& span) {
  auto place = [](int line, int column) { return std::to_string(line) + ":" + std::to_string(column); };
  std::string out = syntax::spell(span.file ? *span.file : std::string()) + " " + place(span.line, span.column) + "-" +
                    place(span.end_line, span.end_column);
  return span.called_from ? out + " < " + spell(*span.called_from) : out;
}

base::Result<base::Span> parse_span(Cursor& cursor) {
  base::Span span;
  TW_TRY(std::string file, cursor.name());
  if (!file.empty()) span.file = std::make_shared<const std::string>(std::move(file));
  auto number = [&](int32_t& into) -> base::Status {
    TW_TRY(int64_t value, cursor.integer());
    into = static_cast<int32_t>(value);
    return base::success();
  };
  TW_TRY_VOID(number(span.line));
  TW_TRY_VOID(cursor.expect(":"));
  TW_TRY_VOID(number(span.column));
  TW_TRY_VOID(cursor.expect("-"));
  TW_TRY_VOID(number(span.end_line));
  TW_TRY_VOID(cursor.expect(":"));
  TW_TRY_VOID(number(span.end_column));
  if (cursor.take("<")) {
    TW_TRY(base::Span outer, parse_span(cursor));
    span.called_from = std::make_shared<const base::Span>(std::move(outer));
  }
  return span;
}

}  // namespace

std::string spell(const base::Location& location) {
  std::string out;
  for (const base::Span& span : location) out += (out.empty() ? "@ " : ", ") + spell(span);
  return out;
}

base::Result<base::Location> parse_location(Cursor& cursor) {
  base::Location out;
  do {
    TW_TRY(base::Span span, parse_span(cursor));
    out.push_back(std::move(span));
  } while (cursor.take(","));
  return out;
}

}  // namespace thalweg::text
