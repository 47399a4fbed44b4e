// C identifiers for the user's names: kept as they are where C allows it, unique in the program.
#pragma once
#include <set>
#include <string>
#include <string_view>

namespace thalweg::lower {

class Names {
 public:
  // `base` made a C identifier that is not taken, and takes it.
  std::string fresh(std::string_view base);
  // The same without taking it: for loop variables, which only have to differ from what is in reach.
  std::string peek(std::string_view base) const;
  void take(const std::string& name) { taken_.insert(name); }
  void give_back(const std::string& name) { taken_.erase(name); }

 private:
  std::set<std::string> taken_;
};

std::string c_identifier(std::string_view text);

}  // namespace thalweg::lower
