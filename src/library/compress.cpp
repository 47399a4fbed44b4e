// Compress: the elements of _in where _mask is true, in row-major order, one after the other into _out.
#include "library/expansion.h"
#include "library/operations.h"

namespace thalweg::library {

namespace {

base::Status check_compress(const ir::LibraryNode& node) {
  TW_TRY(Operand mask, operand(node, "_mask"));
  TW_TRY(Operand in, operand(node, "_in"));
  TW_TRY(Operand out, operand(node, "_out"));
  if (!mask.dtype().is_bool()) return error(node, "_mask must hold booleans");
  if (mask.rank() != in.rank()) return error(node, "_mask must have the rank of _in");
  if (out.rank() == 0) return error(node, "_out must be an array");
  if (in.dtype() != out.dtype()) return error(node, "_out must hold what _in holds");
  return base::success();
}

// count = 0; for every element: if mask: out[count] = in; count = count + 1.
base::Result<ir::Ref<ir::SDFG>> expand_compress(const ir::LibraryNode& node) {
  Expansion expansion(node);
  TW_TRY(Operand mask, expansion.add_port("_mask"));
  TW_TRY(Operand in, expansion.add_port("_in"));
  TW_TRY(Operand out, expansion.add_port("_out"));
  const std::string count = expansion.counter("_count");
  ir::InterstateEdgeFields start;
  start.assignments = {{count, index_of(0)}};
  ir::SDFG& graph = expansion.graph();
  graph.add_symbol(count);
  graph.append_state("start");
  ir::ControlFlowRegion* region = &graph;
  std::vector<Expr> index;
  for (size_t d = 0; d < in.rank(); ++d) {
    index.push_back(Expr::symbol(expansion.counter("_i" + std::to_string(d))));
    region = &add_loop(*region, index.back().name(), in.size(d));
  }
  std::vector<ir::code::Ptr> mask_index;
  for (const Expr& i : index) mask_index.push_back(index_of(i));
  auto holds =
      index.empty() ? ir::code::input("_mask", mask.dtype()) : ir::code::element("_mask", mask.dtype(), mask_index);
  auto& then = add_if(*region, "keep", holds);
  std::vector<Expr> place(out.rank(), 0);
  place.back() = Expr::symbol(count);
  add_assignment(then, "take", {{"x", at("_in", index)}}, at("_out", place), ir::code::input("x", in.dtype()));
  ir::InterstateEdgeFields next;
  next.assignments = {{count, index_of(Expr::symbol(count) + 1)}};
  then.append(base::make_ref<ir::State>("taken"), next);
  if (!graph.edges().empty()) {
    graph.edges().front()->set<&ir::InterstateEdgeFields::assignments>(start.assignments);
  }
  return expansion.finish();
}

}  // namespace

Operation compress_operation() {
  return {"Compress",
          "the elements of _in where _mask is true",
          {{"_mask"}, {"_in"}, {"_out", true}},
          {},
          check_compress,
          expand_compress,
          {"loops"},
          false};
}

}  // namespace thalweg::library
