// The verdicts: loops of Python are those of the frontend's graph, looked up in the journal and in the optimised graph;
// everything else is what stands at the top of the optimised graph's states, with what lower says about it.
#include "driver/explain.h"

#include <algorithm>
#include <map>

#include "driver/explain_parts.h"
#include "ir/scopes.h"
#include "passes/pipelines.h"
#include "transforms/registry.h"

namespace thalweg::driver {

using base::Span;

namespace {

bool has(const base::Location& location, const Span& span) {
  return std::find(location.begin(), location.end(), span) != location.end();
}

// Every loop of a graph and of the graphs nested in it.
std::vector<ir::LoopRegion*> loops_of(ir::SDFG& graph) {
  std::vector<ir::LoopRegion*> found;
  for (ir::SDFG* sdfg : ir::all_sdfgs(graph))
    for (ir::ControlFlowBlock* block : ir::all_blocks(*sdfg))
      if (auto* loop = dynamic_cast<ir::LoopRegion*>(block)) found.push_back(loop);
  return found;
}

// "for_i_12" is the loop over i of line 12.
std::string variable_of(const ir::LoopRegion& loop, const Span& span) {
  const std::string& label = loop.label();
  const size_t end = label.rfind("_" + std::to_string(span.line));
  if (!label.starts_with("for_") || end == std::string::npos || end < 4) return "";
  return label.substr(4, end - 4);
}

class Explainer {
 public:
  explicit Explainer(const Build& build) : build_(build), optimised_(ir::clone(*build.graph)) {}

  base::Result<std::vector<NestReport>> run() {
    if (build_.optimised) TW_TRY_VOID(passes::optimise(*optimised_, journal_));
    lower::Options options;
    options.no_alias = !build_.aliased;
    TW_TRY(lower::Program program, lower::lower(*optimised_, options));
    remarks_ = lower::remarks(program);
    declined_ = reasons_against("LoopToMap", *optimised_);
    loops();
    for (ir::SDFG* sdfg : ir::all_sdfgs(*optimised_))
      for (ir::State* state : ir::all_states(*sdfg)) nests_of(*state);
    std::multimap<std::pair<std::string, int>, NestReport> by_line;
    for (NestReport& report : found_) by_line.emplace(std::pair(report.file, report.line), std::move(report));
    found_.clear();
    for (auto& [line, report] : by_line) found_.push_back(std::move(report));
    return std::move(found_);
  }

 private:
  // ---- loops of Python

  void loops() {
    for (const ir::LoopRegion* loop : loops_of(*build_.graph)) {
      if (loop->location().empty()) continue;
      const Span& span = loop->location().front();
      if (has(loops_, span)) continue;  // code that the frontend wrote twice is one loop of the user's
      loops_.push_back(span);
      NestReport report = about(loop->location(), "loop");
      report.variable = variable_of(*loop, span);
      judge(report, span);
      found_.push_back(std::move(report));
    }
  }

  void judge(NestReport& report, const Span& span) {
    const rewrite::Application* mapped = nullptr;
    for (const rewrite::Application& one : journal_.applications())
      if (one.transformation == "LoopToMap" && has(one.location, span)) mapped = &one;
    const bool remains = std::any_of(loops_left().begin(), loops_left().end(),
                                     [&](const ir::LoopRegion* loop) { return has(loop->location(), span); });
    if (mapped) {
      report.verdict = remains ? "guarded" : "parallel";
      report.reason = mapped->reason.empty() ? "its iterations do not depend on one another" : mapped->reason;
      if (const lower::Remark* remark = remark_for({span})) {
        report.vectorised = remark->vectorised;
        report.reason += "; " + remark->reason;
      } else {
        report.reason += "; on the calling thread: it lies inside of another nest, or is none of its own";
      }
    } else if (const ir::LibraryNode* reduce = reduction_from(span)) {
      report.verdict = "reduction";
      report.reason = "recognised as a reduction (" + reduce->get().operation + ")";
    } else if (remains) {
      report.verdict = "serial";
      auto why =
          std::find_if(declined_.begin(), declined_.end(), [&](const auto& one) { return has(one.first, span); });
      report.reason = why != declined_.end()    ? why->second
                      : report.variable.empty() ? "how often it runs is only known by running it"
                                                : "a loop of Python runs in order";
    } else {
      report.verdict = "serial";
      report.reason = "nothing of it is left: what it computed is not used, or moved into other nests";
    }
    for (int line : lines_in(report.reason)) add_line(report, line);
  }

  const std::vector<ir::LoopRegion*>& loops_left() {
    if (!left_) left_ = loops_of(*optimised_);
    return *left_;
  }

  const ir::LibraryNode* reduction_from(const Span& span) {
    for (ir::SDFG* sdfg : ir::all_sdfgs(*optimised_))
      for (ir::State* state : ir::all_states(*sdfg))
        for (const auto& node : state->nodes())
          if (auto* library = ir::as<ir::LibraryNode>(node.get()); library && has(library->location(), span))
            return library;
    return nullptr;
  }

  // ---- nodes of the optimised graph

  void nests_of(ir::State& state) {
    const ir::Scopes scopes(state);
    for (const auto& ref : state.nodes()) {
      ir::Node* node = ref.get();
      if (scopes.parent(*node) || node->location().empty()) continue;
      if (auto* entry = ir::as<ir::MapEntry>(node)) map(*entry, scopes);
      if (auto* library = ir::as<ir::LibraryNode>(node)) library_node(*library);
    }
    for (const auto& edge : state.edges()) {
      const bool copies = ir::as<ir::AccessNode>(&edge->source()) && ir::as<ir::AccessNode>(&edge->target()) &&
                          !edge->memlet().is_empty() && edge->target_connector().empty() &&
                          edge->source_connector().empty();
      if (!copies || edge->memlet().get().subset.num_elements().is(1)) continue;
      const base::Location& location = edge->location().empty() ? edge->target().location() : edge->location();
      if (!location.empty()) node_report(location, "copy", "elements move one by one");
    }
  }

  void map(const ir::MapEntry& entry, const ir::Scopes& scopes) {
    const bool was_loop =
        std::any_of(loops_.begin(), loops_.end(), [&](const Span& span) { return has(entry.location(), span); });
    if (was_loop) return;
    base::Location fused;
    for (const ir::Node* node : scopes.children(&entry))
      for (const Span& span : node->location()) fused.push_back(span);
    NestReport& report = node_report(entry.location(), "map", "", fused);
    for (const std::string& param : entry.scope().get().params)
      if (!param.starts_with("_")) report.variable += (report.variable.empty() ? "" : ", ") + param;
  }

  void library_node(const ir::LibraryNode& node) {
    const std::string& operation = node.get().operation;
    const bool reduces = operation == "Reduce" || operation == "ArgReduce";
    NestReport& report = node_report(node.location(), reduces ? "reduction" : "library", operation);
    if (reduces) report.verdict = "reduction";
  }

  NestReport& node_report(const base::Location& location, const std::string& kind, const std::string& what,
                          const base::Location& fused = {}) {
    NestReport report = about(location, kind);
    for (const Span& span : fused) add_line(report, span);
    report.reason = what;
    report.verdict = "serial";
    if (const lower::Remark* remark = remark_for(location)) {
      using Decision = lower::Remark::Decision;
      report.verdict = remark->decision == Decision::parallel    ? "parallel"
                       : remark->decision == Decision::reduction ? "reduction"
                       : remark->decision == Decision::library   ? "library"
                                                                 : "serial";
      report.vectorised = remark->vectorised;
      report.reason += (what.empty() ? "" : ": ") + remark->reason;
      for (const Span& span : remark->fused) add_line(report, span);
    } else {
      report.reason += std::string(what.empty() ? "" : ": ") + "runs inside of the nest or loop around it";
    }
    for (int line : report.lines)
      if (line < report.line || line > report.end_line) report.fused_with.push_back(line);
    std::sort(report.fused_with.begin(), report.fused_with.end());
    found_.push_back(std::move(report));
    return found_.back();
  }

  // ---- what all reports have

  NestReport about(const base::Location& location, const std::string& kind) const {
    NestReport report;
    const Span& first = location.front();
    report.file = first.file ? *first.file : "";
    report.line = first.line;
    report.end_line = first.end_line;
    report.kind = kind;
    for (const Span& span : location) add_line(report, span);
    for (const rewrite::Application& one : journal_.applications()) {
      const bool here =
          std::any_of(location.begin(), location.end(), [&](const Span& s) { return has(one.location, s); });
      auto& names = report.transformations;
      if (!here) continue;
      report.tiled |= one.transformation == "MapTiling" || one.transformation == "StripMining";
      if (std::find(names.begin(), names.end(), one.transformation) == names.end()) names.push_back(one.transformation);
    }
    return report;
  }

  // Lines of other files (of a program that is called) are left out: a report is about one file.
  static void add_line(NestReport& report, const Span& span) {
    if ((span.file ? *span.file : "") == report.file) add_line(report, span.line);
  }

  static void add_line(NestReport& report, int line) {
    if (line > 0 && std::find(report.lines.begin(), report.lines.end(), line) == report.lines.end())
      report.lines.push_back(line);
  }

  // The nest that starts with one of these statements, or that one was fused into.
  const lower::Remark* remark_for(const base::Location& location) const {
    for (const lower::Remark& remark : remarks_)
      if (has(location, remark.span)) return &remark;
    for (const lower::Remark& remark : remarks_)
      for (const Span& span : remark.fused)
        if (has(location, span)) return &remark;
    return nullptr;
  }

  const Build& build_;
  ir::Ref<ir::SDFG> optimised_;
  rewrite::Journal journal_;
  std::vector<lower::Remark> remarks_;
  std::vector<Declined> declined_;
  base::Location loops_;  // of Python
  std::optional<std::vector<ir::LoopRegion*>> left_;
  std::vector<NestReport> found_;
};

}  // namespace

base::Result<std::vector<NestReport>> explain_nests(const Build& build) { return Explainer(build).run(); }

}  // namespace thalweg::driver
