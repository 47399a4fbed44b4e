// Which containers may stand for the same memory, asked many times over one graph.
#pragma once
#include <set>
#include <string>

#include "ir/sdfg.h"

namespace thalweg::transforms {

// Holds while no container of the graph changes; containers that were added since share with nobody.
class Overlap {
 public:
  explicit Overlap(const ir::SDFG& graph);
  // May the container be the same memory as one of another name?
  bool shares(const std::string& name) const { return all_ || shared_.count(name) > 0; }
  bool operator()(const std::string& a, const std::string& b) const;

 private:
  const ir::SDFG& graph_;
  bool all_ = false;  // some pointer may lead anywhere
  std::set<std::string> shared_;
};

}  // namespace thalweg::transforms
