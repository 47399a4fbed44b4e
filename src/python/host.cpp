#include "python/host.h"

#include <cstring>

#include "python/generators.h"
#include "python/numpy_api.h"
#include "python/text_of.h"
#include "symbolic/expr.h"

namespace nb = nanobind;

namespace thalweg::python {

using namespace frontend;
namespace dtypes = ir::dtypes;

namespace {

std::vector<int64_t> layout_of(PyObject* object) {
  if (PyTuple_CheckExact(object)) {  // of the arrays in it
    std::vector<int64_t> all;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object); ++i) {
      const std::vector<int64_t> one = layout_of(PyTuple_GET_ITEM(object, i));
      all.insert(all.end(), one.begin(), one.end());
    }
    return all;
  }
  if (!PyArray_Check(object)) return {};
  auto* array = reinterpret_cast<PyArrayObject*>(object);
  std::vector<int64_t> out = {reinterpret_cast<int64_t>(PyArray_DATA(array)),
                              reinterpret_cast<int64_t>(PyArray_DESCR(array)), PyArray_FLAGS(array)};
  for (int d = 0; d < PyArray_NDIM(array); ++d) {
    out.push_back(PyArray_DIMS(array)[d]);
    out.push_back(PyArray_STRIDES(array)[d]);
  }
  return out;
}

// Whether two objects are the same constant. Floats by their bits: 0.0 and -0.0 differ, a NaN is itself.
bool same_constant(PyObject* now, PyObject* then) {
  if (now == then) return true;
  if (!now || Py_TYPE(now) != Py_TYPE(then)) return false;
  if (PyFloat_CheckExact(now)) {
    double values[2] = {PyFloat_AS_DOUBLE(now), PyFloat_AS_DOUBLE(then)};
    return std::memcmp(&values[0], &values[1], sizeof(double)) == 0;
  }
  return (PyLong_CheckExact(now) || PyUnicode_CheckExact(now)) && PyObject_RichCompareBool(now, then, Py_EQ) == 1;
}

}  // namespace

void Snapshot::add(Entry entry) {
  for (const Entry& known : entries_)
    if (known.holder.is(entry.holder) && known.place == entry.place &&
        (known.place == Place::cell || known.key.equal(entry.key)))
      return;
  entry.layout = layout_of(entry.value.ptr());
  entries_.push_back(std::move(entry));
}

void Snapshot::add(nb::object dictionary, nb::object key, nb::object value) {
  add({std::move(dictionary), std::move(key), std::move(value), Place::dictionary, {}});
}

void Snapshot::add_cell(nb::object cell, nb::object value) {
  add({std::move(cell), {}, std::move(value), Place::cell, {}});
}

void Snapshot::add_attribute(nb::object object, nb::object name, nb::object value) {
  add({std::move(object), std::move(name), std::move(value), Place::attribute, {}});
}

bool Snapshot::unchanged() const {
  for (size_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    nb::object made;  // attributes may be computed
    PyObject* now = nullptr;
    switch (entry.place) {
      case Place::dictionary: now = PyDict_GetItemWithError(entry.holder.ptr(), entry.key.ptr()); break;
      case Place::cell: now = PyCell_GET(entry.holder.ptr()); break;
      case Place::attribute:
        made = nb::steal(PyObject_GetAttr(entry.holder.ptr(), entry.key.ptr()));
        if (!made.is_valid()) PyErr_Clear();
        now = made.ptr();
        break;
    }
    if (!same_constant(now, entry.value.ptr())) return false;
    if (!entry.layout.empty() && entry.layout != layout_of(now)) return false;
  }
  return true;
}

int Snapshot::traverse(visitproc visit, void* arg) const {
  for (const Entry& entry : entries_) {
    Py_VISIT(entry.holder.ptr());
    Py_VISIT(entry.key.ptr());
    Py_VISIT(entry.value.ptr());
  }
  return 0;
}

int ObjectTable::add(nb::object object) {
  for (size_t i = 0; i < objects.size(); ++i)
    if (objects[i].is(object)) return static_cast<int>(i);
  objects.push_back(std::move(object));
  return static_cast<int>(objects.size() - 1);
}

nb::object ObjectTable::stand_in(const nb::object& function) {
  for (const auto& [known, program] : stand_ins)
    if (known.is(function)) return program;
  nb::object program;
  try {
    program = nb::module_::import_("thalweg.program").attr("stand_in")(function);
    nb::object unused;
    program_syntax()(program, unused);
  } catch (nb::python_error& error) {
    if (!error.matches(nb::module_::import_("thalweg.errors").attr("CompileError"))) throw;
    program.reset();  // it has no text that can be inlined
  }
  stand_ins.emplace_back(function, program);
  return program;
}

ProgramSyntax& program_syntax() {
  static ProgramSyntax hook;  // set once by module.cpp
  return hook;
}

namespace {

std::optional<HostScalar> scalar(nb::handle object) {
  PyObject* p = object.ptr();
  if (PyBool_Check(p)) return HostScalar{p == Py_True, dtypes::pybool};
  if (PyLong_CheckExact(p)) {
    int overflow = 0;
    long long value = PyLong_AsLongLongAndOverflow(p, &overflow);
    if (overflow) return std::nullopt;
    return HostScalar{static_cast<int64_t>(value), dtypes::pyint};
  }
  if (PyFloat_CheckExact(p)) return HostScalar{PyFloat_AS_DOUBLE(p), dtypes::pyfloat};
  if (PyComplex_CheckExact(p))
    return HostScalar{std::complex<double>(PyComplex_RealAsDouble(p), PyComplex_ImagAsDouble(p)), dtypes::pycomplex};
  if (!PyArray_IsScalar(p, Generic)) return std::nullopt;
  nb::object descr = nb::steal(reinterpret_cast<PyObject*>(PyArray_DescrFromScalar(p)));
  auto dtype = dtype_of(reinterpret_cast<PyArray_Descr*>(descr.ptr()));
  if (!dtype) return std::nullopt;
  nb::object item = object.attr("item")();
  if (dtype->is_bool()) return HostScalar{item.is(nb::handle(Py_True)), *dtype};
  if (dtype->is_unsigned()) return HostScalar{nb::cast<uint64_t>(item), *dtype};
  if (dtype->is_integer()) return HostScalar{nb::cast<int64_t>(item), *dtype};
  if (dtype->is_float()) return HostScalar{nb::cast<double>(item), *dtype};
  return HostScalar{std::complex<double>(PyComplex_RealAsDouble(item.ptr()), PyComplex_ImagAsDouble(item.ptr())),
                    *dtype};
}

// A module that was imported already; invalid if it was not.
nb::object loaded_module(const char* name) { return nb::steal(PyImport_GetModule(nb::str(name).ptr())); }

bool is_library(const std::string& path) {
  std::string root = path.substr(0, path.find('.'));
  return root == "numpy" || root == "math" || root == "builtins" || root == "thalweg";
}

// The module, or what a module holds: "numpy.add".
nb::object named(const std::string& path) {
  nb::object module = loaded_module(path.c_str());
  const size_t dot = path.rfind('.');
  if (module.is_valid() || dot == std::string::npos) return module;
  module = loaded_module(path.substr(0, dot).c_str());
  return module.is_valid() ? nb::getattr(module, path.substr(dot + 1).c_str(), nb::object()) : module;
}

// The canonical public path of something that NumPy, math, builtins or thalweg offers; empty if it is none of these.
std::string known_path(nb::handle object) {
  if (PyModule_Check(object.ptr())) return text_of(object.attr("__name__"));
  if (object.ptr() == Py_Ellipsis) return "builtins.Ellipsis";
  if (nb::hasattr(object, "__thalweg_path__")) return text_of(object.attr("__thalweg_path__"));
  if (nb::object numpy = loaded_module("numpy"); numpy.is_valid())
    for (const char* name : {"mgrid", "ogrid", "r_", "c_", "s_", "index_exp"})  // objects without a name
      if (numpy.attr(name).is(object)) return std::string("numpy.") + name;
  if (!nb::hasattr(object, "__name__")) return "";
  std::string name = text_of(object.attr("__name__"));
  static const char* const modules[] = {
      "numpy", "builtins", "math", "numpy.linalg", "numpy.fft", "numpy.random", "numpy.lib.array_utils", "dataclasses"};
  for (const char* module_name : modules) {
    nb::object module = loaded_module(module_name);
    if (!module.is_valid()) continue;
    // Not by attribute: names that NumPy has given up warn when they are asked for.
    if (PyDict_GetItemString(PyModule_GetDict(module.ptr()), name.c_str()) == object.ptr())
      return std::string(module_name) + "." + name;
  }
  return "";
}

}  // namespace

// A function that can be inlined: `object` is what the user's code calls, `program` has its text.
HostFunction PythonHost::function_of(nb::object object, nb::handle program) {
  nb::object function;
  HostFunction out;
  out.is_program = object.is(program);
  out.function = program_syntax()(program, function);
  out.name = text_of(object.attr("__name__"));
  out.host = std::make_shared<PythonHost>(std::move(function), table_, snapshot_);
  out.handle = table_->add(std::move(object));
  return out;
}

HostObject PythonHost::classify(nb::object object) {
  PyObject* p = object.ptr();
  if (object.is_none()) return HostNone{};
  if (auto value = scalar(object)) return *value;
  if (PyLong_CheckExact(p)) return HostBigInteger{text_of(object)};
  if (PyUnicode_Check(p)) return HostText{nb::cast<std::string>(object)};
  if (PyArray_CheckExact(p)) {
    auto* array = reinterpret_cast<PyArrayObject*>(p);
    auto dtype = dtype_of(PyArray_DESCR(array));
    if (dtype && PyArray_ISBEHAVED_RO(array) && PyArray_IS_C_CONTIGUOUS(array)) {
      HostArray out{table_->add(object), *dtype, {}, PyArray_ISWRITEABLE(array) != 0};
      out.shape.assign(PyArray_DIMS(array), PyArray_DIMS(array) + PyArray_NDIM(array));
      return out;
    }
    return HostOpaque{table_->add(object), "an array that is not C-contiguous, aligned and of a number type"};
  }
  if (PyTuple_CheckExact(p)) {
    HostTuple out;
    for (nb::handle item : object) out.items.push_back(table_->add(nb::borrow(item)));
    return out;
  }
  if (program_class().is_valid() && nb::isinstance(object, program_class())) return function_of(object, object);
  if (nb::hasattr(object, "__thalweg_symbol__")) return HostSymbol{text_of(object.attr("__thalweg_symbol__"))};
  if (nb::hasattr(object, "__thalweg_annotation__")) return classify_annotation(object);
  if (std::string path = known_path(object); !path.empty()) return HostKnown{path};
  if (PyFunction_Check(p))
    if (nb::object program = table_->stand_in(object); program.is_valid()) return function_of(object, program);
  if (PyType_Check(p) && PyType_IsSubtype(reinterpret_cast<PyTypeObject*>(p), &PyTuple_Type) &&
      nb::hasattr(object, "_fields")) {
    HostCallable out{table_->add(object), text_of(object.attr("__name__")), {}};
    for (nb::handle field : object.attr("_fields")) out.fields.push_back(nb::cast<std::string>(field));
    return out;
  }
  if (auto of = classify_class(object)) return *of;
  if (nb::object state = state_array(p); state.is_valid()) {
    table_->generators.emplace_back(state, object);
    return HostArray{table_->add(state), dtypes::uint64, {kStateWords}, true, kGenerator};
  }
  if (PyMethod_Check(p) && PyFunction_Check(PyMethod_GET_FUNCTION(p)) && !PyType_Check(PyMethod_GET_SELF(p)))
    if (nb::object program = table_->stand_in(nb::borrow(PyMethod_GET_FUNCTION(p))); program.is_valid()) {
      HostFunction out = function_of(object, program);
      out.self = table_->add(nb::borrow(PyMethod_GET_SELF(p)));
      return out;
    }
  if (PyCallable_Check(p) && !PyType_Check(p))
    return HostCallable{table_->add(object), text_of(nb::getattr(object, "__name__", nb::str("function"))), {}};
  return HostOpaque{table_->add(object), "an object of class " + text_of(object.type().attr("__name__"))};
}

// The default value of one of the function's parameters.
HostObject PythonHost::default_of(const std::string& parameter) {
  nb::object signature = nb::module_::import_("inspect").attr("signature")(function_);
  nb::object found = signature.attr("parameters").attr("get")(parameter);
  return found.is_none() ? HostObject(HostUndefined{}) : classify(found.attr("default"));
}

HostObject PythonHost::resolve(const std::string& name) {
  if (name.ends_with("=")) return default_of(name.substr(0, name.size() - 1));
  nb::object code = function_.attr("__code__");
  nb::object free_names = code.attr("co_freevars");
  nb::object key = nb::str(name.c_str());
  for (size_t i = 0; i < nb::len(free_names); ++i)
    if (nb::object(free_names[i]).equal(key)) {
      nb::object cell = function_.attr("__closure__")[i];
      PyObject* content = PyCell_GET(cell.ptr());
      if (!content) return HostUndefined{};
      snapshot_->add_cell(cell, nb::borrow(content));
      return classify(nb::borrow(content));
    }
  nb::object globals = function_.attr("__globals__");
  if (PyObject* found = PyDict_GetItemWithError(globals.ptr(), key.ptr())) {
    snapshot_->add(globals, key, nb::borrow(found));
    return classify(nb::borrow(found));
  }
  nb::object builtins = nb::module_::import_("builtins");
  nb::object found = nb::getattr(builtins, name.c_str(), nb::object());
  return found.is_valid() ? classify(found) : HostObject(HostUndefined{});
}

HostObject PythonHost::attribute(const HostObject& object, const std::string& attribute) {
  nb::object holder;
  if (auto* known = std::get_if<HostKnown>(&object)) {
    holder = named(known->path);
  } else if (auto* opaque = std::get_if<HostOpaque>(&object)) {
    holder = table_->objects.at(static_cast<size_t>(opaque->handle));
  }
  if (!holder.is_valid()) return HostUndefined{};
  nb::object found = nb::getattr(holder, attribute.c_str(), nb::object());
  if (!found.is_valid()) return HostUndefined{};
  HostObject what = classify(found);
  // What NumPy and math offer stays; methods are new objects at every look-up and hold no data of their own.
  auto* known = std::get_if<HostKnown>(&object);
  if (known && !PyModule_Check(holder.ptr()) && PyCallable_Check(found.ptr()))
    return HostKnown{known->path + "." + attribute};  // numpy.add.outer
  bool fixed = (known && is_library(known->path)) || PyMethod_Check(found.ptr()) || PyCFunction_Check(found.ptr());
  if (!fixed) snapshot_->add_attribute(holder, nb::str(attribute.c_str()), found);
  return what;
}

std::optional<HostClass> PythonHost::classify_class(const nb::object& object) {
  if (!PyType_Check(object.ptr())) return std::nullopt;
  nb::object found = nb::module_::import_("thalweg.structures").attr("class_of")(object);
  if (found.is_none()) return std::nullopt;
  HostClass out{
      table_->add(object), text_of(object.attr("__name__")), nb::cast<bool>(found[0]), {}, nb::cast<bool>(found[2])};
  if (nb::object slots = found[1]; !slots.is_none()) {
    out.slots.emplace();
    for (nb::handle slot : slots) out.slots->push_back(nb::cast<std::string>(slot));
  }
  return out;
}

HostMember PythonHost::member(const HostClass& of, const std::string& name, bool setting, const HostClass* behind) {
  using Kind = HostMember::Kind;
  nb::object holder = table_->objects.at(static_cast<size_t>(of.handle));
  nb::object after = behind ? table_->objects.at(static_cast<size_t>(behind->handle)) : nb::none();
  nb::object found = nb::module_::import_("thalweg.structures").attr("member_of")(holder, name, setting, after);
  static const std::pair<const char*, Kind> kinds[] = {
      {"none", Kind::none},         {"method", Kind::method},
      {"function", Kind::function}, {"class_method", Kind::class_method},
      {"property", Kind::property}, {"read_only", Kind::read_only},
      {"value", Kind::value},       {"other", Kind::other}};
  HostMember out;
  const std::string kind = text_of(found[0]);
  for (const auto& [text, one] : kinds)
    if (kind == text) out.kind = one;
  nb::object key = nb::str(name.c_str());
  if (nb::object seen = nb::getattr(holder, key, nb::object()); seen.is_valid() && out.kind != Kind::class_method)
    snapshot_->add_attribute(holder, key, seen);
  if (out.kind != Kind::none && out.kind != Kind::other && out.kind != Kind::read_only)
    out.object = classify(nb::object(found[1]));
  return out;
}

std::optional<bool> PythonHost::is_kind_of(const HostClass* is, const HostClass& of) {
  auto type = [&](const HostClass& one) { return table_->objects.at(static_cast<size_t>(one.handle)); };
  nb::object found =
      nb::module_::import_("thalweg.structures").attr("is_kind_of")(is ? type(*is) : nb::object(nb::none()), type(of));
  return found.is_none() ? std::nullopt : std::optional<bool>(nb::cast<bool>(found));
}

HostConstruction PythonHost::construction(const HostClass& of) {
  nb::object holder = table_->objects.at(static_cast<size_t>(of.handle));
  nb::object found = nb::module_::import_("thalweg.structures").attr("construction_of")(holder);
  HostConstruction out;
  if (PyUnicode_Check(found.ptr())) {
    out.refused = text_of(found);
    return out;
  }
  for (nb::handle field : nb::object(found[0])) {
    HostConstruction::Field one{
        text_of(field[0]), text_of(field[1]) == "field", nb::cast<bool>(field[2]), nb::cast<bool>(field[3]), {}, {}};
    const std::string given = text_of(field[4]);
    if (given != "none") (given == "value" ? one.value : one.factory) = classify(nb::object(field[5]));
    out.fields.push_back(std::move(one));
  }
  if (nb::object init = found[1]; !init.is_none()) out.init = classify(init);
  out.post_init = nb::cast<bool>(found[2]);
  snapshot_->add_attribute(holder, nb::str("__init__"), holder.attr("__init__"));
  return out;
}

HostObject PythonHost::object(int handle) { return classify(table_->objects.at(static_cast<size_t>(handle))); }

HostObject PythonHost::definition(const std::string& path) {
  nb::object program = nb::module_::import_("thalweg.definitions").attr("program_of")(path);
  if (program.is_none()) return HostUndefined{};
  HostFunction out = function_of(program, program);
  out.name = path.substr(path.rfind('.') + 1);  // as the user calls it
  out.is_program = false;
  out.is_definition = true;
  out.is_python = path.starts_with("builtins.");
  return out;
}

bool PythonHost::accepts(const std::string& path, const std::string& keyword) {
  return nb::cast<bool>(nb::module_::import_("thalweg.definitions").attr("accepts")(path, keyword));
}

bool PythonHost::accepts_positional(const std::string& path, size_t count) {
  return nb::cast<bool>(nb::module_::import_("thalweg.definitions").attr("accepts_positional")(path, count));
}

int PythonHost::raising(const frontend::RaiseRequest& request) {
  nb::dict constants;
  for (const auto& [name, value] : request.constants) {
    auto* text = std::get_if<HostText>(&value);
    constants[nb::str(name.c_str())] = text ? nb::object(nb::str(text->value.c_str(), text->value.size())) : nb::none();
  }
  nb::list parameters;
  for (const std::string& name : request.parameters) parameters.append(nb::str(name.c_str()));
  nb::object made =
      nb::module_::import_("thalweg.raising")
          .attr("raising")(function_, request.text, request.assertion, request.line, parameters, constants);
  return made.is_none() ? -1 : table_->add(made);
}

HostObject PythonHost::classify_annotation(nb::object object) {
  if (nb::hasattr(object, "__thalweg_annotation__")) {
    nb::tuple parts = nb::cast<nb::tuple>(object.attr("__thalweg_annotation__"));  // dtype name, extents or None
    HostAnnotation out;
    auto dtype = ir::find_dtype(nb::cast<std::string>(parts[0]));
    if (!dtype) return HostOpaque{table_->add(object), "an annotation of unknown dtype"};
    out.dtype = *dtype;
    if (!nb::object(parts[1]).is_none()) {
      out.is_array = true;
      for (nb::handle extent : parts[1]) {
        auto expr = symbolic::parse(text_of(extent));
        if (!expr) return HostOpaque{table_->add(object), "an annotation with the extent " + text_of(extent)};
        out.shape.push_back(*expr);
      }
    }
    return out;
  }
  if (object.is(nb::handle(reinterpret_cast<PyObject*>(&PyLong_Type)))) return HostAnnotation{dtypes::pyint, {}, false};
  if (object.is(nb::handle(reinterpret_cast<PyObject*>(&PyFloat_Type))))
    return HostAnnotation{dtypes::pyfloat, {}, false};
  if (object.is(nb::handle(reinterpret_cast<PyObject*>(&PyBool_Type))))
    return HostAnnotation{dtypes::pybool, {}, false};
  if (object.is(nb::handle(reinterpret_cast<PyObject*>(&PyComplex_Type))))
    return HostAnnotation{dtypes::pycomplex, {}, false};
  if (PyType_Check(object.ptr()) && nb::hasattr(object, "__name__")) {
    std::string path = known_path(object);
    if (path.rfind("numpy.", 0) == 0)
      if (auto dtype = ir::find_dtype(path.substr(6) == "bool_" ? "bool" : path.substr(6)))
        return HostAnnotation{*dtype, {}, false};
  }
  return HostOpaque{table_->add(object), "an annotation that says nothing about dtype and shape"};
}

HostObject PythonHost::evaluate_annotation(const syntax::Expr& annotation) {
  nb::object globals = function_.attr("__globals__");
  nb::dict scope;
  nb::object names = function_.attr("__code__").attr("co_freevars");
  for (size_t i = 0; i < nb::len(names); ++i)
    if (PyObject* content = PyCell_GET(nb::object(function_.attr("__closure__")[i]).ptr()))
      scope[names[i]] = nb::borrow(content);
  std::string text = syntax::to_string(annotation);
  PyObject* value = nullptr;
  nb::object code = nb::steal(Py_CompileString(text.c_str(), "<annotation>", Py_eval_input));
  if (code.is_valid()) value = PyEval_EvalCode(code.ptr(), globals.ptr(), scope.ptr());
  if (!value) {
    PyErr_Clear();
    return HostUndefined{};
  }
  return classify_annotation(nb::steal(value));
}

}  // namespace thalweg::python
