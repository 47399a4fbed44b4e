#include "python/graph_values.h"

#include "library/registry.h"
#include "python/text_of.h"
#include "text/pieces.h"

namespace thalweg::python {

namespace {

nb::object text(const std::string& value) { return nb::str(value.c_str(), value.size()); }

constexpr const char* kContainerKinds[] = {"scalar", "array", "stream", "view", "reference", "structure"};
constexpr const char* kLifetimes[] = {"scope", "state", "sdfg", "global", "persistent", "external"};

template <class Enum, size_t N>
Enum find_word(nb::handle from, const char* const (&words)[N], const char* what) {
  std::string word = text_of(from), all;
  for (size_t i = 0; i < N; ++i) {
    if (word == words[i]) return static_cast<Enum>(i);
    all += (i ? ", " : "") + std::string(words[i]);
  }
  raise_value_error(std::string("no ") + what + " is called '" + word + "'; there are " + all);
}

template <class Kind>
Kind find_kind(nb::handle from, std::optional<Kind> (*find)(std::string_view), const char* what) {
  std::string name = from.is_none() ? "Default" : text_of(from);
  if (auto found = find(name)) return *found;
  raise_value_error(std::string("no ") + what + " is called '" + name + "'");
}

}  // namespace

nb::object to_python(bool value) { return nb::bool_(value); }
nb::object to_python(int value) { return nb::int_(value); }
nb::object to_python(const std::string& value) { return text(value); }
nb::object to_python(const symbolic::Expr& value) { return text(symbolic::to_string(value)); }
nb::object to_python(const symbolic::Subset& value) { return text(text::spell(value)); }
nb::object to_python(const ir::code::Ptr& value) { return value ? text(ir::code::to_string(*value)) : nb::none(); }
nb::object to_python(const ir::code::Block& value) { return text(ir::code::to_string(value)); }
nb::object to_python(ir::DType value) { return text(value.name()); }
nb::object to_python(ir::Schedule value) { return text(value.name()); }
nb::object to_python(ir::Storage value) { return text(value.name()); }
nb::object to_python(ir::Language value) { return text(value.name()); }
nb::object to_python(ir::ContainerKind value) { return text(kContainerKinds[static_cast<size_t>(value)]); }
nb::object to_python(ir::Lifetime value) { return text(kLifetimes[static_cast<size_t>(value)]); }
nb::object to_python(ir::Wcr value) { return value == ir::Wcr::none ? nb::none() : text(ir::to_string(value)); }

nb::object to_python(const ir::Attribute& attribute) {
  return base::match(
      attribute, [](bool value) -> nb::object { return nb::bool_(value); },
      [](int64_t value) -> nb::object { return nb::int_(value); },
      [](double value) -> nb::object { return nb::float_(value); },
      [](const std::string& value) { return text(value); },
      [](const std::vector<int64_t>& value) -> nb::object { return nb::cast(value); },
      [](const std::vector<std::string>& value) -> nb::object { return nb::cast(value); },
      [](const symbolic::Expr& value) { return to_python(value); }, [](ir::DType value) { return to_python(value); },
      [](ir::Wcr value) { return to_python(value); });
}

nb::object to_python(const ir::ReturnValue& value) {
  switch (value.kind) {
    case ir::ReturnValue::Kind::none: return nb::none();
    case ir::ReturnValue::Kind::container: return text(value.container);
    case ir::ReturnValue::Kind::view: return text(value.container + "[" + text::spell(value.subset) + "]");
    case ir::ReturnValue::Kind::symbol: return to_python(value.expr);
  }
  return nb::none();
}

void from_python(nb::handle from, const ir::Element&, bool& into) { into = nb::cast<bool>(from); }
void from_python(nb::handle from, const ir::Element&, int& into) { into = nb::cast<int>(from); }
void from_python(nb::handle from, const ir::Element&, std::string& into) { into = text_of(from); }

void from_python(nb::handle from, const ir::Element&, symbolic::Expr& into) {
  std::string text = text_of(from);
  into = value_or_raise(symbolic::parse(text), text);
}

// "i, 0:N"; extents are taken as given: the builder promises that no range ends before it begins.
void from_python(nb::handle from, const ir::Element&, symbolic::Subset& into) {
  std::string text = text_of(from);
  text::Source source(text);
  into = text.empty() ? symbolic::Subset() : value_or_raise(text::parse_subset(source, text), text);
}

void from_python(nb::handle from, const ir::Element& context, ir::code::Ptr& into) {
  into = nullptr;
  if (from.is_none()) return;
  const ir::SDFG* around = nullptr;
  for (const ir::Element* element = &context; element && !around; element = element->owner())
    around = dynamic_cast<const ir::SDFG*>(element);
  std::string text = text_of(from);
  auto types = around ? text::container_types(*around) : ir::code::NameTypes();
  into = value_or_raise(ir::code::parse_expression(text, types), text);
}

void from_python(nb::handle from, const ir::Element& context, ir::code::Block& into) {
  std::string text = text_of(from);
  auto* node = dynamic_cast<const ir::Node*>(&context);
  auto types = node ? connector_types(*node).names : ir::code::NameTypes();
  into = value_or_raise(ir::code::parse_block(text, types), text);
}

// A name, thalweg.float64, numpy.float64 or a numpy.dtype.
void from_python(nb::handle from, const ir::Element&, ir::DType& into) {
  std::string name;
  if (nb::isinstance<nb::str>(from))
    name = text_of(from);
  else if (nb::hasattr(from, "__name__"))
    name = text_of(from.attr("__name__"));
  else if (nb::hasattr(from, "name"))
    name = text_of(from.attr("name"));
  else
    name = text_of(from);
  auto found = ir::find_dtype(name);
  if (!found) raise_value_error("no element type is called '" + name + "'");
  into = *found;
}

void from_python(nb::handle from, const ir::Element&, ir::Schedule& into) {
  into = find_kind(from, ir::find_schedule, "schedule");
}
void from_python(nb::handle from, const ir::Element&, ir::Storage& into) {
  into = find_kind(from, ir::find_storage, "storage");
}
void from_python(nb::handle from, const ir::Element&, ir::Language& into) {
  into = find_kind(from, ir::find_language, "language");
}
void from_python(nb::handle from, const ir::Element&, ir::ContainerKind& into) {
  into = find_word<ir::ContainerKind>(from, kContainerKinds, "kind of container");
}
void from_python(nb::handle from, const ir::Element&, ir::Lifetime& into) {
  into = find_word<ir::Lifetime>(from, kLifetimes, "lifetime");
}

void from_python(nb::handle from, const ir::Element&, ir::Wcr& into) {
  into = ir::Wcr::none;
  if (from.is_none()) return;
  std::string word = text_of(from);
  auto found = ir::find_wcr(word);
  if (!found)
    raise_value_error("no write-conflict resolution is called '" + word + "'; write sum, product, min, max ...");
  into = *found;
}

// The alternative that fits the Python value, or the one that the attribute had before.
void from_python(nb::handle from, const ir::Element& context, ir::Attribute& into) {
  if (nb::isinstance<nb::bool_>(from)) {
    into = nb::cast<bool>(from);
  } else if (nb::isinstance<nb::int_>(from)) {
    into = nb::cast<int64_t>(from);
  } else if (nb::isinstance<nb::float_>(from)) {
    into = nb::cast<double>(from);
  } else if (nb::isinstance<nb::list>(from) || nb::isinstance<nb::tuple>(from)) {
    if (nb::len(from) > 0 && nb::isinstance<nb::str>(from[0]))
      into = nb::cast<std::vector<std::string>>(from);
    else
      into = nb::cast<std::vector<int64_t>>(from);
  } else if (nb::isinstance<nb::str>(from)) {
    into = text_of(from);
  } else {
    from_python(from, context, into.emplace<ir::DType>());
  }
}

// None, the name of a container, or an integer expression.
void from_python(nb::handle from, const ir::Element& context, ir::ReturnValue& into) {
  into = {};
  if (from.is_none()) return;
  auto* sdfg = dynamic_cast<const ir::SDFG*>(&context);
  std::string name = text_of(from);
  if (sdfg && sdfg->find(name)) {
    into.kind = ir::ReturnValue::Kind::container;
    into.container = name;
  } else {
    into.kind = ir::ReturnValue::Kind::symbol;
    from_python(from, context, into.expr);
  }
}

ConnectorTypes connector_types(const ir::Node& node) {
  ConnectorTypes types;
  ir::SDFG* sdfg = node.state() ? node.state()->sdfg() : nullptr;
  auto add = [&](const ir::Connector& connector, ir::Edge* edge, std::map<std::string, ir::DType>& into) {
    ir::Container* behind = edge && sdfg ? sdfg->find(edge->memlet()->data) : nullptr;
    if (connector.dtype)
      into[connector.name] = *connector.dtype;
    else if (behind)
      into[connector.name] = behind->get().dtype;
    else
      types.complete = false;
  };
  for (const auto& connector : node.in_connectors()) add(connector, node.in_edge(connector.name), types.names.inputs);
  for (const auto& connector : node.out_connectors())
    add(connector, node.out_edge(connector.name), types.names.outputs);
  return types;
}

void set_code(ir::Tasklet& tasklet, const std::string& text) {
  using Fields = ir::TaskletFields;
  ConnectorTypes types = connector_types(tasklet);
  if (tasklet->language.row().opaque || !types.complete) {
    tasklet.set<&Fields::text>(text);
    tasklet.set<&Fields::code>(ir::code::Block());
    return;
  }
  tasklet.set<&Fields::code>(value_or_raise(ir::code::parse_block(text, types.names), text));
  if (!tasklet->text.empty()) tasklet.set<&Fields::text>(std::string());
}

void settle_code(ir::Node& node) {
  auto* tasklet = ir::as<ir::Tasklet>(&node);
  if (!tasklet || tasklet->get().text.empty() || tasklet->get().language.row().opaque) return;
  if (connector_types(node).complete) set_code(*tasklet, std::string(tasklet->get().text));
}

}  // namespace thalweg::python
