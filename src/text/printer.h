// The printer's parts: graphs and control flow in print.cpp, states in print_state.cpp.
#pragma once
#include "base/writer.h"
#include "text/text.h"

namespace thalweg::text {

class Printer {
 public:
  explicit Printer(PrintOptions options) : options_(options) {}
  void sdfg(const ir::SDFG& sdfg);
  void block(ir::ControlFlowBlock& block);
  std::string take() { return out_.take(); }

 private:
  void containers(const ir::SDFG& sdfg);
  void declarations(const ir::SDFG& sdfg);
  void region(const ir::ControlFlowRegion& region);
  void transitions(const ir::ControlFlowRegion& region);
  void loop(const ir::LoopRegion& loop);
  void conditional(const ir::ConditionalBlock& conditional);
  void state(const ir::State& state);
  void tasklet(const std::string& name, const ir::Tasklet& tasklet);
  void nested(const std::string& name, const ir::NestedSDFG& nested);
  void library(const std::string& name, const ir::LibraryNode& node);
  void edge(const ir::Edge& edge, const std::string& source, const std::string& target);

  // " @ ..." behind an element, where asked for.
  std::string place(const ir::Element& element, const char* mark = " ") const;

  PrintOptions options_;
  base::Writer out_;
};

}  // namespace thalweg::text
