// States: the builder functions for dataflow, with the names of the field (add_read, add_mapped_tasklet ...).
#include "python/graph_fields.h"
#include "text/text.h"

namespace thalweg::python {

namespace {

using ir::Edge;
using ir::Memlet;
using ir::Node;
using ir::State;

std::string connector_name(nb::handle from) { return from.is_none() ? std::string() : nb::cast<std::string>(from); }

void check_here(const State& state, const Node& node) {
  if (node.state() != &state) raise_value_error("node '" + node.label() + "' is not in state '" + state.label() + "'");
}

ir::SDFG* graph_of(const State& state) { return state.sdfg(); }

// A memlet that names an array alone means all of it.
ir::MemletFields completed(const State& state, ir::MemletFields fields) {
  ir::Container* container = graph_of(state) ? graph_of(state)->find(fields.data) : nullptr;
  if (container && fields.subset.rank() == 0 && container->rank() > 0) {
    fields.subset = symbolic::Subset::whole(container->get().shape);
    fields.volume = fields.subset.num_elements();
  }
  return fields;
}

// The memlet itself, so that edits through the user's handle are seen; a copy when another edge has it already.
ir::Ref<Memlet> memlet_for(const State& state, ir::Ref<Memlet> memlet) {
  if (!memlet) return ir::make_ref<Memlet>(ir::no_memlet());
  if (memlet->owner()) return ir::make_ref<Memlet>(memlet->get());
  ir::MemletFields fields = completed(state, memlet->get());
  if (!(fields.subset == memlet->get().subset)) memlet->assign(std::move(fields));
  return memlet;
}

Edge* add_edge(State& state, Node& source, nb::handle source_connector, Node& target, nb::handle target_connector,
               ir::Ref<Memlet> memlet) {
  check_here(state, source);
  check_here(state, target);
  return transaction(state, [&] {
    Edge& edge = state.add_edge(source, connector_name(source_connector), target, connector_name(target_connector),
                                memlet_for(state, std::move(memlet)));
    settle_code(source);
    settle_code(target);
    return &edge;
  });
}

void add_path(State& state, const std::vector<Node*>& path, nb::handle source_connector, nb::handle target_connector,
              ir::Ref<Memlet> memlet) {
  if (path.size() < 2) raise_value_error("a memlet path has two ends at least");
  for (Node* node : path) check_here(state, *node);
  if (path.size() == 2) {
    add_edge(state, *path[0], source_connector, *path[1], target_connector, std::move(memlet));
    return;
  }
  ir::MemletFields fields = memlet ? completed(state, memlet->get()) : ir::no_memlet();
  transaction(state, [&] {
    state.add_memlet_path(path, connector_name(source_connector), connector_name(target_connector), std::move(fields));
    settle_code(*path.front());
    settle_code(*path.back());
  });
}

ir::Tasklet* add_tasklet(State& state, nb::handle name, nb::handle inputs, nb::handle outputs, nb::handle code,
                         const nb::kwargs& keywords) {
  nb::object made = nb::type<ir::Tasklet>()(name, inputs, outputs, code, **keywords);
  auto* tasklet = nb::cast<ir::Tasklet*>(made);
  state.add_node(ir::Ref<Node>(tasklet));
  return tasklet;
}

// {"i": "0:N"}, or {"i, j": ...} written out one by one.
ir::MapFields map_fields(std::string name, nb::handle ranges, const nb::kwargs& keywords, const ir::Element& context) {
  ir::MapFields fields;
  fields.label = std::move(name);
  for (auto [parameter, range] : nb::cast<nb::dict>(ranges)) {
    symbolic::Subset one;
    from_python(range, context, one);
    if (one.rank() != 1) raise_value_error("a map parameter has one range, as in {'i': '0:N'}");
    fields.params.push_back(nb::cast<std::string>(parameter));
    fields.range.ranges.push_back(one.ranges[0]);
  }
  assign_keywords(fields, keywords, context);
  return fields;
}

nb::tuple add_map(State& state, std::string name, nb::handle ranges, const nb::kwargs& keywords) {
  auto [entry, exit] = state.add_map(map_fields(std::move(name), ranges, keywords, state));
  return nb::make_tuple(entry, exit);
}

// One access node for each container: the one that the caller gives, or a new one.
Node* access_for(State& state, nb::handle given, const std::string& data, std::map<std::string, Node*>& made) {
  if (!given.is_none())
    if (auto nodes = nb::cast<nb::dict>(given); nodes.contains(data.c_str())) {
      auto* node = nb::cast<Node*>(nodes[data.c_str()]);
      check_here(state, *node);
      return node;
    }
  Node*& node = made[data];
  if (!node) node = &state.add_access(data);
  return node;
}

nb::tuple add_mapped_tasklet(State& state, std::string name, nb::handle ranges, nb::dict inputs,
                             const std::string& code, nb::dict outputs, bool external_edges, nb::handle input_nodes,
                             nb::handle output_nodes, const nb::kwargs& keywords) {
  auto [entry, exit] = state.add_map(map_fields(name, ranges, keywords, state));
  ir::Tasklet* tasklet = add_tasklet(state, to_python(name), inputs.keys(), outputs.keys(), nb::str(""), nb::kwargs());
  std::map<std::string, Node*> read, written;
  auto fields_of = [](nb::handle memlet) { return nb::cast<const Memlet&>(memlet).get(); };
  for (auto [connector, memlet] : inputs) {
    ir::MemletFields fields = completed(state, fields_of(memlet));
    if (external_edges) {
      Node* source = access_for(state, input_nodes, fields.data, read);
      state.add_memlet_path({source, entry, tasklet}, "", connector_name(connector), std::move(fields));
    } else {
      state.add_edge(*entry, "", *tasklet, connector_name(connector), std::move(fields));
    }
  }
  for (auto [connector, memlet] : outputs) {
    ir::MemletFields fields = completed(state, fields_of(memlet));
    if (external_edges) {
      Node* target = access_for(state, output_nodes, fields.data, written);
      state.add_memlet_path({tasklet, exit, target}, connector_name(connector), "", std::move(fields));
    } else {
      state.add_edge(*tasklet, connector_name(connector), *exit, "", std::move(fields));
    }
  }
  if (inputs.size() == 0) state.add_order(*entry, *tasklet);
  if (outputs.size() == 0) state.add_order(*tasklet, *exit);
  set_code(*tasklet, code);
  return nb::make_tuple(tasklet, entry, exit);
}

ir::NestedSDFG* add_nested(State& state, ir::Ref<ir::SDFG> sdfg, nb::handle inputs, nb::handle outputs,
                           nb::handle symbol_mapping, std::optional<std::string> name) {
  if (sdfg->owner()) raise_value_error("graph '" + sdfg->get().name + "' is nested in a state already");
  symbolic::Substitution mapping;
  if (symbol_mapping.is_none())
    for (const auto& [symbol, dtype] : sdfg->get().symbols) mapping[symbol] = symbolic::Expr::symbol(symbol);
  else
    for (auto [symbol, value] : nb::cast<nb::dict>(symbol_mapping))
      from_python(value, state, mapping[nb::cast<std::string>(symbol)]);
  auto names = [](nb::handle from) {
    std::vector<std::string> out;
    for (nb::handle item : from) out.push_back(nb::cast<std::string>(item));
    if (PyAnySet_Check(from.ptr())) std::sort(out.begin(), out.end());
    return out;
  };
  ir::NestedSDFG& node = state.add_nested_sdfg(std::move(sdfg), names(inputs), names(outputs), std::move(mapping));
  if (name) node.set<&ir::NestedSDFGFields::label>(*name);
  return &node;
}

void remove_node(State& state, Node& node) {
  check_here(state, node);
  state.remove_node(node);
}

Node* add_node(State& state, ir::Ref<Node> node) {
  if (node->state() && !(node->in_edges().empty() && node->out_edges().empty()))
    raise_value_error("node '" + node->label() + "' is moved without its edges: remove them first");
  Node* added = &state.add_node(node);
  settle_code(*added);
  return added;
}

void remove_edge(State& state, Edge& edge) {
  if (edge.owner() != &state) raise_value_error("the edge is not in state '" + state.label() + "'");
  state.remove_edge(edge);
}

}  // namespace

void bind_state(nb::module_& module) {
  nb::class_<State, ir::ControlFlowBlock> state(module, "SDFGState");
  state.def(nb::init<std::string>(), nb::arg("label") = "state")
      .def("nodes", [](const State& self) { return list_of(self.nodes()); })
      .def("edges", [](const State& self) { return list_of(self.edges()); })
      .def("topological_order", [](const State& self) { return list_of(self.topological_order()); })
      .def("in_edges", [](const State&, const Node& node) { return list_of(node.in_edges()); })
      .def("out_edges", [](const State&, const Node& node) { return list_of(node.out_edges()); })
      .def("in_degree", [](const State&, const Node& node) { return node.in_edges().size(); })
      .def("out_degree", [](const State&, const Node& node) { return node.out_edges().size(); })
      .def("entry_node", [](const State&, ir::MapExit& exit) { return exit.entry(); })
      .def("exit_node", [](const State&, ir::MapEntry& entry) { return entry.exit(); })
      .def("__str__", [](const State& self) { return text::print(self); });
  state.def("add_node", &add_node, nb::arg("node"), "Takes in a free node, or moves one without edges here.")
      .def("remove_node", &remove_node, nb::arg("node"), "The node is free afterwards; its edges are gone.")
      .def("add_edge", &add_edge, nb::arg("src"), nb::arg("src_conn").none(), nb::arg("dst"),
           nb::arg("dst_conn").none(), nb::arg("memlet").none())
      .def(
          "add_nedge",
          [](State& self, Node& source, Node& target, ir::Ref<Memlet> memlet) {
            return add_edge(self, source, nb::none(), target, nb::none(), std::move(memlet));
          },
          nb::arg("src"), nb::arg("dst"), nb::arg("memlet") = nb::none())
      .def("remove_edge", &remove_edge, nb::arg("edge"))
      .def(
          "add_memlet_path",
          [](State& self, nb::args nodes, ir::Ref<Memlet> memlet, nb::handle source, nb::handle target) {
            add_path(self, nb::cast<std::vector<Node*>>(nodes), source, target, std::move(memlet));
          },
          nb::arg("nodes"), nb::arg("memlet"), nb::arg("src_conn") = nb::none(), nb::arg("dst_conn") = nb::none(),
          "Edges along map entries and exits; the memlet is the innermost one, the outer ones follow from it.");
  for (const char* name : {"add_access", "add_read", "add_write"})
    state.def(name, [](State& self, std::string data) { return &self.add_access(std::move(data)); }, nb::arg("data"));
  state
      .def("add_tasklet", &add_tasklet, nb::arg("name"), nb::arg("inputs"), nb::arg("outputs"), nb::arg("code"),
           nb::arg("fields"))
      .def("add_map", &add_map, nb::arg("name"), nb::arg("ndrange"), nb::arg("fields"),
           "Returns entry and exit. ndrange is {'i': '0:N', ...}.")
      .def(
          "add_mapped_tasklet",
          [](State& self, std::string name, nb::handle ranges, nb::dict inputs, const std::string& code,
             nb::dict outputs, bool external, nb::handle input_nodes, nb::handle output_nodes,
             const nb::kwargs& keywords) {
            return transaction(self, [&] {
              return add_mapped_tasklet(self, std::move(name), ranges, inputs, code, outputs, external, input_nodes,
                                        output_nodes, keywords);
            });
          },
          nb::arg("name"), nb::arg("map_ranges"), nb::arg("inputs"), nb::arg("code"), nb::arg("outputs"),
          nb::arg("external_edges") = false, nb::arg("input_nodes") = nb::none(), nb::arg("output_nodes") = nb::none(),
          nb::arg("fields"), "Returns tasklet, entry and exit.")
      .def("add_nested_sdfg", &add_nested, nb::arg("sdfg"), nb::arg("inputs"), nb::arg("outputs"),
           nb::arg("symbol_mapping") = nb::none(), nb::arg("name") = nb::none());
}

}  // namespace thalweg::python
