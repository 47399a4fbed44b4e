// Field values between C++ and Python: names, flags and numbers as Python's own; subsets, expressions and code as text;
// types, storages and schedules by name. `context` is the element that the field belongs to: code finds the types of
// its names there.
#pragma once
#include <map>

#include "python/graph.h"

namespace thalweg::python {

nb::object to_python(bool value);
nb::object to_python(int value);
nb::object to_python(const std::string& value);
nb::object to_python(const symbolic::Expr& value);
nb::object to_python(const symbolic::Subset& value);
nb::object to_python(const ir::code::Ptr& value);
nb::object to_python(const ir::code::Block& value);
nb::object to_python(ir::DType value);
nb::object to_python(ir::Schedule value);
nb::object to_python(ir::Storage value);
nb::object to_python(ir::Language value);
nb::object to_python(ir::ContainerKind value);
nb::object to_python(ir::Lifetime value);
nb::object to_python(ir::Wcr value);
nb::object to_python(const ir::Attribute& value);
nb::object to_python(const ir::ReturnValue& value);

void from_python(nb::handle from, const ir::Element& context, bool& into);
void from_python(nb::handle from, const ir::Element& context, int& into);
void from_python(nb::handle from, const ir::Element& context, std::string& into);
void from_python(nb::handle from, const ir::Element& context, symbolic::Expr& into);
void from_python(nb::handle from, const ir::Element& context, symbolic::Subset& into);
void from_python(nb::handle from, const ir::Element& context, ir::code::Ptr& into);
void from_python(nb::handle from, const ir::Element& context, ir::code::Block& into);
void from_python(nb::handle from, const ir::Element& context, ir::DType& into);
void from_python(nb::handle from, const ir::Element& context, ir::Schedule& into);
void from_python(nb::handle from, const ir::Element& context, ir::Storage& into);
void from_python(nb::handle from, const ir::Element& context, ir::Language& into);
void from_python(nb::handle from, const ir::Element& context, ir::ContainerKind& into);
void from_python(nb::handle from, const ir::Element& context, ir::Lifetime& into);
void from_python(nb::handle from, const ir::Element& context, ir::Wcr& into);
void from_python(nb::handle from, const ir::Element& context, ir::Attribute& into);
void from_python(nb::handle from, const ir::Element& context, ir::ReturnValue& into);

// The names that a tasklet's code may use, with their types: connectors, typed by themselves or by their memlets.
// `complete` says whether every connector has a type.
struct ConnectorTypes {
  ir::code::NameTypes names;
  bool complete = true;
};
ConnectorTypes connector_types(const ir::Node& node);
// Text of a tasklet that was given before its memlets were: parsed as soon as all connectors have a type.
void settle_code(ir::Node& node);
void set_code(ir::Tasklet& tasklet, const std::string& text);

template <class T>
nb::object to_python(const std::optional<T>& value) {
  return value ? to_python(*value) : nb::none();
}
template <class T>
nb::object to_python(const std::vector<T>& values) {
  nb::list out;
  for (const T& value : values) out.append(to_python(value));
  return out;
}
template <class A, class B>
nb::object to_python(const std::pair<A, B>& value) {
  return nb::make_tuple(to_python(value.first), to_python(value.second));
}
template <class T>
nb::object to_python(const std::map<std::string, T>& values) {
  nb::dict out;
  for (const auto& [key, value] : values) out[nb::str(key.c_str())] = to_python(value);
  return out;
}
// InterstateEdge::assignments: a dictionary in Python, in order.
inline nb::object to_python(const std::vector<std::pair<std::string, ir::code::Ptr>>& values) {
  nb::dict out;
  for (const auto& [key, value] : values) out[nb::str(key.c_str())] = to_python(value);
  return out;
}

template <class T>
void from_python(nb::handle from, const ir::Element& context, std::optional<T>& into) {
  if (from.is_none()) {
    into.reset();
  } else {
    into.emplace();
    from_python(from, context, *into);
  }
}
template <class T>
void from_python(nb::handle from, const ir::Element& context, std::map<std::string, T>& into) {
  into.clear();
  for (auto [key, value] : nb::cast<nb::dict>(from)) from_python(value, context, into[nb::cast<std::string>(key)]);
}
inline void from_python(nb::handle from, const ir::Element& context,
                        std::vector<std::pair<std::string, ir::code::Ptr>>& into) {
  into.clear();
  for (auto [key, value] : nb::cast<nb::dict>(from)) {
    into.emplace_back(nb::cast<std::string>(key), nullptr);
    from_python(value, context, into.back().second);
  }
}
// A single value stands for a list of one: shape=10.
template <class T>
void from_python(nb::handle from, const ir::Element& context, std::vector<T>& into) {
  into.clear();
  auto one = [&](nb::handle item) {
    into.emplace_back();
    from_python(item, context, into.back());
  };
  if (nb::isinstance<nb::list>(from) || nb::isinstance<nb::tuple>(from))
    for (nb::handle item : from) one(item);
  else
    one(from);
}

}  // namespace thalweg::python
