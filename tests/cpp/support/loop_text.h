// Statements of loops as text of states.
#pragma once
#include <string>
#include <vector>

namespace thalweg::tests {

// One statement: `target = sum of sources`.
struct Step {
  std::string target;
  std::vector<std::string> sources;
};

inline std::string state_of(const Step& step, const std::string& label, const std::string& indent) {
  std::string inputs, sum = "1.0", edges, nodes;
  const std::string in = indent + "  ";
  for (size_t k = 0; k < step.sources.size(); ++k) {
    const std::string name = "x" + std::to_string(k);
    inputs += (k ? ", " : "") + name + ": float64";
    sum += " + " + name;
    const std::string& source = step.sources[k];
    nodes += in + "n" + std::to_string(k + 2) + " = access " + source.substr(0, source.find('[')) + "\n";
    edges += in + "n" + std::to_string(k + 2) + " -> n0." + name + " : " + source + "\n";
  }
  return indent + "state " + label + "\n" + in + "n0 = tasklet t(" + inputs + ") -> (o: float64)\n" + in +
         "  o = " + sum + "\n" + in + "n1 = access " + step.target.substr(0, step.target.find('[')) + "\n" + nodes +
         edges + in + "n0.o -> n1 : " + step.target + "\n";
}

}  // namespace thalweg::tests
