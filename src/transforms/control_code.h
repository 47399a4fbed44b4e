// Code between states read as what it means: constants folded, index expressions, conditions that are known.
#pragma once
#include <functional>
#include <optional>

#include "ir/code.h"
#include "symbolic/facts.h"

namespace thalweg::transforms {

// The same tree with its constant parts computed, where that is certain to give the same bits: integers and booleans,
// comparisons, casts that lose nothing. What may raise stays.
ir::code::Ptr fold(const ir::code::Ptr& expr);
// Rebuilds a tree from its leaves.
ir::code::Ptr rebuild(const ir::code::Ptr& expr, const std::function<ir::code::Ptr(const ir::code::Ptr&)>& leaf);

// The value as an unbounded integer (a truth as 0 or 1), where the code has that value whenever it does not raise;
// nothing where it reads containers, or a NumPy integer may wrap under these facts.
std::optional<symbolic::Expr> index_of(const ir::code::Ptr& value, const symbolic::Facts& facts);
// Does the condition hold? Null holds.
symbolic::Truth decide(const ir::code::Ptr& condition, const symbolic::Facts& facts);

// An index expression as code of type int64 or pyint.
ir::code::Ptr index_code(const symbolic::Expr& expr, ir::DType type = ir::dtypes::int64);
bool reads_containers(const ir::code::Ptr& code);
// Do both ends of this expression fit into 64 bits?
bool fits_index(const symbolic::Expr& expr, const symbolic::Facts& facts);

}  // namespace thalweg::transforms
