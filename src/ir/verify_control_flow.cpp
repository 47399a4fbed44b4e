// Invariants of blocks, transitions, loops and branches.
#include "ir/verify_report.h"

namespace thalweg::ir::verifier {

void labels_are_unique(const ControlFlowRegion& region, Report& report) {
  std::set<std::string> seen;
  for (const auto& block : region.blocks())
    if (!seen.insert(block->label()).second) report.add("TW0315", *block, "another block of its region has this label");
}

void jumps_have_a_loop(const JumpBlock& jump, Report& report) {
  if (jump.parent() && !jump.parent()->out_edges(jump).empty()) report.add("TW0316", jump, "a transition leaves it");
  if (jump.jump() == Jump::return_) return;
  for (const Element* at = jump.owner(); at && !dynamic_cast<const SDFG*>(at); at = at->owner())
    if (dynamic_cast<const LoopRegion*>(at)) return;
  report.add("TW0316", jump, "it lies in no loop");
}

namespace {

void check_leaf(const SDFG& sdfg, const code::Expr& expr, const Element& where, Report& report) {
  auto bad = [&](const std::string& what) { report.add("TW0320", where, what); };
  if (expr.op == code::Op::symbol) {
    std::set<std::string> used;
    symbolic::collect_symbols(expr.symbol, used);
    for (const auto& name : used)
      if (!sdfg.get().symbols.count(name)) bad("it reads '" + name + "', which is no symbol");
    return;
  }
  const Container* container = sdfg.find(expr.name);
  if (!container) return bad("it reads '" + expr.name + "', which is no container");
  const ContainerFields& fields = container->get();
  if (fields.dtype != expr.type)
    bad("it reads '" + expr.name + "' as " + expr.type.name() + ", not " + fields.dtype.name());
  if (fields.shape.size() != expr.args.size())
    bad("it reads '" + expr.name + "' with " + std::to_string(expr.args.size()) + " indices for " +
        std::to_string(fields.shape.size()) + " dimensions");
  if (fields.kind == ContainerKind::stream) bad("it reads the stream '" + expr.name + "'");
  if (!fields.storage.row().host_access) bad("the host cannot read '" + expr.name + "' in " + fields.storage.name());
}

void check_condition(const SDFG& sdfg, const code::Ptr& condition, const char* code, const Element& where,
                     Report& report) {
  if (!condition) return;
  if (!condition->type.is_bool()) report.add(code, where, "its condition is " + condition->type.name() + ", not bool");
  control_code_reads_containers(sdfg, *condition, where, report);
}

// `symbol := value`
void check_assignment(const SDFG& sdfg, const std::string& symbol, const code::Ptr& value, const char* code,
                      const Element& where, Report& report) {
  auto declared = sdfg.get().symbols.find(symbol);
  if (declared == sdfg.get().symbols.end())
    return report.add(code, where, "'" + symbol + "' is assigned, but is no symbol");
  if (!value) return report.add(code, where, "'" + symbol + "' is assigned nothing");
  if (value->type != declared->second)
    report.add(code, where,
               "'" + symbol + "' is " + declared->second.name() + ", but is assigned " + value->type.name());
  control_code_reads_containers(sdfg, *value, where, report);
}

}  // namespace

void control_code_reads_containers(const SDFG& sdfg, const code::Expr& expr, const Element& where, Report& report) {
  using code::Op;
  if (expr.op == Op::symbol || expr.op == Op::input || expr.op == Op::element) check_leaf(sdfg, expr, where, report);
  for (const auto& argument : expr.args) control_code_reads_containers(sdfg, *argument, where, report);
}

void loops_are_whole(const SDFG& sdfg, const LoopRegion& loop, Report& report) {
  const LoopFields& fields = loop.get();
  if (!fields.condition) report.add("TW0317", loop, "it has no condition");
  check_condition(sdfg, fields.condition, "TW0317", loop, report);
  if (fields.variable.empty()) {
    if (fields.init || fields.update) report.add("TW0317", loop, "it has no variable to set");
    return;
  }
  check_assignment(sdfg, fields.variable, fields.init, "TW0317", loop, report);
  check_assignment(sdfg, fields.variable, fields.update, "TW0317", loop, report);
}

void branches_are_ordered(const SDFG& sdfg, const ConditionalBlock& block, Report& report) {
  if (block.branches().empty()) report.add("TW0318", block, "it has no branches");
  for (size_t k = 0; k < block.branches().size(); ++k) {
    const auto& branch = block.branches()[k];
    if (!branch.condition && k + 1 < block.branches().size())
      report.add("TW0318", block, "a branch without condition is not the last");
    check_condition(sdfg, branch.condition, "TW0318", block, report);
  }
}

void transitions_are_typed(const SDFG& sdfg, const ControlFlowRegion& region, Report& report) {
  for (const auto& edge : region.edges()) {
    check_condition(sdfg, edge->get().condition, "TW0319", *edge, report);
    std::set<std::string> assigned;
    for (const auto& [symbol, value] : edge->get().assignments) {
      if (!assigned.insert(symbol).second) report.add("TW0319", *edge, "'" + symbol + "' is assigned twice");
      check_assignment(sdfg, symbol, value, "TW0319", *edge, report);
    }
  }
}

}  // namespace thalweg::ir::verifier
