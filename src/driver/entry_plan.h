// What the caller of a compiled entry function must know; kept with the code in the disk cache.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "ir/sdfg.h"

namespace thalweg::driver {

struct RaiseSite {
  base::ErrorKind kind = base::ErrorKind::value;
  std::string message;  // "{0}".. stand for the values
  base::Span span;
};

struct EntryPlan {
  std::vector<std::string> data;       // thw_call.data: names of the containers handed in
  std::vector<std::string> symbols;    // thw_call.symbols: names
  std::vector<RaiseSite> raise_sites;  // by site number
  struct Result {
    enum class Kind : uint8_t { none, fresh, view, scalar } kind = Kind::none;
    std::string container;  // view: whose memory it shares
    ir::DType dtype;
  };
  std::vector<Result> results;  // thw_call.results, in order
  bool returns_tuple = false;
};

std::string to_text(const EntryPlan& plan);
base::Result<EntryPlan> plan_from_text(const std::string& text);

}  // namespace thalweg::driver
