// thw_exp and its kin for programs that another compiler made: the compiler inside defines them itself (src/jit), any
// other finds them in C text to append, which calls the interpreter's forms through a table that the host fills in.
#pragma once
#include <string>

namespace thalweg::runtime {

// Definitions of every function of THW_VECTOR_MATH_1 and THW_VECTOR_MATH_2, over `void* thw_external_math[]`.
std::string external_math_text();
// Fills that table of a loaded program.
void bind_external_math(void** table);

}  // namespace thalweg::runtime
