// a.flags and a.flat: what an array says of its memory, and its elements one behind the other.
#include <map>

#include "frontend/builder.h"
#include "frontend/numpy/registry.h"

namespace thalweg::frontend {

namespace {

// NumPy's keys of a.flags, as the attributes that they stand for.
const std::map<std::string, std::string>& flag_names() {
  static const std::map<std::string, std::string> names{{"C", "c_contiguous"},
                                                        {"C_CONTIGUOUS", "c_contiguous"},
                                                        {"CONTIGUOUS", "c_contiguous"},
                                                        {"F", "f_contiguous"},
                                                        {"F_CONTIGUOUS", "f_contiguous"},
                                                        {"FORTRAN", "f_contiguous"},
                                                        {"W", "writeable"},
                                                        {"WRITEABLE", "writeable"},
                                                        {"O", "owndata"},
                                                        {"OWNDATA", "owndata"},
                                                        {"FORC", "forc"},
                                                        {"FNC", "fnc"},
                                                        {"contiguous", ""},
                                                        {"fortran", ""},
                                                        {"c_contiguous", ""},
                                                        {"f_contiguous", ""},
                                                        {"writeable", ""},
                                                        {"owndata", ""},
                                                        {"forc", ""},
                                                        {"fnc", ""}};
  return names;
}

}  // namespace

// Is the order of the elements in memory, and whose memory it is, what it is in NumPy? Of an argument and of its views
// it is; a new array has rows here, where NumPy may follow the order of an operand.
bool Builder::laid_out_as_in_numpy(const Array& array) const {
  for (const std::string& name : memory_of(array.container)) {
    const ir::ContainerFields* fields = find_fields(name);
    if (!fields || unsure_copies_.count(name) || (fields->transient && !laid_out_.count(name))) return false;
  }
  return true;
}

// Do the elements follow one another in memory? Nothing: not known. Of no elements it is always said.
std::optional<bool> Builder::is_contiguous_flag(const Array& array, bool fortran, const Span& span) {
  for (const Expr& extent : array.shape)
    if (ask(symbolic::eq(extent, 0), span, "whether this extent is 0").value_or(false)) return true;
  if (array.rank() == 0) return true;
  return is_dense(*this, array, fortran, span);
}

std::optional<bool> Builder::flag_of(const Array& array, const std::string& name, const Span& span) {
  if (name == "writeable") {
    if (array.writes == Through::read_only) return false;
    if (array.writes != Through::allowed || !check_sure(array.container, span)) return std::nullopt;
    std::optional<bool> open;
    for (const std::string& memory : memory_of(array.container)) {
      const auto closed = unwritable_.find(memory);
      if (closed != unwritable_.end() && closed->second != Writing::read_only) return std::nullopt;
      const bool one = closed == unwritable_.end();
      if (open && *open != one) return std::nullopt;
      open = one;
    }
    return open;
  }
  if (!laid_out_as_in_numpy(array)) return std::nullopt;
  if (name == "owndata") {  // whether an argument does is its maker's business
    if (array.own_object) return false;
    return laid_out_.count(array.container) ? std::optional<bool>(true) : std::nullopt;
  }
  const std::optional<bool> rows = is_contiguous_flag(array, false, span);
  const std::optional<bool> columns = is_contiguous_flag(array, true, span);
  if (!rows || !columns) return std::nullopt;
  if (name == "c_contiguous") return rows;
  if (name == "f_contiguous") return columns;
  return name == "forc" ? *rows || *columns : *columns && !*rows;
}

// a.flags.c_contiguous, a.flags['C_CONTIGUOUS']
ValueResult Builder::flag_value(const Value& object, std::string name, const Span& span) {
  if (auto found = flag_names().find(name); found == flag_names().end())
    return error("TW1024", span, "the flag '" + name + "' of an array is not supported",
                 "c_contiguous, f_contiguous, writeable and owndata are");
  else if (!found->second.empty())
    name = found->second;
  if (name == "contiguous" || name == "fortran") name = name == "contiguous" ? "c_contiguous" : "f_contiguous";
  auto* array = object.as<Array>();
  const std::optional<bool> known = array ? flag_of(*array, name, span) : std::nullopt;
  if (!known)
    return error("TW1024", span, "the flag '" + name + "' of " + describe(object) + " is not known when compiling",
                 "it is of arguments, of views of them, and of arrays that np.zeros and its like make");
  return Value(constant_bool(*known));
}

// The elements in one dimension, the last one of the array fastest: to be read.
ValueResult Builder::flat_elements(const Value& object, const Span& span) {
  const std::string hint = std::exchange(name_hint_, "");
  TW_TRY(Array array, materialize(object, "", span));
  TW_TRY(Value flat, array.rank() == 1
                         ? ValueResult(Value(array))
                         : call_known("numpy.reshape", {{Value(array), Value(integer_value(-1))}, {}, span}, span));
  name_hint_ = hint;
  return flat;
}

// a.flat[index]: an element, or a copy of several.
ValueResult Builder::flat_subscript(const Value& object, const Value& index, const Span& span) {
  if (index.as<TupleValue>() || index.as<NoneObject>())
    return error("TW1024", span, "indexing .flat with " + describe(index) + " is not supported",
                 "use an integer, a slice or an array");
  TW_TRY(Value flat, flat_elements(object, span));
  TW_TRY(Value found, subscript(flat, index, span));
  return found.as<Array>() ? call_known("numpy.copy", {{std::move(found)}, {}, span}, span) : ValueResult(found);
}

// a.flat[index] = value, a.flat = value; several values are repeated in NumPy, which is not done here.
Status Builder::flat_store(const Value& object, const std::optional<Value>& index, const Value& value,
                           const Span& span) {
  auto* array = object.as<Array>();
  auto* number = value.as<Computed>();
  if (!array || (index && (index->as<TupleValue>() || index->as<NoneObject>())) || !number || !number->scalar())
    return error("TW1042", span, "assigning anything but one number through .flat is not supported",
                 "assign to a.reshape(-1), or to elements of the array");
  const bool one = index && index->as<Computed>();  // as an item is stored; else NumPy's numbers are cast as arrays are
  Value held = value;
  if (!one && !number->dtype.python() && !number->mixed && !number->dtype.is_complex()) {
    TW_TRY(Computed converted, cast(*number, array->dtype, span));
    held = Value(std::move(converted));
  }
  if (!index) return store(*array, held, span);
  if (array->rank() != 1 && !is_dense(*this, *array, false, span).value_or(false))
    return error("TW1042", span, "assigning through .flat of an array whose rows have gaps is not supported",
                 "assign to elements of the array");
  TW_TRY(Value flat, flat_elements(object, span));
  return store_elements(*flat.as<Array>(), *index, held, span);
}

}  // namespace thalweg::frontend
