// What the files that bind graphs share: references as Python objects, errors, and the order of binding.
//
// Every element class counts its references intrusively (base/counted.h), so that an element has at most one Python
// object, which lives as long as the element does.
#pragma once
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "ir/sdfg.h"
#include "python/errors.h"

NAMESPACE_BEGIN(NB_NAMESPACE)
NAMESPACE_BEGIN(detail)

// Ref<T> as argument and result; None is null.
template <class T>
struct type_caster<thalweg::base::Ref<T>> {
  using Caster = make_caster<T>;
  static constexpr bool IsClass = true;
  NB_TYPE_CASTER(thalweg::base::Ref<T>, Caster::Name)

  bool from_python(handle source, uint8_t flags, cleanup_list* cleanup) noexcept {
    if (source.is_none()) {
      value = nullptr;
      return true;
    }
    Caster caster;
    if (!caster.from_python(source, flags, cleanup)) return false;
    value = thalweg::base::Ref<T>(caster.operator T*());
    return true;
  }
  static handle from_cpp(const thalweg::base::Ref<T>& ref, rv_policy policy, cleanup_list* cleanup) noexcept {
    return Caster::from_cpp(ref.get(), policy, cleanup);
  }
};

NAMESPACE_END(detail)
NAMESPACE_END(NB_NAMESPACE)

namespace thalweg::python {

namespace nb = nanobind;

// The value, or the diagnostic raised with the text it points into.
template <class T>
T value_or_raise(base::Result<T> result, const std::string& text = "") {
  if (!result) raise_diagnostic(result.error(), text, 1);
  return std::move(result).value();
}
inline void ok_or_raise(const base::Status& status) {
  if (!status) raise_diagnostic(status.error(), "", 1);
}
[[noreturn]] void raise_value_error(const std::string& message);

// What a function wrote to the graph around `element` is taken back when it raises.
template <class F>
auto transaction(const ir::Element& element, F&& function) {
  ir::EditLog* log = element.log();
  const size_t mark = log ? log->mark() : 0;
  try {
    return function();
  } catch (...) {
    if (log) log->rollback(mark);
    throw;
  }
}

// A list of the elements behind references.
template <class T>
nb::list list_of(const std::vector<base::Ref<T>>& refs) {
  nb::list out;
  for (const auto& ref : refs) out.append(nb::cast(ref));
  return out;
}
template <class T>
nb::list list_of(const std::vector<T*>& pointers) {
  nb::list out;
  for (T* pointer : pointers) out.append(nb::cast(pointer));
  return out;
}

// Base classes come before what derives from them.
void bind_nodes(nb::module_& module);         // graph_nodes.cpp
void bind_control_flow(nb::module_& module);  // graph_control_flow.cpp
void bind_state(nb::module_& module);         // graph_state.cpp
void bind_sdfg(nb::module_& module);          // graph_sdfg.cpp

}  // namespace thalweg::python
