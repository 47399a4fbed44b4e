// What was made of a program: for every build its guards, and for every loop nest its verdict and why. Worked out on
// demand from the graph as the frontend made it, so that builds from the disk cache can be explained, too.
#pragma once
#include <string>
#include <vector>

#include "driver/build.h"

namespace thalweg::driver {

struct NestReport {
  std::string file;
  int line = 0, end_line = 0;
  std::string kind;      // loop (of Python), map (array statement or explicit map), reduction, copy, library
  std::string variable;  // loops and explicit maps: the user's names
  std::string verdict;  // parallel, guarded (parallel under a condition tested at run time), reduction, library, serial
  bool vectorised = false, tiled = false;
  std::vector<int> fused_with;  // the lines of other statements that run in the same nest
  std::string reason;
  std::vector<int> lines;                    // that the nest was made from, or that the reason speaks of
  std::vector<std::string> transformations;  // applied there, in order
};

// The nests of a build, by line.
base::Result<std::vector<NestReport>> explain_nests(const Build& build);

// {"why": ..., "general": ..., "guards": [{"condition", "file", "line", "reason"}], "nests": [...]}
base::Result<std::string> explain_json(const Build& build);

}  // namespace thalweg::driver
