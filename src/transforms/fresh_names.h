// Names that nothing in a graph has, given one after the other without looking through the graph each time.
#pragma once
#include <map>
#include <set>
#include <string>

#include "ir/sdfg.h"

namespace thalweg::transforms {

class FreshNames {
 public:
  explicit FreshNames(const ir::SDFG& graph);
  bool taken(const std::string& name) const { return taken_.count(name) > 0; }
  void take(const std::string& name) { taken_.insert(name); }
  // "base", or "base_0", "base_1" ...; taken from now on.
  std::string fresh(const std::string& base);

 private:
  std::set<std::string> taken_;
  std::map<std::string, int> next_;
};

}  // namespace thalweg::transforms
