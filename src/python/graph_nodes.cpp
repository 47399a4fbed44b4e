// Nodes, edges, memlets and containers as Python classes. Nodes and memlets can be built free and added later.
#include "library/registry.h"
#include "python/graph_fields.h"
#include "text/pieces.h"
#include "text/text.h"

namespace thalweg::python {

namespace {

// A connector list as Python gives it: names, or {name: type} with None for a type that follows from the memlet.
std::vector<ir::Connector> connectors(nb::handle from, const ir::Element& context) {
  std::vector<ir::Connector> out;
  if (from.is_none()) return out;
  if (nb::isinstance<nb::dict>(from)) {
    for (auto [name, type] : nb::cast<nb::dict>(from)) {
      out.push_back({nb::cast<std::string>(name), std::nullopt});
      from_python(type, context, out.back().dtype);
    }
    return out;
  }
  std::vector<std::string> names;
  for (nb::handle name : from) names.push_back(nb::cast<std::string>(name));
  if (PyAnySet_Check(from.ptr())) std::sort(names.begin(), names.end());  // sets of text have no order of their own
  for (std::string& name : names) out.push_back({std::move(name), std::nullopt});
  return out;
}

nb::dict describe(const std::vector<ir::Connector>& list) {
  nb::dict out;
  for (const auto& connector : list) out[connector.name.c_str()] = to_python(connector.dtype);
  return out;
}

void connect(ir::Node& node, nb::handle inputs, nb::handle outputs) {
  for (auto& connector : connectors(inputs, node)) node.add_in_connector(std::move(connector));
  for (auto& connector : connectors(outputs, node)) node.add_out_connector(std::move(connector));
}

// "A[i, 0:N]", "A[0:N] -> [5:N + 5]", or "A" for all of it (the subset is filled in where the container is known).
ir::MemletFields parse_memlet(const std::string& text) {
  ir::MemletFields fields;
  const size_t arrow = text.find("->");
  auto split = [](std::string part) {
    auto strip = [](std::string s) {
      const size_t first = s.find_first_not_of(' '), last = s.find_last_not_of(' ');
      return first == std::string::npos ? std::string() : s.substr(first, last - first + 1);
    };
    part = strip(part);
    const size_t open = part.find('[');
    if (open == std::string::npos) return std::pair(part, std::string());
    if (part.back() != ']') raise_value_error("a memlet is written as A[subset], found '" + part + "'");
    return std::pair(strip(part.substr(0, open)), part.substr(open + 1, part.size() - open - 2));
  };
  auto subset = [](const std::string& inside) {
    text::Source source(inside);
    return inside.empty() ? symbolic::Subset() : value_or_raise(text::parse_subset(source, inside), inside);
  };
  auto [data, inside] = split(text.substr(0, arrow));
  fields = data.empty() ? ir::no_memlet() : ir::memlet(data, subset(inside));
  if (arrow != std::string::npos) fields.other_subset = subset(split(text.substr(arrow + 2)).second);
  return fields;
}

void make_memlet(ir::Memlet* self, std::optional<std::string> text, const nb::kwargs& keywords) {
  ir::MemletFields fields = text ? parse_memlet(*text) : ir::no_memlet();
  ir::Memlet nowhere;
  assign_keywords(fields, keywords, nowhere);
  if (keywords.contains("subset") && !keywords.contains("volume")) fields.volume = fields.subset.num_elements();
  new (self) ir::Memlet(std::move(fields));
}

std::string memlet_text(const ir::Memlet& memlet) { return text::to_string(memlet.get()); }

// Attributes take the types of the operation's row: text becomes an expression, a type or a resolution there.
void type_attributes(ir::LibraryNodeFields& fields) {
  const library::Operation* operation = library::find(fields.operation);
  if (!operation) raise_value_error("no library operation is called '" + fields.operation + "'");
  ir::Memlet nowhere;
  for (const auto& row : operation->attributes) {
    auto at = fields.attributes.find(row.name);
    if (at == fields.attributes.end()) continue;
    nb::object value = to_python(at->second);
    if (row.type == library::AttributeType::wcr) from_python(value, nowhere, at->second.emplace<ir::Wcr>());
    if (row.type == library::AttributeType::dtype) from_python(value, nowhere, at->second.emplace<ir::DType>());
    if (row.type == library::AttributeType::expression)
      from_python(value, nowhere, at->second.emplace<symbolic::Expr>());
  }
}

nb::list locations(const ir::Element& element) {
  nb::list out;
  for (const auto& span : element.location()) out.append(base::describe(span));
  return out;
}

void bind_elements(nb::module_& module) {
  nb::class_<ir::Element, base::Counted>(module, "Element", nb::dynamic_attr(), nb::is_weak_referenceable(),
                                         "Part of a graph: one Python object for as long as the element lives.")
      .def_prop_ro(
          "owner", [](const ir::Element& element) { return element.owner(); },
          "What holds this element; None while it is free.")
      .def_prop_ro("birth", &ir::Element::birth, "A number for life, given by the first graph it enters; 0 before.")
      .def_prop_ro("location", &locations, "Places in the user's source.");

  nb::class_<ir::Node, ir::Element>(module, "Node")
      .def_prop_ro("state", &ir::Node::state)
      .def_prop_ro("label", &ir::Node::label)
      .def_prop_ro("in_connectors", [](const ir::Node& node) { return describe(node.in_connectors()); })
      .def_prop_ro("out_connectors", [](const ir::Node& node) { return describe(node.out_connectors()); })
      .def(
          "add_in_connector",
          [](ir::Node& node, std::string name, nb::handle dtype) {
            ir::Connector connector{std::move(name), std::nullopt};
            from_python(dtype, node, connector.dtype);
            node.add_in_connector(std::move(connector));
          },
          nb::arg("name"), nb::arg("dtype") = nb::none())
      .def(
          "add_out_connector",
          [](ir::Node& node, std::string name, nb::handle dtype) {
            ir::Connector connector{std::move(name), std::nullopt};
            from_python(dtype, node, connector.dtype);
            node.add_out_connector(std::move(connector));
          },
          nb::arg("name"), nb::arg("dtype") = nb::none())
      .def("remove_in_connector", &ir::Node::remove_in_connector)
      .def("remove_out_connector", &ir::Node::remove_out_connector)
      .def("in_edges", [](const ir::Node& node) { return list_of(node.in_edges()); })
      .def("out_edges", [](const ir::Node& node) { return list_of(node.out_edges()); })
      .def("__str__", &ir::Node::label)
      .def("__repr__", [](nb::handle self) {
        return "<" + nb::cast<std::string>(self.type().attr("__name__")) + " " +
               nb::cast<const ir::Node&>(self).label() + ">";
      });
}

void bind_leaf_nodes(nb::module_& module) {
  nb::class_<ir::AccessNode, ir::Node> access(module, "AccessNode");
  access.def(
      "__init__",
      [](ir::AccessNode* self, std::string data) { new (self) ir::AccessNode(ir::AccessNodeFields{std::move(data)}); },
      nb::arg("data"));
  def_fields<ir::AccessNode>(access);

  nb::class_<ir::Tasklet, ir::Node> tasklet(module, "Tasklet");
  tasklet.def(
      "__init__",
      [](ir::Tasklet* self, std::string label, nb::handle inputs, nb::handle outputs, const std::string& code,
         const nb::kwargs& keywords) {
        ir::TaskletFields fields;
        fields.label = std::move(label);
        ir::Memlet nowhere;
        assign_keywords(fields, keywords, nowhere);
        new (self) ir::Tasklet(std::move(fields));
        connect(*self, inputs, outputs);
        set_code(*self, code);
      },
      nb::arg("label"), nb::arg("inputs") = nb::none(), nb::arg("outputs") = nb::none(), nb::arg("code") = "",
      nb::arg("fields"));
  def_fields<ir::Tasklet>(tasklet, {"code", "text"});
  tasklet.def_prop_rw(
      "code",
      [](const ir::Tasklet& self) { return self->text.empty() ? to_python(self->code) : to_python(self->text); },
      [](ir::Tasklet& self, const std::string& text) { set_code(self, text); },
      "Text of the code. It is parsed once every connector has a type, of its own or from its memlet.");

  nb::class_<ir::LibraryNode, ir::Node> library(module, "LibraryNode");
  library.def(
      "__init__",
      [](ir::LibraryNode* self, std::string operation, nb::handle inputs, nb::handle outputs,
         const nb::kwargs& attributes) {
        ir::LibraryNodeFields fields;
        fields.operation = std::move(operation);
        ir::Memlet nowhere;
        from_python(attributes, nowhere, fields.attributes);
        type_attributes(fields);
        new (self) ir::LibraryNode(std::move(fields));
        connect(*self, inputs, outputs);
      },
      nb::arg("operation"), nb::arg("inputs"), nb::arg("outputs"), nb::arg("attributes"));
  def_fields<ir::LibraryNode>(library, {"label", "attributes"});
  library.def_prop_rw(
      "attributes", [](const ir::LibraryNode& self) { return to_python(self->attributes); },
      [](ir::LibraryNode& self, nb::handle from) {
        ir::LibraryNodeFields fields = self.get();
        from_python(from, self, fields.attributes);
        type_attributes(fields);
        self.set<&ir::LibraryNodeFields::attributes>(std::move(fields.attributes));
      });
}

void bind_scope_nodes(nb::module_& module) {
  nb::class_<ir::Map, ir::Element> map(module, "Map");
  def_fields<ir::Map>(map);
  nb::class_<ir::MapEntry, ir::Node>(module, "MapEntry")
      .def_prop_ro("map", [](ir::MapEntry& entry) { return &entry.scope(); })
      .def_prop_ro("exit", &ir::MapEntry::exit);
  nb::class_<ir::MapExit, ir::Node>(module, "MapExit")
      .def_prop_ro("map", [](ir::MapExit& exit) { return &exit.scope(); })
      .def_prop_ro("entry", &ir::MapExit::entry);
  nb::class_<ir::Consume, ir::Element> consume(module, "Consume");
  def_fields<ir::Consume>(consume);
  nb::class_<ir::ConsumeEntry, ir::Node>(module, "ConsumeEntry").def_prop_ro("consume", [](ir::ConsumeEntry& entry) {
    return &entry.scope();
  });
  nb::class_<ir::ConsumeExit, ir::Node>(module, "ConsumeExit").def_prop_ro("consume", [](ir::ConsumeExit& exit) {
    return &exit.scope();
  });
}

}  // namespace

void bind_nodes(nb::module_& module) {
  bind_elements(module);
  bind_leaf_nodes(module);
  bind_scope_nodes(module);

  nb::class_<ir::NestedSDFG, ir::Node> nested(module, "NestedSDFG");
  def_fields<ir::NestedSDFG>(nested, {"label"});
  nested.def_prop_ro("sdfg", [](ir::NestedSDFG& node) { return &node.sdfg(); });

  nb::class_<ir::Memlet, ir::Element> memlet(module, "Memlet");
  memlet.def("__init__", &make_memlet, nb::arg("text") = nb::none(), nb::arg("fields"),
             "Memlet('A[i, 0:N]'), Memlet(data='A', subset='i, 0:N', wcr='sum'), or Memlet() for order alone.");
  def_fields<ir::Memlet>(memlet);
  memlet.def("is_empty", &ir::Memlet::is_empty)
      .def("__str__", &memlet_text)
      .def("__repr__", [](const ir::Memlet& self) { return "Memlet('" + memlet_text(self) + "')"; });

  auto connector = [](const std::string& name) -> nb::object { return name.empty() ? nb::none() : to_python(name); };
  nb::class_<ir::Edge, ir::Element>(module, "Edge")
      .def_prop_ro("src", [](const ir::Edge& edge) { return &edge.source(); })
      .def_prop_ro("dst", [](const ir::Edge& edge) { return &edge.target(); })
      .def_prop_ro("src_conn", [connector](const ir::Edge& edge) { return connector(edge.source_connector()); })
      .def_prop_ro("dst_conn", [connector](const ir::Edge& edge) { return connector(edge.target_connector()); })
      .def_prop_ro("data", [](const ir::Edge& edge) { return &edge.memlet(); })
      .def_prop_ro("memlet", [](const ir::Edge& edge) { return &edge.memlet(); });

  nb::class_<ir::Container, ir::Element> container(module, "Data");
  def_fields<ir::Container>(container);
}

}  // namespace thalweg::python
