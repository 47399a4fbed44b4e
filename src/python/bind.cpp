// From call syntax to checked arguments: names, defaults, types, dtypes, ranks; zero-copy wherever it is right.
#include <cstring>
#include <map>

#include "python/bound.h"
#include "python/errors.h"
#include "python/generators.h"
#include "python/structures.h"

namespace nb = nanobind;

namespace thalweg::python {

using driver::CallArgument;
namespace dtypes = ir::dtypes;

namespace {

[[noreturn]] void type_error(const std::string& text) {
  PyErr_SetString(PyExc_TypeError, text.c_str());
  throw nb::python_error();
}

std::string class_name(PyObject* object) { return Py_TYPE(object)->tp_name; }

PyTypeObject* memmap_type() {
  static PyTypeObject* const type =  // NumPy's class, looked up once; it lives as long as the interpreter
      reinterpret_cast<PyTypeObject*>(nb::object(nb::module_::import_("numpy").attr("memmap")).release().ptr());
  return type;
}

void notice(const std::string& text) {
  nb::object category = nb::module_::import_("thalweg.errors").attr("Notice");
  if (PyErr_WarnEx(category.ptr(), text.c_str(), 1) < 0) throw nb::python_error();
}

// Can it be more than a constant? What is no argument on its own may be part of an object that is one.
bool is_compiled(PyObject* value) {
  int overflow = 0;
  if (PyLong_CheckExact(value)) {
    PyLong_AsLongLongAndOverflow(value, &overflow);
    return !overflow;
  }
  if (PyArray_IsScalar(value, Generic)) {
    nb::object descr = nb::steal(reinterpret_cast<PyObject*>(PyArray_DescrFromScalar(value)));
    return dtype_of(reinterpret_cast<PyArray_Descr*>(descr.ptr())).has_value();
  }
  if (!PyArray_Check(value)) return true;
  auto* array = reinterpret_cast<PyArrayObject*>(value);
  const bool plain = Py_TYPE(value) == &PyArray_Type || Py_TYPE(value) == memmap_type();
  return plain && dtype_of(PyArray_DESCR(array)) && PyArray_NDIM(array) <= driver::kMaxRank;
}

// Text that tells objects apart: texts, numbers and tuples of them by value, everything else by identity.
void append_identity(PyObject* object, std::string& out) {
  auto number = [&](char kind, auto value) {
    out += kind;
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  int overflow = 0;
  if (PyLong_CheckExact(object)) {
    long long value = PyLong_AsLongLongAndOverflow(object, &overflow);
    if (!overflow) return number('i', value);
  } else if (PyFloat_CheckExact(object)) {
    return number('f', PyFloat_AS_DOUBLE(object));
  } else if (PyUnicode_CheckExact(object)) {
    Py_ssize_t size = 0;
    const char* text = PyUnicode_AsUTF8AndSize(object, &size);
    if (text) {
      number('s', size);
      out.append(text, static_cast<size_t>(size));
      return;
    }
    PyErr_Clear();  // lone surrogates
  } else if (PyTuple_CheckExact(object)) {
    number('t', PyTuple_GET_SIZE(object));
    for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(object); ++k) append_identity(PyTuple_GET_ITEM(object, k), out);
    return;
  } else if (PyArray_IsScalar(object, Generic)) {
    nb::object bytes = nb::handle(object).attr("tobytes")();
    number('n', reinterpret_cast<PyObject*>(Py_TYPE(object)));
    out.append(PyBytes_AS_STRING(bytes.ptr()), static_cast<size_t>(PyBytes_GET_SIZE(bytes.ptr())));
    return;
  }
  number('o', object);
}

}  // namespace

// CPython itself says what is wrong: a function with the same parameters and no body is called the same way.
void PyProgram::binding_error(PyObject* args, PyObject* kwargs) {
  nb::module_::import_("thalweg.program")
      .attr("_raise_binding_error")(function_, nb::handle(args), kwargs ? nb::borrow(kwargs) : nb::object(nb::dict()));
  type_error(program_.name() + "(): the arguments do not fit the parameters");
}

// False if the name is no parameter that may be given by keyword, or is given twice.
bool PyProgram::bind_keyword(PyObject* name, PyObject* value, Bound& bound) {
  for (size_t i = positional_only_; i < names_.size(); ++i) {
    if (names_[i].ptr() != name && PyUnicode_Compare(names_[i].ptr(), name) != 0) continue;
    if (bound.values[i]) return false;
    bound.values[i] = value;
    return true;
  }
  if (!PyLong_CheckExact(value) || !is_symbol(name)) return false;
  bound.extra_names.push_back(nb::cast<std::string>(nb::handle(name)));
  int overflow = 0;
  bound.extra_values.push_back(PyLong_AsLongLongAndOverflow(value, &overflow));
  return overflow == 0;
}

// Symbols may be given by keyword: those of the annotations, and what the function's globals call so.
bool PyProgram::is_symbol(PyObject* name) const {
  std::string text = nb::cast<std::string>(nb::handle(name));
  for (const driver::ParameterInfo& parameter : program_.parameters()) {
    if (!parameter.annotation) continue;
    std::set<std::string> used;
    for (const auto& extent : parameter.annotation->shape) symbolic::collect_symbols(extent, used);
    if (used.contains(text)) return true;
  }
  nb::object globals = function_.attr("__globals__");
  PyObject* found = PyDict_GetItemWithError(globals.ptr(), name);
  return found && nb::hasattr(nb::handle(found), "__thalweg_symbol__");
}

void PyProgram::bind(PyObject* args, PyObject* kwargs, Bound& bound) {
  size_t given = static_cast<size_t>(PyTuple_GET_SIZE(args)), count = names_.size();
  if (given > positional_) binding_error(args, kwargs);
  for (size_t i = 0; i < given; ++i) bound.values[i] = PyTuple_GET_ITEM(args, static_cast<Py_ssize_t>(i));
  if (kwargs) {
    PyObject *name, *value;
    Py_ssize_t position = 0;
    while (PyDict_Next(kwargs, &position, &name, &value))
      if (!bind_keyword(name, value, bound)) binding_error(args, kwargs);
  }
  bound.arguments.resize(count);
  for (size_t i = 0; i < count; ++i) {
    if (!bound.values[i]) {
      if (!defaults_[i].is_valid()) binding_error(args, kwargs);
      bound.values[i] = defaults_[i].ptr();
    }
    classify(i, bound);
  }
}

// The aligned copy in native order that stands for an argument; one array passed twice has one copy.
PyObject* PyProgram::copied(size_t index, ir::DType dtype, Bound& bound) {
  PyObject* original = bound.values[index];
  for (const Bound::Copied& other : bound.copied)
    if (other.original == original) {
      bound.values[index] = bound.values[other.parameter];
      bound.copied.push_back({index, original});
      return bound.values[index];
    }
  nb::object copy = nb::steal(PyArray_FromArray(reinterpret_cast<PyArrayObject*>(original), descr_of(dtype),
                                                NPY_ARRAY_CARRAY | NPY_ARRAY_ENSURECOPY));
  if (!copy.is_valid()) throw nb::python_error();
  notice(program_.name() + "(): argument " + argument_name(index, bound) +
         " is byte-swapped or unaligned and was copied");
  bound.copied.push_back({index, original});
  bound.owned.push_back(copy);
  return bound.values[index] = copy.ptr();
}

void PyProgram::classify_array(size_t index, Bound& bound) {
  CallArgument& out = bound.arguments[index];
  auto* array = reinterpret_cast<PyArrayObject*>(bound.values[index]);
  auto dtype = dtype_of(PyArray_DESCR(array));
  if (!dtype)
    type_error(program_.name() + "(): argument " + argument_name(index, bound) + " has dtype " +
               nb::cast<std::string>(nb::str(nb::handle(reinterpret_cast<PyObject*>(PyArray_DESCR(array))))) +
               ", which Thalweg does not compile; numbers and booleans are supported");
  bool divisible = true;
  for (int d = 0; d < PyArray_NDIM(array); ++d) divisible &= PyArray_STRIDES(array)[d] % dtype->bytes() == 0;
  if (!PyArray_ISALIGNED(array) || !PyArray_ISNOTSWAPPED(array) || !divisible) {
    out.writeable = PyArray_ISWRITEABLE(array);
    array = reinterpret_cast<PyArrayObject*>(copied(index, *dtype, bound));
  } else {
    out.writeable = PyArray_ISWRITEABLE(array);
  }
  out.kind = CallArgument::Kind::array;
  out.dtype = *dtype;
  out.data = static_cast<char*>(PyArray_DATA(array));
  out.rank = PyArray_NDIM(array);
  if (out.rank > driver::kMaxRank)
    type_error(program_.name() + "(): argument " + argument_name(index, bound) + " has more than " +
               std::to_string(driver::kMaxRank) + " dimensions");
  out.contiguous = PyArray_IS_C_CONTIGUOUS(array);
  static_assert(sizeof(npy_intp) == sizeof(int64_t));
  out.shape = reinterpret_cast<const int64_t*>(PyArray_DIMS(array));
  out.strides = reinterpret_cast<const int64_t*>(PyArray_STRIDES(array));
  out.shared = !out.contiguous && driver::elements_may_share_memory(out);
}

// Another library's array (thalweg/arrays.py says which) takes the shape of a numpy.ndarray over the same memory, a matrix
// of scipy.sparse that of several.
bool PyProgram::borrow_arrays(size_t index, Bound& bound) {
  PyObject* value = bound.values[index];
  PyTypeObject* type = Py_TYPE(value);
  if (value == Py_None || type == &PyUnicode_Type || type == &PyTuple_Type || PyType_Check(value)) return false;
  if (take_apart(index, bound)) return true;
  nb::object array = nb::module_::import_("thalweg.arrays").attr("borrowed")(nb::handle(value));
  if (array.is_none()) return false;
  bound.owned.push_back(array);
  bound.values[index] = array.ptr();
  classify_array(index, bound);
  return true;
}

namespace {

// Do the arrays of a sparse matrix fit to one another? What is not so thalweg/sparse.py says.
bool parts_fit(const CallArgument& matrix, const CallArgument* parts) {
  using Format = frontend::SparseClass::Format;
  const int64_t rows = matrix.shape[0], columns = matrix.shape[1];
  constexpr int64_t largest = int64_t{1} << 47;
  if (rows > largest || columns > largest) return false;
  for (size_t k = 0; k < frontend::kSparseParts; ++k)
    if (parts[k].rank != 1 || (k > 0 && parts[k].dtype != dtypes::int32 && parts[k].dtype != dtypes::int64))
      return false;
  const int64_t stored = parts[0].shape[0];
  const Format format = matrix.sparse.format;
  const int64_t last = format == Format::coo ? stored : (format == Format::csr ? rows : columns) + 1;
  return parts[1].shape[0] == stored && parts[2].shape[0] == last;
}

}  // namespace

// A matrix of scipy.sparse (thalweg/sparse.py says which): its arrays become arguments behind the parameters.
bool PyProgram::take_apart(size_t index, Bound& bound) {
  PyObject* value = bound.values[index];
  const auto is = frontend::find_sparse_class(Py_TYPE(value)->tp_name);
  if (!is) return false;
  nb::object module = nb::module_::import_("thalweg.sparse"), found = module.attr("taken_apart")(nb::handle(value));
  if (found.is_none()) return false;
  const size_t first = bound.arguments.size();
  if (first + frontend::kSparseParts > kMaxParameters)
    type_error(program_.name() +
               "(): the arguments, the arrays of its sparse matrices and the fields of its objects are more than " +
               std::to_string(kMaxParameters) + "; pass them to several programs");
  nb::tuple shape = nb::cast<nb::tuple>(found[0]), arrays = nb::cast<nb::tuple>(found[1]);
  bound.taken_apart.push_back(index);
  bound.sparse_shapes.push_front({nb::cast<int64_t>(shape[0]), nb::cast<int64_t>(shape[1])});
  bound.arguments.resize(first + frontend::kSparseParts);
  CallArgument& out = bound.arguments[index];
  out.kind = CallArgument::Kind::sparse;
  out.sparse = *is;
  out.first_part = first;
  out.shape = bound.sparse_shapes.front().data();
  bool fit = true;
  for (size_t k = 0; k < frontend::kSparseParts && fit; ++k) {
    nb::object array = arrays[k];
    fit = Py_TYPE(array.ptr()) == &PyArray_Type || Py_TYPE(array.ptr()) == memmap_type();
    bound.values[first + k] = array.ptr();
    bound.owned.push_back(std::move(array));
    if (fit) classify_array(first + k, bound);
  }
  if (fit && parts_fit(out, &bound.arguments[first])) return true;
  module.attr("check")(nb::handle(value));
  type_error(program_.name() + "(): argument " + argument_name(index, bound) + " is no sparse matrix");
}

// As it stands in messages: "A", or "A.data" for an array of a sparse matrix.
std::string PyProgram::argument_name(size_t index, const Bound& bound) const {
  const auto& parameters = program_.parameters();
  if (index < parameters.size()) return parameters[index].name;
  for (size_t owner : bound.taken_apart) {
    const CallArgument& whole = bound.arguments[owner];
    const bool sparse = whole.kind == CallArgument::Kind::sparse;
    const size_t count = sparse ? frontend::kSparseParts : whole.fields->size();
    if (index < whole.first_part || index >= whole.first_part + count) continue;
    const size_t part = index - whole.first_part;
    return argument_name(owner, bound) + "." +
           (sparse ? std::string(whole.sparse.part_names()[part]) : (*whole.fields)[part]);
  }
  return "";
}

namespace {

constexpr Py_ssize_t kMostItems = 32;  // of a list or a tuple: another build for each number of them

// "0", "1" ...: what the items of tuples and lists are called.
const std::vector<std::string>& names_of_places(size_t count) {
  static auto& known = *new std::map<size_t, std::vector<std::string>>();  // the interpreter's lock is held
  std::vector<std::string>& names = known[count];
  while (names.size() < count) names.push_back(std::to_string(names.size()));
  return names;
}

std::vector<nb::object> items_of(PyObject* sequence) {
  std::vector<nb::object> out;
  for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(sequence); ++i)
    out.push_back(nb::borrow(PySequence_Fast_GET_ITEM(sequence, i)));
  return out;
}

// Does a tuple hold what is no constant?
bool holds_arrays(PyObject* tuple) {
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); ++i) {
    PyObject* item = PyTuple_GET_ITEM(tuple, i);
    if (PyArray_Check(item) || PyList_CheckExact(item) || structure_class(Py_TYPE(item)) ||
        (PyTuple_CheckExact(item) && holds_arrays(item)))
      return true;
  }
  return false;
}

}  // namespace

// An object of a dataclass, a list, and a tuple of what is no constant: what it holds become arguments behind the
// parameters, each as it would be one.
bool PyProgram::take_structure_apart(size_t index, Bound& bound) {
  PyObject* value = bound.values[index];
  if (PyList_CheckExact(value) || (PyTuple_CheckExact(value) && holds_arrays(value))) {
    if (PySequence_Fast_GET_SIZE(value) > kMostItems) return false;
    std::vector<nb::object> items = items_of(value);
    const std::vector<std::string>& names = names_of_places(items.size());
    return add_parts(index, bound, std::move(items), &names);
  }
  const StructureClass* is = structure_class(Py_TYPE(value));
  if (!is) return false;
  if (is->tuple) return add_parts(index, bound, items_of(value), &is->names);
  for (size_t other : bound.taken_apart)
    if (bound.values[other] == value && bound.arguments[other].kind == CallArgument::Kind::structure) {
      bound.arguments[index].kind = CallArgument::Kind::structure;
      bound.arguments[index].same_as = static_cast<int>(other);
      return true;
    }
  std::vector<nb::object> held;
  std::vector<std::string> names;
  const bool as_declared = fields_of(value, *is, held, names);
  if (as_declared) return add_parts(index, bound, std::move(held), &is->names);
  for (const std::string& name : names) bound.arguments[index].fixed += name + "\n";
  return add_parts(index, bound, std::move(held), &bound.field_names.emplace_front(std::move(names)));
}

bool PyProgram::add_parts(size_t index, Bound& bound, std::vector<nb::object> held,
                          const std::vector<std::string>* fields) {
  const size_t first = bound.arguments.size();
  if (first + held.size() > kMaxParameters || held.size() != fields->size()) {
    bound.arguments[index].fixed.clear();
    return false;
  }
  bound.taken_apart.push_back(index);
  bound.arguments.resize(first + held.size());
  CallArgument& out = bound.arguments[index];
  out.kind = CallArgument::Kind::structure;
  out.first_part = first;
  out.fields = fields;
  append_identity(reinterpret_cast<PyObject*>(Py_TYPE(bound.values[index])), out.fixed);
  out.fixed.append(reinterpret_cast<const char*>(&first), sizeof first);
  for (size_t k = 0; k < held.size(); ++k) bound.values[first + k] = held[k].ptr();
  for (nb::object& each : held) bound.owned.push_back(std::move(each));
  for (size_t k = 0; k < fields->size(); ++k) classify(first + k, bound);
  return true;
}

void PyProgram::classify(size_t index, Bound& bound) {
  PyObject* value = bound.values[index];
  CallArgument& out = bound.arguments[index];  // gone where parts are added
  PyTypeObject* type = Py_TYPE(value);
  auto store = [&](const auto& bytes) { std::memcpy(out.scalar.data(), &bytes, sizeof bytes); };
  const bool is_parameter = index < program_.parameters().size();
  if (!is_parameter && !is_compiled(value)) {
    append_identity(value, out.fixed);
    return;
  }
  if (is_parameter && program_.parameters()[index].compiletime) {
    out.kind = CallArgument::Kind::fixed;
    append_identity(value, out.fixed);
  } else if (type == &PyArray_Type || type == memmap_type()) {
    classify_array(index, bound);
  } else if (PyArray_Check(value)) {
    type_error(
        program_.name() + "(): argument " + argument_name(index, bound) + " is a " + class_name(value) +
        ", a subclass of numpy.ndarray with a meaning of its own; pass numpy.asarray(...) if its plain data is meant");
  } else if (PyBool_Check(value)) {
    out.kind = CallArgument::Kind::scalar, out.dtype = dtypes::pybool;
    store(static_cast<uint8_t>(value == Py_True));
  } else if (type == &PyLong_Type) {
    int overflow = 0;
    out.kind = CallArgument::Kind::integer, out.dtype = dtypes::pyint;
    out.integer = PyLong_AsLongLongAndOverflow(value, &overflow);
    if (overflow) {
      PyErr_SetString(
          PyExc_OverflowError,
          (program_.name() + "(): argument " + argument_name(index, bound) + " does not fit 64 bits").c_str());
      throw nb::python_error();
    }
  } else if (type == &PyFloat_Type) {
    out.kind = CallArgument::Kind::scalar, out.dtype = dtypes::pyfloat;
    store(PyFloat_AS_DOUBLE(value));
  } else if (type == &PyComplex_Type) {
    out.kind = CallArgument::Kind::scalar, out.dtype = dtypes::pycomplex;
    Py_complex number = PyComplex_AsCComplex(value);
    store(number);
  } else if (PyArray_IsScalar(value, Generic)) {
    nb::object descr = nb::steal(reinterpret_cast<PyObject*>(PyArray_DescrFromScalar(value)));
    auto dtype = dtype_of(reinterpret_cast<PyArray_Descr*>(descr.ptr()));
    if (!dtype) type_error(program_.name() + "(): a scalar of class " + class_name(value) + " is not supported");
    out.kind = CallArgument::Kind::scalar, out.dtype = *dtype;
    PyArray_ScalarAsCtype(value, out.scalar.data());
  } else if (take_structure_apart(index, bound)) {
    // its parts are classified
  } else if (nb::object state = state_array(value); state.is_valid()) {
    bound.generators.emplace_back(state, nb::borrow(value));
    bound.values[index] = state.ptr();
    classify_array(index, bound);
    out.state_of = kGenerator;
  } else if (!borrow_arrays(index, bound)) {
    out.kind = CallArgument::Kind::fixed;
    append_identity(value, out.fixed);
  }
  if (is_parameter && program_.parameters()[index].annotation) check_annotation(index, bound);
}

void PyProgram::check_annotation(size_t index, Bound& bound) {
  CallArgument& out = bound.arguments[index];
  const driver::ParameterInfo& parameter = program_.parameters()[index];
  const frontend::HostAnnotation& annotation = *parameter.annotation;
  auto mismatch = [&](const std::string& found) {
    type_error(program_.name() + "(): argument " + parameter.name + " is annotated " + annotation.dtype.name() +
               (annotation.is_array ? " with " + std::to_string(annotation.shape.size()) + " dimensions" : "") +
               ", found " + found);
  };
  if (annotation.is_array) {
    if (out.kind != CallArgument::Kind::array) mismatch("an object of class " + class_name(bound.values[index]));
    if (out.dtype != annotation.dtype || out.rank != static_cast<int>(annotation.shape.size()))
      mismatch(out.dtype.name() + " with " + std::to_string(out.rank) + " dimensions");
    return;
  }
  if (annotation.dtype.python()) return;  // float, int: a hint as in plain Python, the value decides
  // A scalar of a NumPy dtype: Python numbers are converted as NumPy's constructor does.
  if (out.kind != CallArgument::Kind::scalar && out.kind != CallArgument::Kind::integer)
    mismatch("an object of class " + class_name(bound.values[index]));
  if (out.kind == CallArgument::Kind::scalar && out.dtype == annotation.dtype) return;
  auto rank = [](ir::DType t) { return t.is_bool() ? 0 : t.is_integer() ? 1 : t.is_float() ? 2 : 3; };
  if (rank(out.dtype) > rank(annotation.dtype))
    mismatch("a " + class_name(bound.values[index]) + ", which it cannot hold");
  PyArray_Descr* descr = descr_of(annotation.dtype);
  nb::object array = nb::steal(PyArray_FromAny(bound.values[index], descr, 0, 0, NPY_ARRAY_FORCECAST, nullptr));
  if (!array.is_valid()) throw nb::python_error();
  out.kind = CallArgument::Kind::scalar, out.dtype = annotation.dtype;
  std::memcpy(out.scalar.data(), PyArray_DATA(reinterpret_cast<PyArrayObject*>(array.ptr())),
              static_cast<size_t>(annotation.dtype.bytes()));
}

}  // namespace thalweg::python
