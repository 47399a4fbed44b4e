// Invariants of a graph's declarations.
#include <algorithm>

#include "ir/verify_report.h"

namespace thalweg::ir::verifier {

void names_are_distinct(const SDFG& sdfg, Report& report) {
  if (!is_name(sdfg.get().name)) report.add("TW0310", sdfg, "'" + sdfg.get().name + "' is no name for a graph");
  std::set<std::string> containers;
  for (const auto& container : sdfg.containers()) {
    const std::string& name = container->get().name;
    if (!is_dotted_name(name)) report.add("TW0310", *container, "'" + name + "' is no name for a container");
    if (!containers.insert(name).second) report.add("TW0310", *container, "two containers have this name");
  }
  for (const auto& [name, type] : sdfg.get().symbols) {
    if (!is_name(name)) report.add("TW0310", sdfg, "'" + name + "' is no name for a symbol");
    if (containers.count(name)) report.add("TW0310", sdfg, "'" + name + "' is a container and a symbol");
  }
}

void declared_symbols_are_integers(const SDFG& sdfg, Report& report) {
  for (const auto& [name, type] : sdfg.get().symbols)
    if (type != dtypes::int64 && type != dtypes::pyint)
      report.add("TW0314", sdfg, "symbol '" + name + "' is " + type.name() + ", not int64 or pyint");
}

void arguments_exist(const SDFG& sdfg, Report& report) {
  std::set<std::string> seen;
  for (const auto& name : sdfg.get().arguments) {
    if (!seen.insert(name).second) report.add("TW0311", sdfg, "argument '" + name + "' is listed twice");
    const Container* container = sdfg.find(name);
    if (!container && !sdfg.get().symbols.count(name))
      report.add("TW0311", sdfg, "argument '" + name + "' is neither container nor symbol");
    if (container && container->get().transient) report.add("TW0311", *container, "an argument cannot be transient");
  }
}

namespace {

void check_return(const SDFG& sdfg, const ReturnValue& value, Report& report) {
  using Kind = ReturnValue::Kind;
  std::set<std::string> known, used;
  for (const auto& [name, type] : sdfg.get().symbols) known.insert(name);
  if (value.kind == Kind::symbol) symbolic::collect_symbols(value.expr, used);
  if (value.kind == Kind::view) symbolic::collect_symbols(value.subset, used);
  for (const auto& name : used)
    if (!known.count(name)) report.add("TW0312", sdfg, "a returned value uses '" + name + "', which is no symbol");
  if (value.kind != Kind::container && value.kind != Kind::view) return;
  const Container* container = sdfg.find(value.container);
  if (!container) return report.add("TW0312", sdfg, "returned container '" + value.container + "' does not exist");
  // A reference owns nothing: what it points at when the graph ends is given by the caller.
  if (container->get().transient && container->get().kind != ContainerKind::reference)
    report.add("TW0312", *container, "a returned container cannot be transient: it outlives the graph");
  if (value.kind != Kind::view) return;
  if (value.subset.rank() != container->rank())
    report.add("TW0312", *container,
               "the returned view has " + std::to_string(value.subset.rank()) + " ranges for " +
                   std::to_string(container->rank()) + " dimensions");
  for (int dim : value.dims)
    if (dim < -1 || dim >= static_cast<int>(container->rank()))
      report.add("TW0312", *container,
                 "the returned view keeps dimension " + std::to_string(dim) + ", which does not exist");
}

}  // namespace

void returns_exist(const SDFG& sdfg, Report& report) {
  for (const auto& value : sdfg.get().returns) check_return(sdfg, value, report);
}

namespace {

void check_container(const SDFG& sdfg, const Container& container, Report& report) {
  const ContainerFields& fields = container.get();
  auto bad = [&](const std::string& what) { report.add("TW0313", container, what); };
  if (fields.strides.size() != fields.shape.size())
    bad(std::to_string(fields.shape.size()) + " dimensions, but " + std::to_string(fields.strides.size()) + " strides");
  if (fields.kind == ContainerKind::scalar && !fields.shape.empty()) bad("a scalar has no dimensions");
  for (const auto& extent : fields.shape)
    if (auto value = extent.as_integer(); value && *value < 0) bad("an extent is " + std::to_string(*value));
  if (fields.alignment < 0 || (fields.alignment & (fields.alignment - 1))) bad("the alignment is no power of two");
  std::set<std::string> used;
  for (const auto* list : {&fields.shape, &fields.strides})
    for (const auto& expr : *list) symbolic::collect_symbols(expr, used);
  symbolic::collect_symbols(fields.offset, used);
  symbolic::collect_symbols(fields.buffer_size, used);
  for (const auto& name : used)
    if (!sdfg.get().symbols.count(name)) bad("its shape uses '" + name + "', which is no symbol of the graph");
  const bool reference = fields.kind == ContainerKind::reference;
  if (!reference && (!fields.targets.empty() || !fields.distinct.empty())) bad("only a reference has targets");
  for (const auto* list : {&fields.targets, &fields.distinct, &fields.members})
    for (const auto& name : *list)
      if (!sdfg.find(name)) bad("it names '" + name + "', which is no container");
  for (const auto& name : fields.targets)
    if (const Container* target = sdfg.find(name); target && target->get().dtype != fields.dtype)
      bad("its target '" + name + "' is " + target->get().dtype.name() + ", not " + fields.dtype.name());
  if ((reference || fields.kind == ContainerKind::view) && !fields.transient) bad("a view or reference is transient");
}

}  // namespace

void containers_are_whole(const SDFG& sdfg, Report& report) {
  for (const auto& container : sdfg.containers()) check_container(sdfg, *container, report);
}

}  // namespace thalweg::ir::verifier
