// Described fields (ir/element.h) as Python attributes: read as values, written through the one setter and so into the
// edit log.
#pragma once
#include "python/graph_values.h"

namespace thalweg::python {

template <class Fields, size_t I>
inline constexpr auto kField = std::get<I>(Fields::describe());
template <class Fields>
inline constexpr size_t kFieldCount = std::tuple_size_v<decltype(Fields::describe())>;

template <class T, size_t I, class Class>
void def_field(Class& cls) {
  using Fields = typename T::FieldsType;
  constexpr auto member = kField<Fields, I>.member;
  using Value = std::remove_cvref_t<decltype(std::declval<Fields>().*member)>;
  cls.def_prop_rw(
      std::string(kField<Fields, I>.name).c_str(), [](const T& element) { return to_python(element.get().*member); },
      [](T& element, nb::handle from) {
        Value value{};
        from_python(from, element, value);
        element.template set<member>(std::move(value));
      },
      nb::for_setter(nb::arg("value").none()));
}

// All fields of T but those that the class binds in its own way.
template <class T, class Class>
void def_fields(Class& cls, std::initializer_list<std::string_view> but = {}) {
  using Fields = typename T::FieldsType;
  auto wanted = [&](std::string_view name) { return std::find(but.begin(), but.end(), name) == but.end(); };
  [&]<size_t... I>(std::index_sequence<I...>) {
    ((wanted(kField<Fields, I>.name) ? def_field<T, I>(cls) : void()), ...);
  }(std::make_index_sequence<kFieldCount<Fields>>());
}

// Fields given by keyword.
template <class Fields>
void assign_keywords(Fields& fields, const nb::kwargs& keywords, const ir::Element& context) {
  for (auto [key, from] : keywords) {
    const std::string name = nb::cast<std::string>(key);
    bool found = false;
    ir::for_each_field(fields, [&](std::string_view field, auto& value) {
      if (field != name) return;
      found = true;
      from_python(from, context, value);
    });
    if (!found) throw nb::type_error(("there is no field called '" + name + "'").c_str());
  }
}

}  // namespace thalweg::python
