// A rough count of what a piece of code costs, for decisions about computing something again.
#pragma once
#include "ir/code.h"

namespace thalweg::transforms {

struct Work {
  int operations = 0;  // in simple operations; a division or root counts for several
  int costly = 0;      // elementary functions: exp, sin, pow ...
};

void add_work(const ir::code::Block& block, Work& work);

}  // namespace thalweg::transforms
