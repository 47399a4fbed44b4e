// C identifiers for the user's names.
#include "lower/names.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace thalweg::lower {

namespace {

// Words that emitted text uses itself.
constexpr std::array reserved = {
    "auto",     "break",    "case",     "char",   "const",  "continue", "default", "do",        "double",  "else",
    "enum",     "extern",   "float",    "for",    "goto",   "if",       "inline",  "int",       "long",    "register",
    "restrict", "return",   "short",    "signed", "sizeof", "static",   "struct",  "switch",    "typedef", "union",
    "unsigned", "void",     "volatile", "while",  "int8_t", "int16_t",  "int32_t", "int64_t",   "uint8_t", "uint16_t",
    "uint32_t", "uint64_t", "asm",      "typeof", "main",   "context",  "call",    "arguments", "begin",   "end",
    "done",     "flags",    "looks",    "block",  "tree",   "memory",   "linux",   "unix",      "kernel"};
// Words of C++ that C does not have: the same names stand in exported programs.
constexpr std::array reserved_in_cpp = {"alignas",
                                        "alignof",
                                        "and",
                                        "and_eq",
                                        "bitand",
                                        "bitor",
                                        "bool",
                                        "catch",
                                        "char16_t",
                                        "char32_t",
                                        "class",
                                        "compl",
                                        "concept",
                                        "const_cast",
                                        "consteval",
                                        "constexpr",
                                        "co_await",
                                        "co_return",
                                        "co_yield",
                                        "decltype",
                                        "delete",
                                        "dynamic_cast",
                                        "explicit",
                                        "export",
                                        "false",
                                        "friend",
                                        "mutable",
                                        "namespace",
                                        "new",
                                        "noexcept",
                                        "not",
                                        "not_eq",
                                        "nullptr",
                                        "operator",
                                        "or",
                                        "or_eq",
                                        "private",
                                        "protected",
                                        "public",
                                        "requires",
                                        "static_cast",
                                        "template",
                                        "this",
                                        "throw",
                                        "true",
                                        "try",
                                        "typeid",
                                        "typename",
                                        "using",
                                        "virtual",
                                        "wchar_t",
                                        "xor",
                                        "xor_eq",
                                        "constinit",
                                        "static_assert",
                                        "thread_local",
                                        "char8_t",
                                        "reinterpret_cast",
                                        "thalweg",
                                        "std",
                                        "sites",
                                        "results",
                                        "scope"};

bool is_reserved(std::string_view name) {
  return std::find(reserved.begin(), reserved.end(), name) != reserved.end() ||
         std::find(reserved_in_cpp.begin(), reserved_in_cpp.end(), name) != reserved_in_cpp.end() ||
         name.substr(0, 4) == "thw_" || name.substr(0, 4) == "THW_";
}

}  // namespace

std::string c_identifier(std::string_view text) {
  std::string out;
  for (char c : text) out += std::isalnum(static_cast<unsigned char>(c)) || c == '_' ? c : '_';
  if (out.empty() || std::isdigit(static_cast<unsigned char>(out[0]))) out = "v" + out;
  if (is_reserved(out)) out += "_";
  return out;
}

std::string Names::peek(std::string_view base) const {
  std::string name = c_identifier(base);
  if (!taken_.contains(name)) return name;
  for (int i = 1;; ++i)
    if (std::string numbered = name + "_" + std::to_string(i); !taken_.contains(numbered)) return numbered;
}

std::string Names::fresh(std::string_view base) {
  std::string name = peek(base);
  taken_.insert(name);
  return name;
}

}  // namespace thalweg::lower
