// Nested graphs are inlined: inner containers are index maps into the outer ones, inner symbols are expressions.
#include <algorithm>

#include "lower/lowering.h"

namespace thalweg::lower {

Status Lowering::lower_nested(Graph& graph, ir::NestedSDFG& node) {
  Graph inner;
  inner.sdfg = &node.sdfg();
  inner.outer = &graph;
  collect_assigned(*inner.sdfg, inner.assigned);
  for (const auto& [name, value] : node->symbol_mapping) inner.symbols[name] = in(graph, value);
  // Symbols that the inner graph assigns are variables of their own.
  for (const std::string& name : inner.assigned) {
    auto known = inner.sdfg->get().symbols.find(name);
    ir::DType dtype = known == inner.sdfg->get().symbols.end() ? ir::dtypes::int64 : known->second;
    std::string variable = new_variable(name, dtype);
    auto mapped = inner.symbols.find(name);
    if (in_map()) add(Declare{variable});
    add(Assign{variable, ir::code::symbol(mapped == inner.symbols.end() ? Expr(0) : mapped->second, dtype), {}});
    inner.symbols[name] = Expr::symbol(variable);
  }
  for (const auto& [name, dtype] : inner.sdfg->get().symbols)
    if (!inner.symbols.contains(name)) {
      // A symbol of the same name around it stands for a missing mapping.
      auto at = graph.symbols.find(name);
      if (at == graph.symbols.end())
        return refuse(node.location(), "the nested graph's symbol '" + name + "' gets no value");
      inner.symbols[name] = at->second;
    }
  inner.local = local_containers(*inner.sdfg);
  for (const auto& container : inner.sdfg->containers()) {
    const auto& fields = container->get();
    if (fields.transient || fields.kind == ir::ContainerKind::reference || fields.kind == ir::ContainerKind::view)
      continue;
    TW_TRY(Binding bound, bind_nested(graph, node, inner, *container));
    inner.bindings[fields.name] = std::move(bound);
  }
  auto loops = std::exchange(loops_, {});
  TW_TRY_VOID(declare_transients(inner));
  Status status = lower_graph(inner);
  loops_ = std::move(loops);
  return status;
}

// The inner container over the subset behind its connector; its dimensions are those of the subset, sizes of 1 apart.
Result<Binding> Lowering::bind_nested(Graph& graph, ir::NestedSDFG& node, Graph& inner,
                                      const ir::Container& container) {
  const auto& fields = container.get();
  const ir::Edge* edge = node.in_edge(fields.name);
  if (!edge || edge->memlet().is_empty()) edge = node.out_edge(fields.name);
  if (!edge || edge->memlet().is_empty())
    return refuse(node.location(), "the nested graph's container '" + fields.name + "' is connected to nothing");
  const ir::MemletFields& memlet = edge->memlet().get();
  if (const ir::Edge* out = node.out_edge(fields.name); out && out->memlet().get().wcr != ir::Wcr::none)
    return refuse(node.location(),
                  "a write-conflict resolution at the output of a nested graph cannot be compiled yet");
  TW_TRY(const Binding* outer, binding(graph, memlet.data, node.location()));
  if (!(outer->fields->dtype == fields.dtype))
    return refuse(node.location(), "the nested graph's container '" + fields.name + "' has another element type");
  Binding bound{&fields, outer->name, outer->variable, {}};
  if (outer->variable) return bound;
  symbolic::Subset subset = in(graph, memlet.subset);
  // Which dimensions of the outer container the inner ones are.
  std::vector<size_t> wide;
  for (size_t d = 0; d < subset.rank(); ++d)
    if (!subset.ranges[d].size.is(1)) wide.push_back(d);
  std::vector<int> inner_of(subset.rank(), -1);
  size_t rank = fields.shape.size();
  if (subset.rank() == rank) {
    for (size_t d = 0; d < rank; ++d) inner_of[d] = static_cast<int>(d);
  } else if (wide.size() == rank) {
    for (size_t d = 0; d < rank; ++d) inner_of[wide[d]] = static_cast<int>(d);
  } else {
    std::vector<size_t> inner_wide;
    for (size_t d = 0; d < rank; ++d)
      if (!in(inner, fields.shape[d]).is(1)) inner_wide.push_back(d);
    if (inner_wide.size() != wide.size())
      return refuse(node.location(),
                    "the nested graph's container '" + fields.name + "' has another shape than its memlet");
    for (size_t k = 0; k < wide.size(); ++k) inner_of[wide[k]] = static_cast<int>(inner_wide[k]);
  }
  for (const Dim& dim : outer->dims) {
    if (dim.inner < 0) {
      bound.dims.push_back(dim);
      continue;
    }
    const symbolic::Range& range = subset.ranges[dim.inner];
    bound.dims.push_back({dim.begin + range.begin * dim.step, inner_of[dim.inner], range.step * dim.step});
  }
  return bound;
}

}  // namespace thalweg::lower
