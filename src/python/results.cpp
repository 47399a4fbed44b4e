// What a call gives back: scalars, arrays over memory that the program made, and views of its arguments.
#include <algorithm>
#include <cstdlib>
#include <map>

#include "python/bound.h"

namespace nb = nanobind;

namespace thalweg::python {

namespace {

void free_memory(PyObject* capsule) { std::free(PyCapsule_GetPointer(capsule, nullptr)); }

using Keeper = std::shared_ptr<void>;
void let_go(PyObject* capsule) { delete static_cast<Keeper*>(PyCapsule_GetPointer(capsule, nullptr)); }

// An array with the element type of `descr` (whose reference is taken over) at `data`, kept alive by `base`.
nb::object array_over(PyArray_Descr* descr, int64_t rank, const int64_t* shape, const int64_t* strides, void* data,
                      nb::object base, bool writeable) {
  PyObject* out = PyArray_NewFromDescr(
      &PyArray_Type, descr, static_cast<int>(rank), reinterpret_cast<const npy_intp*>(shape),
      reinterpret_cast<const npy_intp*>(strides), data, writeable ? NPY_ARRAY_WRITEABLE : 0, nullptr);
  if (!out) throw nb::python_error();
  nb::object array = nb::steal(out);
  PyArray_UpdateFlags(reinterpret_cast<PyArrayObject*>(out), NPY_ARRAY_UPDATE_ALL);
  if (PyArray_SetBaseObject(reinterpret_cast<PyArrayObject*>(out), base.release().ptr()) < 0) throw nb::python_error();
  return array;
}

bool same_elements(const thw_array& value, PyArrayObject* array) {
  if (PyArray_DATA(array) != value.data || PyArray_NDIM(array) != value.rank) return false;
  for (int64_t d = 0; d < value.rank; ++d) {
    if (value.shape[d] != PyArray_DIMS(array)[d]) return false;
    if (value.shape[d] > 1 && value.strides[d] != PyArray_STRIDES(array)[d]) return false;
  }
  return true;
}

bool same_elements(const thw_array& a, const thw_array& b) {
  return a.data == b.data && a.rank == b.rank && std::equal(a.shape, a.shape + a.rank, b.shape) &&
         std::equal(a.strides, a.strides + a.rank, b.strides);
}

// Takes whole steps of the dimensions of C-contiguous `copy` out of a distance in bytes, and gives the same steps in
// `original`. Steps along one dimension never reach past its end, so the answer is unique.
int64_t translated(int64_t distance, PyArrayObject* copy, PyArrayObject* original) {
  int64_t out = 0;
  for (int d = 0; d < PyArray_NDIM(copy); ++d) {
    if (PyArray_STRIDES(copy)[d] == 0) continue;
    int64_t steps = distance / PyArray_STRIDES(copy)[d];
    distance -= steps * PyArray_STRIDES(copy)[d];
    out += steps * PyArray_STRIDES(original)[d];
  }
  return out;
}

// `value` refers to a copy of an argument: the same elements of the argument itself.
nb::object view_of_original(const thw_array& value, bool own_object, PyArrayObject* copy, PyObject* original) {
  auto* array = reinterpret_cast<PyArrayObject*>(original);
  if (!own_object && same_elements(value, copy)) return nb::borrow(original);
  int64_t strides[NPY_MAXDIMS] = {};
  bool empty = false;
  for (int64_t d = 0; d < value.rank; ++d) {
    empty |= value.shape[d] == 0;
    if (value.shape[d] > 1) strides[d] = translated(value.strides[d], copy, array);
  }
  int64_t offset = empty ? 0 : translated(static_cast<char*>(value.data) - PyArray_BYTES(copy), copy, array);
  PyArray_Descr* descr = PyArray_DESCR(array);
  Py_INCREF(descr);
  return array_over(descr, value.rank, value.shape, strides, PyArray_BYTES(array) + offset, nb::borrow(original),
                    PyArray_ISWRITEABLE(array));
}

bool contains(PyArrayObject* array, const void* address) {
  driver::CallArgument shape;
  shape.dtype = dtype_of(PyArray_DESCR(array)).value_or(ir::dtypes::uint8);
  shape.data = PyArray_BYTES(array);
  shape.rank = PyArray_NDIM(array);
  shape.shape = reinterpret_cast<const int64_t*>(PyArray_DIMS(array));
  shape.strides = reinterpret_cast<const int64_t*>(PyArray_STRIDES(array));
  driver::MemoryExtent extent = driver::extent_of(shape);
  return address == PyArray_DATA(array) || (address >= extent.low && address < extent.high);
}

template <class Values>
bool holds(const symbolic::Expr& condition, const std::vector<std::string>& symbols, const Values& given) {
  std::map<std::string, int64_t> values;
  for (size_t s = 0; s < given.size(); ++s) values[symbols[s]] = given[s];
  return symbolic::evaluate(condition, values).value_or(0) != 0;
}

// The Python scalar of the same value as a NumPy or Python scalar.
nb::object as_python_scalar(const nb::object& scalar, ir::DType type) {
  nb::object plain = nb::hasattr(scalar, "item") ? scalar.attr("item")() : scalar;
  if (type != ir::dtypes::pyint && type != ir::dtypes::pyfloat) return plain;
  if (PyComplex_Check(plain.ptr())) plain = plain.attr("real");
  nb::object number = nb::steal(type == ir::dtypes::pyint ? PyNumber_Long(plain.ptr()) : PyNumber_Float(plain.ptr()));
  if (!number.is_valid()) throw nb::python_error();
  return number;
}

}  // namespace

ResultBlocks::~ResultBlocks() {
  for (Block& block : blocks_)
    if (!block.owner.is_valid() && !block.keeps) std::free(block.data);
}

nb::object ResultBlocks::owner(const void* address) {
  for (Block& block : blocks_) {
    if (address < block.data || address >= block.data + std::max<int64_t>(block.bytes, 1)) continue;
    if (!block.owner.is_valid())
      block.owner = nb::steal(block.keeps ? PyCapsule_New(new Keeper(block.keeps), nullptr, let_go)
                                          : PyCapsule_New(block.data, nullptr, free_memory));
    if (!block.owner.is_valid()) throw nb::python_error();
    return block.owner;
  }
  return {};
}

nb::object PyProgram::result_array(const driver::EntryPlan::Result& plan, bool own_object, const thw_array& value,
                                   const Border& border, Bound& bound, CallRecord& record) {
  if (nb::object owner = record.blocks.owner(value.data); owner.is_valid())
    return array_over(descr_of(plan.dtype), value.rank, value.shape, value.strides, value.data, std::move(owner), true);
  // Memory of an argument. A name says which one, unless it is a pointer that was moved: then the address does, and
  // an argument that is these very elements comes before one that merely contains them.
  const Border::Source* found = nullptr;
  auto object = [&](const Border::Source& source) { return border.object(source, bound); };
  for (const auto& source : border.arrays) {
    auto* array = reinterpret_cast<PyArrayObject*>(object(source));
    bool named =
        source.kind == Border::Source::Kind::parameter && bound.signature->containers()[source.index] == plan.container;
    if (named || (same_elements(value, array) && dtype_of(PyArray_DESCR(array)) == plan.dtype)) {
      found = &source;
      if (named) break;
    } else if (!found && contains(array, value.data)) {
      found = &source;
    }
  }
  if (!found) {  // elements of nothing: an empty slice behind the end of a block
    TW_CHECK(std::find(value.shape, value.shape + value.rank, 0) != value.shape + value.rank,
             "a result in memory that belongs to nobody: " + plan.container);
    return array_over(descr_of(plan.dtype), value.rank, value.shape, nullptr, nullptr, nb::none(), true);
  }
  PyObject* base = object(*found);
  auto* array = reinterpret_cast<PyArrayObject*>(base);
  if (found->kind == Border::Source::Kind::parameter)
    for (const auto& copied : bound.copied)
      if (copied.parameter == found->index) return view_of_original(value, own_object, array, copied.original);
  if (!own_object && same_elements(value, array)) return nb::borrow(base);
  return array_over(descr_of(plan.dtype), value.rank, value.shape, value.strides, value.data, nb::borrow(base),
                    PyArray_ISWRITEABLE(array));
}

namespace {

// Puts results together: tuples, lists, dictionaries and objects of the leaves, which are taken in order.
struct Assembly {
  std::vector<nb::object>& leaves;
  const ObjectTable* table;
  PyObject* const* arguments;
  size_t next = 0;
  std::map<int, nb::object> lists, objects;  // one that is there twice is one object

  nb::object put(const frontend::ResultForm& form);
  nb::object object(const frontend::ResultForm& form);
};

nb::object Assembly::object(const frontend::ResultForm& form) {
  if (form.argument >= 0) return nb::borrow(arguments[form.argument]);
  if (form.again) return objects.at(form.identity);
  const int64_t origin = form.asks ? nb::cast<int64_t>(leaves[next++]) : 0;
  nb::object of = nb::borrow(table->at(static_cast<size_t>(form.made_by)));
  auto* type = reinterpret_cast<PyTypeObject*>(of.ptr());
  nb::object made = origin ? nb::borrow(arguments[origin - 1]) : nb::steal(type->tp_alloc(type, 0));
  if (!made.is_valid()) throw nb::python_error();
  objects[form.identity] = made;
  for (size_t i = 0; i < form.items.size(); ++i) {
    nb::object value = put(form.items[i]), name = nb::cast(std::get<std::string>(form.keys[i]));
    if (!origin && PyObject_GenericSetAttr(made.ptr(), name.ptr(), value.ptr()) < 0) throw nb::python_error();
  }
  return made;
}

nb::object Assembly::put(const frontend::ResultForm& form) {
  using Kind = frontend::ResultForm::Kind;
  if (form.kind == Kind::leaf) return std::move(leaves[next++]);
  if (form.kind == Kind::object) return object(form);
  if (form.kind == Kind::text) return nb::cast(std::get<std::string>(form.keys.front()));
  if (form.kind == Kind::constant) return nb::borrow(table->at(static_cast<size_t>(form.made_by)));
  std::vector<nb::object> items;
  for (const frontend::ResultForm& item : form.items) items.push_back(put(item));
  const Py_ssize_t count = static_cast<Py_ssize_t>(items.size());
  if (form.kind == Kind::tuple) {
    nb::object tuple = nb::steal(PyTuple_New(count));
    for (Py_ssize_t i = 0; i < count; ++i)
      PyTuple_SET_ITEM(tuple.ptr(), i, items[static_cast<size_t>(i)].release().ptr());
    if (form.made_by < 0) return tuple;
    return nb::borrow(table->at(static_cast<size_t>(form.made_by)))(*nb::tuple(tuple));
  }
  if (form.kind == Kind::dict) {
    nb::dict dict;
    for (size_t i = 0; i < items.size(); ++i)
      std::visit([&](const auto& key) { dict[nb::cast(key)] = items[i]; }, form.keys[i]);
    return dict;
  }
  nb::object& list = lists[form.identity];
  if (!list.is_valid()) {
    nb::list made;
    for (nb::object& item : items) made.append(item);
    list = made;
  }
  return list;
}

}  // namespace

nb::object PyProgram::results(driver::Build& build, Border& border, Bound& bound, const thw_array* values,
                              CallRecord& record) {
  using Kind = driver::EntryPlan::Result::Kind;
  std::vector<nb::object> out;
  const std::vector<bool>& own = build.frontend.own_objects;
  auto is_array = [&](size_t i) {
    return build.plan.results[i].kind == Kind::fresh || build.plan.results[i].kind == Kind::view;
  };
  // The same array returned again is the same object.
  auto again = [&](size_t i) {
    const std::vector<bool>& zero = build.frontend.zero_dimensional;
    for (size_t k = 0; k < i && zero[i] && !is_array(i) && !own[i]; ++k)
      if (zero[k] && !own[k] && build.plan.results[k].container == build.plan.results[i].container) return out[k];
    for (size_t k = 0; k < i && is_array(i) && !own[i]; ++k)
      if (is_array(k) && !own[k] && build.plan.results[k].dtype == build.plan.results[i].dtype &&
          same_elements(values[k], values[i]))
        return out[k];
    return nb::object();
  };
  for (size_t i = 0; i < build.plan.results.size(); ++i) {
    const auto& plan = build.plan.results[i];
    if (nb::object known = again(i); known.is_valid()) {
      out.push_back(std::move(known));
      continue;
    }
    switch (plan.kind) {
      case Kind::none: out.push_back(nb::none()); break;
      case Kind::scalar:
        out.push_back(nb::steal(scalar_to_python(values[i].shape, plan.dtype)));
        for (const frontend::WeakResult& weak : build.frontend.weak_results)
          if (weak.index == i && (weak.flag ? values[*weak.flag].shape[0] != 0
                                            : holds(weak.where, bound.signature->symbols(), bound.symbols)))
            out.back() = as_python_scalar(out.back(), weak.type);
        if (build.frontend.zero_dimensional[i]) out.back() = nb::steal(PyArray_FromScalar(out.back().ptr(), nullptr));
        break;
      case Kind::fresh:
      case Kind::view: {
        out.push_back(result_array(plan, own[i], values[i], border, bound, record));
        const frontend::Component part = build.frontend.parts[i];
        if (part == frontend::Component::real) out.back() = out.back().attr("real");
        if (part == frontend::Component::imaginary) out.back() = out.back().attr("imag");
        if (build.frontend.read_only[i]) out.back().attr("setflags")(nb::arg("write") = false);
        break;
      }
    }
  }
  Assembly assembly{out, border.table.get(), bound.values};
  nb::object result = assembly.put(build.frontend.result_form);
  for (const frontend::FieldChange& change : build.frontend.changes) {
    nb::object value = assembly.put(change.form), name = nb::cast(change.field);
    if (PyObject_GenericSetAttr(bound.values[change.argument], name.ptr(), value.ptr()) < 0) throw nb::python_error();
  }
  return result;
}

}  // namespace thalweg::python
