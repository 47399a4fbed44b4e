// Numbers and strings between their Python spelling and their value.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "syntax/ast.h"

namespace thalweg::syntax {

// int64_t, BigInteger, double or an imaginary complex; nothing if it is no Python number.
std::optional<ConstantValue> parse_number(std::string_view text);
// Appends the value of a string literal's body; false on an escape that is not understood (\N{...}) or malformed.
bool unescape(std::string_view body, bool raw, std::string& into);

std::string spell(double value);              // Python's repr; infinity as 1e309, which reads back
std::string spell(const std::string& value);  // Python's repr

}  // namespace thalweg::syntax
