// The SDFG class: containers and symbols, the edit log with its marks, verifying and text.
#include <algorithm>
#include <set>

#include "ir/verify.h"
#include "python/graph_fields.h"
#include "python/transform_bindings.h"
#include "text/text.h"

namespace thalweg::python {

namespace {

using ir::SDFG;

void add_free_symbols(SDFG& sdfg, const ir::ContainerFields& fields) {
  std::set<std::string> used;
  for (const auto* list : {&fields.shape, &fields.strides})
    for (const auto& extent : *list) symbolic::collect_symbols(extent, used);
  symbolic::collect_symbols(fields.offset, used);
  for (const std::string& name : used)
    if (!sdfg->symbols.count(name)) sdfg.add_symbol(name);
}

ir::Container* add_container(SDFG& sdfg, ir::ContainerFields fields, const nb::kwargs& keywords) {
  assign_keywords(fields, keywords, sdfg);
  if (sdfg.find(fields.name) || sdfg->symbols.count(fields.name))
    raise_value_error("graph '" + sdfg->name + "' has a container or symbol called '" + fields.name + "' already");
  if (!fields.strides.empty() && fields.strides.size() != fields.shape.size())
    raise_value_error("'" + fields.name + "' has " + std::to_string(fields.shape.size()) + " dimensions and " +
                      std::to_string(fields.strides.size()) + " strides");
  add_free_symbols(sdfg, fields);
  if (!fields.transient) {
    auto arguments = sdfg->arguments;
    arguments.push_back(fields.name);
    sdfg.set<&ir::SDFGFields::arguments>(std::move(arguments));
  }
  return &sdfg.add_container(std::move(fields));
}

ir::ContainerFields described(const SDFG& sdfg, std::string name, ir::ContainerKind kind, nb::handle dtype,
                              nb::handle shape) {
  ir::ContainerFields fields;
  fields.name = std::move(name);
  fields.kind = kind;
  from_python(dtype, sdfg, fields.dtype);
  if (shape) from_python(shape, sdfg, fields.shape);
  return fields;
}

void remove_data(SDFG& sdfg, const std::string& name) {
  ir::Container* container = sdfg.find(name);
  if (!container) throw nb::key_error(name.c_str());
  auto arguments = sdfg->arguments;
  if (std::erase(arguments, name)) sdfg.set<&ir::SDFGFields::arguments>(std::move(arguments));
  sdfg.remove_container(*container);
}

nb::dict arrays(const SDFG& sdfg) {
  nb::dict out;
  for (const auto& container : sdfg.containers()) out[container->get().name.c_str()] = nb::cast(container);
  return out;
}

void undo_to(SDFG& sdfg, size_t mark) {
  ir::EditLog& log = *sdfg.log();
  if (mark > log.mark()) raise_value_error("the mark lies behind the last edit");
  log.rollback(mark);
}

// What was written, in order: (kind, field or what, element).
nb::list edits(const SDFG& sdfg) {
  constexpr const char* kinds[] = {"set", "add", "remove"};
  nb::list out;
  for (const ir::Edit& edit : sdfg.log()->edits())
    out.append(nb::make_tuple(kinds[static_cast<size_t>(edit.kind)], edit.field,
                              nb::cast(const_cast<ir::Element*>(edit.subject.get()))));
  return out;
}

void bind_containers(nb::class_<SDFG, ir::ControlFlowRegion>& sdfg) {
  using Kind = ir::ContainerKind;
  sdfg.def_prop_ro("arrays", &arrays, "The containers by name.")
      .def(
          "add_array",
          [](SDFG& self, std::string name, nb::handle shape, nb::handle dtype, const nb::kwargs& keywords) {
            return add_container(self, described(self, std::move(name), Kind::array, dtype, shape), keywords);
          },
          nb::arg("name"), nb::arg("shape"), nb::arg("dtype"), nb::arg("fields"))
      .def(
          "add_transient",
          [](SDFG& self, std::string name, nb::handle shape, nb::handle dtype, const nb::kwargs& keywords) {
            auto fields = described(self, std::move(name), Kind::array, dtype, shape);
            fields.transient = true;
            return add_container(self, std::move(fields), keywords);
          },
          nb::arg("name"), nb::arg("shape"), nb::arg("dtype"), nb::arg("fields"))
      .def(
          "add_scalar",
          [](SDFG& self, std::string name, nb::handle dtype, const nb::kwargs& keywords) {
            return add_container(self, described(self, std::move(name), Kind::scalar, dtype, {}), keywords);
          },
          nb::arg("name"), nb::arg("dtype"), nb::arg("fields"))
      .def(
          "add_stream",
          [](SDFG& self, std::string name, nb::handle dtype, nb::handle buffer_size, const nb::kwargs& keywords) {
            auto fields = described(self, std::move(name), Kind::stream, dtype, {});
            from_python(buffer_size, self, fields.buffer_size);
            fields.transient = true;
            return add_container(self, std::move(fields), keywords);
          },
          nb::arg("name"), nb::arg("dtype"), nb::arg("buffer_size") = 1, nb::arg("fields"))
      .def(
          "add_symbol",
          [](SDFG& self, const std::string& name, nb::handle dtype) {
            ir::DType type;
            from_python(dtype, self, type);
            self.add_symbol(name, type);
            return name;
          },
          nb::arg("name"), nb::arg("dtype") = "int64")
      .def("remove_data", &remove_data, nb::arg("name"));
}

}  // namespace

void bind_sdfg(nb::module_& module) {
  nb::class_<SDFG, ir::ControlFlowRegion> sdfg(module, "SDFG");
  sdfg.def(nb::init<std::string>(), nb::arg("name"));
  bind_containers(sdfg);
  bind_transformations(module, sdfg);
  def_fields<SDFG>(sdfg);
  sdfg.def_prop_ro("parent_node", &SDFG::parent_node)
      .def(
          "mark", [](const SDFG& self) { return self.log()->mark(); }, "A place in the edit log, for undo_to.")
      .def("undo_to", &undo_to, nb::arg("mark"), "Takes back every edit since the mark.")
      .def("edits", &edits, "The edit log: [(kind, what, element), ...]; None stands for the graph itself.")
      .def(
          "verify", [](const SDFG& self) { ok_or_raise(ir::verify(self)); }, "Raises what is wrong with the graph.")
      .def(
          "validate", [](const SDFG& self) { ok_or_raise(ir::verify(self)); }, "The same as verify().")
      .def("is_valid", [](const SDFG& self) { return ir::verify(self).ok(); })
      .def(
          "copy", [](const SDFG& self) { return ir::clone(self); }, "The same structure with new identities.")
      .def_prop_ro("text", [](const SDFG& self) { return text::print(self); })
      .def("__str__", [](const SDFG& self) { return text::print(self); })
      .def_static(
          "from_text", [](const std::string& text) { return value_or_raise(text::parse(text), text); },
          nb::arg("text"));
}

}  // namespace thalweg::python
