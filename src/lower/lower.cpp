// The order of lowering: names, memory, control flow, results, then the passes over loop IR.
#include "lower/lower.h"

#include "lower/lowering.h"

namespace thalweg::lower {

const char* to_string(Level level) {
  switch (level) {
    case Level::serial: return "serial";
    case Level::parallel: return "parallel";
    case Level::vector: return "vector";
    case Level::grid: return "grid";
    case Level::block: return "block";
  }
  return "?";
}

base::Diagnostic refuse(const base::Location& location, const std::string& message, const std::string& fix) {
  base::Diagnostic diagnostic{"TW0600", base::ErrorKind::unsupported, message};
  if (!location.empty()) diagnostic.span = location.front();
  diagnostic.fix = fix;
  return diagnostic;
}

void Lowering::add_source(const base::Location& location) {
  if (location.empty() || !location.front().known()) return;
  if (in_map()) return;
  add(Source{location.front()});
}

std::string Lowering::new_variable(const std::string& base, ir::DType dtype) {
  std::string name = names_.fresh(base);
  program_.variables[name] = {name, dtype};
  return name;
}

Result<Program> Lowering::run() {
  program_.name = sdfg_->name;
  Graph graph;
  graph.sdfg = const_cast<ir::SDFG*>(&sdfg_);
  out_ = &root_;
  TW_TRY_VOID(declare_symbols(graph));
  graph.local = local_containers(sdfg_);
  TW_TRY_VOID(declare_arguments(graph));
  TW_TRY_VOID(declare_transients(graph));
  TW_TRY_VOID(lower_graph(graph));
  TW_TRY_VOID(lower_results(graph));
  out_ = nullptr;
  order_loops(program_, root_, options_);
  if (options_.fuse) fuse(program_, root_, options_);
  if (options_.parallel && !options_.kernels) batch_products(program_, root_);
  if (options_.parallel && !options_.kernels) spread_loops(program_, root_);
  if (!options_.kernels) exchange_memory(program_, root_);
  if (!options_.kernels) reuse_memory(program_, root_);
  if (!options_.kernels) place_memory(program_, root_);
  outline(program_, std::move(root_), options_);
  for (const Function& function : program_.functions) {
    bool reduces = false;
    each_statement(const_cast<Body&>(function.body),
                   [&](Statement& s) { reduces |= std::holds_alternative<Reduce>(s.node); });
    if (function.kind == Function::Kind::kernel && (function.uses_context || reduces))
      return refuse(sdfg_.location(), "a kernel that allocates, raises or reduces cannot be compiled for a device yet");
  }
  return std::move(program_);
}

Result<Program> lower(const ir::SDFG& sdfg, const Options& options) { return Lowering(sdfg, options).run(); }

}  // namespace thalweg::lower
