// From a frontend graph to a callable: cache, passes, lower, emit, compile, load; each phase timed.
#include "driver/build.h"

#include "base/planted.h"
#include "driver/timer.h"
#include "emit/emit.h"
#include "jit/cache.h"
#include "jit/digest.h"
#include "jit/external.h"
#include "lower/lower.h"
#include "passes/pipelines.h"
#include "text/text.h"
#include "thalweg/external_math.h"
#include "thalweg/prelude.h"
#include "verify/oracle.h"
#include "verify/order_oracle.h"

namespace thalweg::driver {

namespace {

EntryPlan plan_of(const lower::Program& program, const ir::SDFG& graph) {
  EntryPlan plan;
  plan.data = program.signature.data;
  plan.symbols = program.signature.symbols;
  for (const lower::RaiseSite& site : program.signature.raise_sites)
    plan.raise_sites.push_back({site.kind, site.message, site.span});
  const auto& returns = graph.get().returns;
  for (size_t i = 0; i < returns.size(); ++i) {
    EntryPlan::Result result;
    const lower::Program::Result& lowered = program.signature.results[i];
    switch (returns[i].kind) {
      case ir::ReturnValue::Kind::none: break;
      case ir::ReturnValue::Kind::symbol: result = {EntryPlan::Result::Kind::scalar, "", ir::dtypes::pyint}; break;
      case ir::ReturnValue::Kind::container:
        result = {lowered.in_shape ? EntryPlan::Result::Kind::scalar : EntryPlan::Result::Kind::fresh,
                  returns[i].container, lowered.dtype};
        break;
      case ir::ReturnValue::Kind::view:
        result = {EntryPlan::Result::Kind::view, returns[i].container, lowered.dtype};
        break;
    }
    plan.results.push_back(std::move(result));
  }
  plan.returns_tuple = graph.get().returns_tuple;
  return plan;
}

// Everything that decides the machine code: the graph before passes, guards, options, machine, compiler, and Thalweg
// with its runtime.
std::string cache_key(const Build& build, const BuildContext& context) {
  std::string text = text::print(*build.graph, {.locations = true});
  for (const Guard& guard : build.guards) text += "\nguard " + symbolic::to_string(guard.condition);
  text += "\naliased " + std::to_string(build.aliased) + " optimise " + std::to_string(context.optimise);
  static const std::string builder = jit::compiler_build_id() + "\n" + jit::own_build_id();
  text += "\n" + jit::target_id() + "\n" + builder;
  return jit::digest(text);
}

base::Diagnostic bad_program(const std::string& what) {
  base::Diagnostic error;
  error.kind = base::ErrorKind::internal;
  error.message = what;
  return error;
}

// C text to machine code: by the compiler inside, or by the one that THALWEG_CC names.
base::Result<jit::CompiledObject> compile_text(const Build& build) {
  jit::Source source{build.graph->get().name + ".c", build.c_text};
  const auto command = jit::external_compiler();
  if (!command) return jit::compile({&source, 1});
  source.text += runtime::external_math_text();
  return jit::compile_external(source, *command);
}

base::Status bind_entry(Build& build) {
  if (auto* table = static_cast<void**>(build.code.symbol("thw_external_math"))) runtime::bind_external_math(table);
  build.entry = build.code.function<int32_t(thw_context*, const thw_call*)>("thw_entry");
  if (!build.entry) return bad_program("the compiled program has no entry");
  return base::success();
}

void log_build(const Build& build, const BuildContext& context) {
  if (!context.log) return;
  auto ms = [](double value) {
    char buffer[32];
    snprintf(buffer, sizeof buffer, "%.1f", value);
    return std::string(buffer);
  };
  const BuildTimes& t = build.times;
  std::string phases = "frontend " + ms(t.frontend);
  if (build.cached)
    phases += ", cache hit " + ms(t.cache);
  else
    phases += ", passes " + ms(t.passes) + ", lower " + ms(t.lower) + ", emit " + ms(t.emit) + ", compile " +
              ms(t.compile) + ", load " + ms(t.load);
  context.log(build.graph->get().name + ": " + build.why + ": " + ms(t.frontend + t.total) + " ms (" + phases + ")");
}

// The text for the compiler, with those declarations of the runtime that it uses.
std::string c_text_of(const lower::Program& program, const SourceText& source) {
  auto line = [&](const base::Span& span) { return source.line(span); };
  auto prelude = [](std::string_view text) { return runtime::prelude_for(text); };
  return emit::emit_c(program, emit::c_dialect(), line, prelude);
}

}  // namespace

std::string SourceText::line(const base::Span& span) const {
  if (!file || !span.file || *span.file != *file || span.line < first_line) return "";
  size_t at = 0;
  for (int number = first_line; number < span.line; ++number) {
    at = text.find('\n', at);
    if (at == std::string::npos) return "";
    ++at;
  }
  return text.substr(at, text.find('\n', at) - at);
}

// Without instructions for it, float16 would take functions that the emitted code does not have.
static bool has_half() {
#ifdef __x86_64__
  return __builtin_cpu_supports("f16c");
#else
  return false;
#endif
}

base::Status optimise(ir::SDFG& graph, const GraphObserver& observer) { return passes::optimise(graph, observer); }

base::Result<Emitted> emit_program(const ir::SDFG& optimised, bool aliased, const SourceText& source) {
  lower::Options options;
  options.no_alias = !aliased;
  options.half = has_half();
  TW_TRY(lower::Program program, lower::lower(optimised, options));
  return Emitted{c_text_of(program, source), plan_of(program, optimised)};
}

base::Result<std::string> export_program(const ir::SDFG& optimised, bool aliased, const SourceText& source) {
  lower::Options options;
  options.no_alias = !aliased;
  TW_TRY(lower::Program program, lower::lower(optimised, options));
  return emit::emit_cpp(program, [&](const base::Span& span) { return source.line(span); });
}

namespace {

// Between frontend and lower; under verify mode each application is held against the interpreter.
base::Status run_passes(ir::SDFG& graph, const BuildContext& context) {
  if (!verify::verify_mode()) return passes::optimise(graph);
  const auto say = [&](const std::string& what) {
    if (context.log) context.log(graph.get().name + ": verify: " + what);
  };
  if (verify::verifies_order_only()) {
    verify::OrderOracle oracle;
    rewrite::Journal journal(&oracle);
    TW_TRY_VOID(passes::optimise(graph, journal));
    say(std::to_string(oracle.applications()) + " applications, every access in order");
    return base::success();
  }
  verify::InterpreterOracle oracle;
  rewrite::Journal journal(&oracle);
  TW_TRY_VOID(passes::optimise(graph, journal));
  say(std::to_string(oracle.applications()) + " applications, " + std::to_string(oracle.runs()) +
      " comparisons, no difference");
  return base::success();
}

}  // namespace

// Opened once: its folder must not change under us.
static const jit::Cache& cache() {
  static const jit::Cache opened = jit::Cache::from_environment();
  return opened;
}

base::Status plan_build(Build& build, const BuildContext& context) {
  Timer total, phase;
  // Overlapping arguments: program order is kept, nothing is fused or moved.
  build.optimised = context.optimise && !build.aliased;
  // A hit would verify nothing; what another compiler made is not kept, and still less what has a fault planted in it.
  const bool use_cache =
      cache().usable() && !jit::external_compiler() && !verify::verify_mode() && !base::planted_fault;
  if (use_cache) {
    build.cache_key = cache_key(build, context);
    if (auto hit = cache().lookup(build.cache_key)) {
      auto plan = plan_from_text(hit->metadata);
      if (plan) {
        build.plan = std::move(*plan);
        build.code = std::move(hit->code);
        build.cached = true;
        build.times.cache = phase.milliseconds();
        build.times.total = total.milliseconds();
        log_build(build, context);
        return bind_entry(build);
      }
    }
    build.times.cache = phase.milliseconds();
  }

  phase = Timer();
  ir::Ref<ir::SDFG> optimised = ir::clone(*build.graph);
  if (build.optimised) TW_TRY_VOID(run_passes(*optimised, context));
  build.times.passes = phase.milliseconds();

  phase = Timer();
  lower::Options options;
  options.no_alias = !build.aliased;
  options.half = has_half();
  TW_TRY(lower::Program program, lower::lower(*optimised, options));
  build.plan = plan_of(program, *optimised);
  build.times.lower = phase.milliseconds();
  phase = Timer();
  build.c_text = c_text_of(program, build.source);
  build.times.emit = phase.milliseconds();
  build.times.total = total.milliseconds();
  return base::success();
}

base::Status compile_build(Build& build, const BuildContext& context) {
  Timer total;
  base::Status status = base::success();
  context.without_host([&] {
    Timer compile;
    auto object = compile_text(build);
    if (!object) {
      status = std::move(object.error());
      return;
    }
    build.times.jit = object->times;
    build.times.compile = compile.milliseconds();
    if (!build.cache_key.empty()) cache().store(build.cache_key, object->bytes, to_text(build.plan));
    Timer load;
    auto code = jit::load(object->bytes);
    build.times.load = load.milliseconds();
    if (code)
      build.code = std::move(*code);
    else
      status = std::move(code.error());
  });
  if (!status) return status;
  build.times.total += total.milliseconds();
  log_build(build, context);
  return bind_entry(build);
}

}  // namespace thalweg::driver
