// Arrays and small graphs for interpreter tests.
#pragma once
#include <gtest/gtest.h>

#include "interpret/interpret.h"
#include "symbolic/subset.h"

namespace thalweg::interpret::tests {

using ir::DType;
namespace dt = ir::dtypes;

inline symbolic::Expr sym(const std::string& text) {
  auto parsed = symbolic::parse(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return *parsed;
}
inline symbolic::Subset sub(const std::string& text) {
  if (text.empty()) return {};
  auto parsed = symbolic::parse_subset(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return *parsed;
}
inline ir::MemletFields mem(const std::string& data, const std::string& subset) {
  return ir::memlet(data, sub(subset));
}
inline ir::MemletFields with_wcr(ir::MemletFields memlet, ir::Wcr wcr) {
  memlet.wcr = wcr;
  return memlet;
}

// Code text over float64 names a..d and out, x, y unless types are given.
inline ir::code::NameTypes names(DType type = dt::float64) {
  ir::code::NameTypes types;
  for (const char* name : {"a", "b", "c", "d"}) types.inputs[name] = type;
  for (const char* name : {"out", "x", "y"}) types.outputs[name] = type;
  return types;
}
inline ir::code::Block code(const std::string& text, const ir::code::NameTypes& types = names()) {
  auto parsed = ir::code::parse_block(text, types);
  EXPECT_TRUE(parsed.ok()) << text << ": " << (parsed.ok() ? "" : parsed.error().message);
  return parsed.ok() ? *parsed : ir::code::Block{};
}
inline ir::code::Ptr expr(const std::string& text, const ir::code::NameTypes& types = names()) {
  auto parsed = ir::code::parse_expression(text, types);
  EXPECT_TRUE(parsed.ok()) << text << ": " << (parsed.ok() ? "" : parsed.error().message);
  return *parsed;
}

template <class T>
Argument array(std::vector<T>& values, std::vector<int64_t> shape = {}) {
  return {values.data(), std::move(shape), {}};
}

// One state, one map over i (0:range), one tasklet: out[...] = text(a[...], b[...]).
struct Elementwise {
  std::string text, range = "0:N";
  std::vector<std::pair<std::string, ir::MemletFields>> inputs;  // connector -> memlet
  ir::MemletFields output;
  ir::code::NameTypes types = names();
};
inline void add_elementwise(ir::State& state, const Elementwise& e) {
  ir::MapFields map;
  map.label = "m";
  map.params = {"i"};
  map.range = sub(e.range);
  auto [entry, exit] = state.add_map(map);
  std::vector<ir::Connector> inputs;
  for (const auto& [connector, memlet] : e.inputs) inputs.push_back({connector, std::nullopt});
  auto& tasklet = state.add_tasklet("t", inputs, {{"out", std::nullopt}}, code(e.text, e.types));
  for (const auto& [connector, memlet] : e.inputs)
    state.add_memlet_path({&state.add_access(memlet.data), entry, &tasklet}, "", connector, memlet);
  if (e.inputs.empty()) state.add_order(*entry, tasklet);
  state.add_memlet_path({&tasklet, exit, &state.add_access(e.output.data)}, "out", "", e.output);
}

inline base::Diagnostic failure_of(const base::Result<Outcome>& result) {
  EXPECT_FALSE(result.ok());
  return result.ok() ? base::Diagnostic{} : result.error();
}
#define EXPECT_RUNS(result) ASSERT_TRUE((result).ok()) << (result).error().message

}  // namespace thalweg::interpret::tests
