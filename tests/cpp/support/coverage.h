// What a set of graphs reached: how often each row of the tables and each form of the IR occurred.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "ir/sdfg.h"

namespace thalweg::tests {

class Coverage {
 public:
  void count(ir::SDFG& graph);
  int64_t of(const std::string& row) const;
  // Every row there is: "node tasklet", "dtype float64", "memlet wcr sum", "schedule MPI" ...
  static std::vector<std::string> rows();

 private:
  void count(const ir::Node& node);
  void count(const ir::SDFG& graph, const ir::Edge& edge);
  std::map<std::string, int64_t> counts_;
};

}  // namespace thalweg::tests
