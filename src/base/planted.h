// Faults that tests plant: with THALWEG_PLANT=room.fault in the environment of the process, one line of that room goes
// wrong, and some test of the default run must then fail (./dev plant tries them all). Legality conditions of
// transformations have a switch of their own, rewrite::legal.
#pragma once
#include <string_view>

namespace thalweg::base {

extern const char* const planted_fault;  // the variable when the process started; null: none, as outside of tests

inline bool planted(std::string_view fault) {
  return __builtin_expect(planted_fault != nullptr, 0) && fault == planted_fault;
}

}  // namespace thalweg::base
