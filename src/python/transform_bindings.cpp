#include "python/transform_bindings.h"

#include <map>

#include "passes/pipelines.h"
#include "rewrite/journal.h"
#include "text/text.h"
#include "transforms/registry.h"

namespace thalweg::python {

namespace {

using ir::SDFG;
using rewrite::OptionValue;
using rewrite::OptionValues;
using rewrite::Transformation;

// Several transformations one after the other, again while something changes; a bound for those that undo one another.
constexpr int kMostRounds = 16;

[[noreturn]] void refuse(const std::string& expected, nb::handle given) {
  raise_value_error(expected + ", not " + nb::cast<std::string>(nb::repr(given)));
}

template <class T>
bool take(nb::handle value, OptionValue& into) {
  T taken;
  if (!nb::try_cast(value, taken, false)) return false;
  into = std::move(taken);
  return true;
}

OptionValue option_from(nb::handle value) {
  OptionValue out;
  if (take<bool>(value, out) || take<int64_t>(value, out) || take<std::string>(value, out)) return out;
  const bool list = nb::isinstance<nb::list>(value) || nb::isinstance<nb::tuple>(value);
  if (list && (take<std::vector<int64_t>>(value, out) || take<std::vector<std::string>>(value, out))) return out;
  refuse("an option is a truth value, an integer of 64 bits, a text, or a list of integers or texts", value);
}

nb::object to_python(const OptionValue& value) {
  return std::visit(
      [](const auto& v) -> nb::object {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, std::vector<int64_t>> || std::is_same_v<T, std::vector<std::string>>) {
          nb::list out;
          for (const auto& one : v) out.append(one);
          return out;
        } else {
          return nb::cast(v);
        }
      },
      value);
}

OptionValues options_from(nb::handle options) {
  OptionValues out;
  if (options.is_none()) return out;
  if (!nb::isinstance<nb::dict>(options)) refuse("options are a dict of names and values", options);
  for (auto [name, value] : nb::borrow<nb::dict>(options)) {
    if (!nb::isinstance<nb::str>(name)) refuse("the name of an option is a text", name);
    out[nb::cast<std::string>(name)] = option_from(value);
  }
  return out;
}

Transformation with_options(const std::string& text, const OptionValues& options) {
  Transformation parsed = value_or_raise(transforms::parse_transformation(text), text);
  if (options.empty()) return parsed;
  if (text.find('(') != std::string::npos)
    raise_value_error("options are given twice: in '" + text + "' and beside it");
  return value_or_raise(parsed.with(options));
}

// A text, or a class or object of thalweg.transformation, which carries its options.
Transformation one_from(nb::handle item, nb::handle options) {
  OptionValues values = options_from(options);
  if (nb::isinstance<nb::str>(item)) return with_options(nb::cast<std::string>(item), values);
  std::string name;
  if (!nb::hasattr(item, "transformation_name") || !nb::try_cast(item.attr("transformation_name"), name, false))
    refuse("a transformation is a name, or a class of thalweg.transformation", item);
  if (nb::hasattr(item, "options"))
    for (auto& [name, value] : options_from(item.attr("options"))) values.emplace(name, std::move(value));
  return with_options(name, values);
}

// One transformation or several; options as one dict, or one for each.
std::vector<Transformation> transformations_from(nb::handle names, nb::handle options) {
  if (nb::isinstance<nb::str>(names) && options.is_none())
    return value_or_raise(transforms::parse_transformations(nb::cast<std::string>(names)),
                          nb::cast<std::string>(names));
  if (!nb::isinstance<nb::list>(names) && !nb::isinstance<nb::tuple>(names)) return {one_from(names, options)};
  const size_t count = nb::len(names);
  const bool each = nb::isinstance<nb::list>(options) || nb::isinstance<nb::tuple>(options);
  if (each && nb::len(options) != count)
    raise_value_error(std::to_string(nb::len(options)) + " options are given for " + std::to_string(count) +
                      " transformations");
  if (!each && !options.is_none() && count != 1)
    raise_value_error("options of several transformations are a list with one dict for each");
  std::vector<Transformation> out;
  for (size_t k = 0; k < count; ++k)
    out.push_back(one_from(nb::object(names[k]), each ? nb::object(options[k]) : nb::borrow(options)));
  return out;
}

// Each transformation once, at the first place where it applies, nested graphs included; returns how many did.
int apply_once(SDFG& sdfg, nb::handle names, nb::handle options) {
  int count = 0;
  rewrite::Journal journal;
  for (const Transformation& one : transformations_from(names, options)) {
    for (SDFG* graph : ir::all_sdfgs(sdfg)) {
      auto candidate = one.first(*graph);
      if (!candidate) continue;
      ok_or_raise(journal.apply(*graph, one, *candidate));
      ++count;
      break;
    }
  }
  return count;
}

// The transformations in order, each until it applies nowhere, and again while any does; nested graphs included.
int apply_repeated(SDFG& sdfg, nb::handle names, nb::handle options) {
  int total = 0;
  rewrite::Journal journal;
  const std::vector<Transformation> all = transformations_from(names, options);
  for (int round = 0; round < kMostRounds; ++round) {
    int count = 0;
    for (const Transformation& one : all)
      if (round == 0 || !one.once) count += value_or_raise(journal.apply_repeated(sdfg, one));
    total += count;
    if (count == 0 || all.size() == 1) break;
  }
  return total;
}

nb::list lines_of(const base::Location& location) {
  nb::list out;
  for (const base::Span& span : location) out.append(nb::make_tuple(span.file ? *span.file : std::string(), span.line));
  return out;
}

// Every place that the transformation looks at, with the reason where it does not apply.
nb::list explain(SDFG& sdfg, nb::handle name, nb::handle options) {
  nb::list out;
  const Transformation one = one_from(name, options);
  for (SDFG* graph : ir::all_sdfgs(sdfg))
    for (const rewrite::Candidate& candidate : one.candidates(*graph)) {
      nb::dict place;
      place["graph"] = (*graph)->name;
      place["place"] = candidate.place;
      place["applies"] = candidate.declined.empty();
      place["reason"] = candidate.declined;
      place["lines"] = lines_of(candidate.location);
      out.append(place);
    }
  return out;
}

int simplify(SDFG& sdfg) {
  rewrite::Journal journal;
  return value_or_raise(passes::simplify(sdfg, journal));
}

int auto_optimize(SDFG& sdfg) {
  rewrite::Journal journal;
  return value_or_raise(passes::auto_optimize(sdfg, journal));
}

nb::list known() {
  nb::list out;
  for (const Transformation* one : transforms::all_transformations()) {
    nb::dict options;
    for (const rewrite::OptionInfo& option : one->options)
      options[option.name.c_str()] = nb::make_tuple(to_python(option.standard), option.help);
    out.append(nb::make_tuple(one->name, one->help, options));
  }
  return out;
}

}  // namespace

void bind_transformations(nb::module_& module, nb::class_<SDFG, ir::ControlFlowRegion>& sdfg) {
  sdfg.def("apply_transformations", &apply_once, nb::arg("names"), nb::arg("options") = nb::none(),
           "Applies each named transformation once, where it first matches; returns how many applied.")
      .def("apply_transformations_repeated", &apply_repeated, nb::arg("names"), nb::arg("options") = nb::none(),
           "Applies the named transformations until they match nowhere; returns the number of applications.")
      .def("explain_transformation", &explain, nb::arg("name"), nb::arg("options") = nb::none(),
           "Every place that the transformation looks at: [{graph, place, applies, reason, lines}, ...].")
      .def("simplify", &simplify,
           "Makes the graph smaller and plainer, as before compiling; returns the number of applications.")
      .def("auto_optimize", &auto_optimize,
           "All that runs before compiling, `simplify` included; returns the number of applications.");
  module.def(
      "check_options", [](const std::string& name, nb::handle options) { with_options(name, options_from(options)); },
      nb::arg("name"), nb::arg("options"), "Raises what is wrong with the options of a transformation.");
  module.def("transformations", &known, "[(name, what it does, {option: (standard value, meaning)}), ...]");
  module.def(
      "parse_transformations",
      [](const std::string& text) {
        value_or_raise(transforms::parse_transformations(text), text);  // checked as a whole, then each as it stands
        return transforms::split_transformations(text);
      },
      nb::arg("text"), "'A, B(x=1)' as ['A', 'B(x=1)'].");
}

}  // namespace thalweg::python
