// Arguments to run a graph with: symbols that meet its assumptions (sizes 0, 1, small, odd), numbers with special
// values among them, overlapping memory where containers may alias. The same graph gets the same inputs, everywhere.
#pragma once
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "ir/sdfg.h"

namespace thalweg::verify {

// Where a container of the caller lies: what compiled code and the interpreter get is blocks[block] + offset bytes.
struct Place {
  size_t block = 0, offset = 0;
};

struct Inputs {
  std::map<std::string, int64_t> symbols;
  std::vector<std::vector<std::byte>> blocks;
  std::map<std::string, Place> places;
};

// Values of the free symbols that meet the graph's assumptions, most different ones first; at most so many.
std::vector<std::map<std::string, int64_t>> symbol_choices(const ir::SDFG& graph, size_t most);

std::vector<Inputs> generate_inputs(const ir::SDFG& graph, size_t most = 10);

}  // namespace thalweg::verify
