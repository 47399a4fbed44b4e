// Code that combines an old value with a new one: "old + e", "max(old, e)", "old if c else old * e".
#pragma once
#include <optional>
#include <string>

#include "ir/code.h"
#include "ir/memlet.h"

namespace thalweg::transforms {

// old = old (op) value, in the order-free operations of write-conflict resolution.
struct Combination {
  ir::Wcr op = ir::Wcr::none;
  ir::code::Ptr value;
};
// What code makes of the input `old`, where that is one combination with a value that does not mention it.
std::optional<Combination> combination_of(const ir::code::Ptr& code, const std::string& old);
// A constant truth stored whatever was there: `or` True, `and` False.
std::optional<Combination> constant_truth(const ir::code::Ptr& code);

}  // namespace thalweg::transforms
