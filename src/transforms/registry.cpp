#include "transforms/registry.h"

#include <algorithm>

#include "syntax/parse.h"
#include "transforms/constant_propagation.h"
#include "transforms/continue_to_branch.h"
#include "transforms/dead_dataflow.h"
#include "transforms/dead_state.h"
#include "transforms/empty_loop.h"
#include "transforms/if_conversion.h"
#include "transforms/induction_variable.h"
#include "transforms/inline_sdfg.h"
#include "transforms/loop_distribution.h"
#include "transforms/loop_fusion.h"
#include "transforms/loop_invariant.h"
#include "transforms/loop_step.h"
#include "transforms/loop_to_map.h"
#include "transforms/loop_unroll.h"
#include "transforms/map_collapse.h"
#include "transforms/map_dim_shuffle.h"
#include "transforms/map_expansion.h"
#include "transforms/map_fission.h"
#include "transforms/map_fusion.h"
#include "transforms/map_fusion_horizontal.h"
#include "transforms/map_interchange.h"
#include "transforms/map_tiling.h"
#include "transforms/map_unroll.h"
#include "transforms/redundant_copy.h"
#include "transforms/redundant_view.h"
#include "transforms/remove_unused_symbols.h"
#include "transforms/scalar_to_symbol.h"
#include "transforms/state_fusion.h"
#include "transforms/strip_mining.h"
#include "transforms/symbol_propagation.h"
#include "transforms/transient_contraction.h"
#include "transforms/transient_reuse.h"
#include "transforms/trivial_loop.h"
#include "transforms/trivial_map_elimination.h"
#include "transforms/while_to_for.h"

namespace thalweg::transforms {

using rewrite::OptionValue;
using rewrite::Transformation;

const std::vector<const Transformation*>& all_transformations() {
  static const std::vector<const Transformation*> all = [] {
    std::vector<const Transformation*> listed = {
        &constant_propagation,
        &continue_to_branch,
        &dead_dataflow,
        &dead_state,
        &empty_loop,
        &if_conversion,
        &induction_variable,
        &inline_sdfg,
        &loop_distribution,
        &loop_fusion,
        &loop_invariant,
        &loop_step,
        &loop_to_map,
        &loop_unroll,
        &map_collapse,
        &map_dim_shuffle,
        &map_expansion,
        &map_fission,
        &map_fusion,
        &map_fusion_horizontal,
        &map_interchange,
        &map_tiling,
        &map_unroll,
        &redundant_copy,
        &redundant_view,
        &remove_unused_symbols,
        &scalar_to_symbol,
        &state_fusion,
        &strip_mining,
        &symbol_propagation,
        &transient_contraction,
        &transient_reuse,
        &trivial_loop,
        &trivial_map_elimination,
        &while_to_for,
    };
    std::sort(listed.begin(), listed.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
    return listed;
  }();
  return all;
}

namespace {

// Without underscores and capitals.
std::string plain(std::string_view name) {
  std::string out;
  for (char c : name)
    if (c != '_' && c != '-') out += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

base::Diagnostic unknown(std::string_view name, const base::Span& span) {
  base::Diagnostic out;
  out.code = "TW0643";
  out.kind = base::ErrorKind::value;
  out.message = "no transformation is called '" + std::string(name) + "'";
  out.span = span;
  std::string names;
  for (const Transformation* one : all_transformations()) names += (names.empty() ? "" : ", ") + one->name;
  out.fix = "write one of " + names;
  return out;
}

base::Diagnostic malformed(const syntax::Expr& at) {
  base::Diagnostic out;
  out.code = "TW0644";
  out.kind = base::ErrorKind::syntax;
  out.message = "a transformation is written Name or Name(option=value), not " + syntax::to_string(at);
  out.span = at.span;
  return out;
}

// A number, a text (a bare name is one, too) or truth value.
std::optional<OptionValue> plain_value(const syntax::Expr& expr) {
  if (auto* name = std::get_if<syntax::Name>(&expr.content)) return name->id;
  if (auto* negative = std::get_if<syntax::Unary>(&expr.content)) {
    auto value = negative->op == syntax::UnaryOperator::neg ? plain_value(*negative->operand) : std::nullopt;
    if (auto* number = value ? std::get_if<int64_t>(&*value) : nullptr) return -*number;
    return std::nullopt;
  }
  auto* constant = std::get_if<syntax::Constant>(&expr.content);
  if (!constant) return std::nullopt;
  if (auto* truth = std::get_if<bool>(&constant->value)) return *truth;
  if (auto* number = std::get_if<int64_t>(&constant->value)) return *number;
  if (auto* text = std::get_if<std::string>(&constant->value)) return *text;
  return std::nullopt;
}

std::optional<OptionValue> option_value(const syntax::Expr& expr) {
  const std::vector<syntax::ExprPtr>* elements = nullptr;
  if (auto* list = std::get_if<syntax::List>(&expr.content)) elements = &list->elements;
  if (auto* tuple = std::get_if<syntax::Tuple>(&expr.content)) elements = &tuple->elements;
  if (!elements) return plain_value(expr);
  std::vector<int64_t> numbers;
  std::vector<std::string> texts;
  for (const auto& element : *elements) {
    auto value = plain_value(*element);
    if (!value) return std::nullopt;
    if (auto* number = std::get_if<int64_t>(&*value)) numbers.push_back(*number);
    if (auto* text = std::get_if<std::string>(&*value)) texts.push_back(*text);
  }
  if (texts.size() == elements->size() && !texts.empty()) return texts;
  return numbers.size() == elements->size() ? std::optional<OptionValue>(numbers) : std::nullopt;
}

base::Result<Transformation> from_syntax(const syntax::Expr& expr) {
  const syntax::Expr* head = &expr;
  rewrite::OptionValues values;
  if (auto* call = std::get_if<syntax::Call>(&expr.content)) {
    head = call->function.get();
    if (!call->arguments.empty()) return malformed(expr);
    for (const syntax::Keyword& keyword : call->keywords) {
      auto value = option_value(*keyword.value);
      if (!value || keyword.name.empty()) return malformed(expr);
      values[keyword.name] = std::move(*value);
    }
  }
  auto* name = std::get_if<syntax::Name>(&head->content);
  if (!name) return malformed(expr);
  const Transformation* found = find_transformation(name->id);
  if (!found) return unknown(name->id, head->span);
  return found->with(values);
}

std::vector<const syntax::Expr*> elements_of(const syntax::Expr& tree) {
  auto* several = std::get_if<syntax::Tuple>(&tree.content);
  if (!several) return {&tree};
  std::vector<const syntax::Expr*> out;
  for (const auto& element : several->elements) out.push_back(element.get());
  return out;
}

}  // namespace

const Transformation* find_transformation(std::string_view name) {
  if (plain(name) == "mapfusionvertical") name = "MapFusion";  // its name beside MapFusionHorizontal
  for (const Transformation* one : all_transformations())
    if (plain(one->name) == plain(name)) return one;
  return nullptr;
}

base::Result<Transformation> parse_transformation(std::string_view text) {
  TW_TRY(syntax::ExprPtr tree, syntax::parse_expression(text, "<transformation>"));
  return from_syntax(*tree);
}

base::Result<std::vector<Transformation>> parse_transformations(std::string_view text) {
  TW_TRY(syntax::ExprPtr tree, syntax::parse_expression(text, "<transformations>"));
  std::vector<Transformation> found;
  for (const syntax::Expr* element : elements_of(*tree)) {
    TW_TRY(Transformation one, from_syntax(*element));
    found.push_back(std::move(one));
  }
  return found;
}

std::vector<std::string> split_transformations(std::string_view text) {
  auto tree = syntax::parse_expression(text, "<transformations>");
  TW_CHECK(tree.ok(), "a text that does not parse");
  std::vector<std::string> texts;
  for (const syntax::Expr* element : elements_of(**tree)) texts.push_back(syntax::to_string(*element));
  return texts;
}

}  // namespace thalweg::transforms
