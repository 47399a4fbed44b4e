// What lower decided about each loop nest, read off the finished program: for explain(), at no cost to a compilation.
#pragma once
#include <string>
#include <vector>

#include "lower/loop_ir.h"

namespace thalweg::lower {

struct Remark {
  enum class Decision : uint8_t { parallel, serial, reduction, library } decision;
  base::Span span;                // the statement that the nest comes from
  std::vector<base::Span> fused;  // statements whose loops run inside the same nest
  std::string reason;             // for people
  bool vectorised = false;  // an innermost loop is written for vector instructions: its iterations are independent
};

// In the order of the program.
std::vector<Remark> remarks(const Program& program);

}  // namespace thalweg::lower
