// The readable text form of graphs: everything that is in the IR, printed and read back. The grammar is in
// docs/text.md.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "ir/sdfg.h"

namespace thalweg::text {

struct PrintOptions {
  bool locations = false;  // with the places in the user's source, as "@ ..." behind each element
};

std::string print(const ir::SDFG& sdfg, PrintOptions options = {});
// One state or block alone, for messages and remarks.
std::string print(const ir::ControlFlowBlock& block, PrintOptions options = {});
std::string to_string(const ir::MemletFields& memlet);  // "A[i, 0:N] -> [0:N] wcr sum"; "" for one that only orders

// parse(print(g)) is g again: same structure, fields and order. Says nothing about validity (ir/verify.h).
base::Result<ir::Ref<ir::SDFG>> parse(std::string_view text);

}  // namespace thalweg::text
