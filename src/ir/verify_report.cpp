// How the verifier names elements, and what is known at a place.
#include "ir/verify_report.h"

#include <algorithm>

#include "ir/code_names.h"
#include "ir/results.h"
#include "symbolic/range_facts.h"

namespace thalweg::ir::verifier {

namespace {

std::string quoted(const std::string& text) { return "'" + text + "'"; }

std::string kind_and_name(const Node& node) {
  return match(
      const_cast<Node&>(node), [&](AccessNode*) { return "access node " + quoted(node.label()); },
      [&](Tasklet*) { return "tasklet " + quoted(node.label()); },
      [&](MapEntry*) { return "map " + quoted(node.label()); },
      [&](MapExit*) { return "exit of map " + quoted(node.label()); },
      [&](ConsumeEntry*) { return "consume scope " + quoted(node.label()); },
      [&](ConsumeExit*) { return "exit of consume scope " + quoted(node.label()); },
      [&](NestedSDFG*) { return "nested graph " + quoted(node.label()); },
      [&](LibraryNode*) { return "library node " + quoted(node.label()); });
}

std::string port(const Node& node, const std::string& connector) {
  return kind_and_name(node) + (connector.empty() ? "" : " ('" + connector + "')");
}

std::string of_block(const ControlFlowBlock& block) {
  const char* kind = match(
      const_cast<ControlFlowBlock&>(block), [](State*) { return "state "; },
      [](ControlFlowRegion*) { return "region "; }, [](LoopRegion*) { return "loop "; },
      [](ConditionalBlock*) { return "conditional "; }, [](JumpBlock*) { return "jump "; });
  if (auto* graph = dynamic_cast<const SDFG*>(&block)) return "graph " + quoted(graph->get().name);
  return kind + quoted(block.label());
}

}  // namespace

bool has(const std::vector<Connector>& list, const std::string& name) {
  return std::any_of(list.begin(), list.end(), [&](const Connector& connector) { return connector.name == name; });
}

std::string describe(const Element& element) {
  std::string out;
  if (auto* node = dynamic_cast<const Node*>(&element)) out = kind_and_name(*node);
  if (auto* edge = dynamic_cast<const Edge*>(&element))
    out = "edge from " + port(edge->source(), edge->source_connector()) + " to " +
          port(edge->target(), edge->target_connector());
  if (auto* container = dynamic_cast<const Container*>(&element)) out = "container " + quoted(container->get().name);
  if (auto* edge = dynamic_cast<const InterstateEdge*>(&element))
    out = "transition from " + quoted(edge->source().label()) + " to " + quoted(edge->target().label());
  if (auto* block = dynamic_cast<const ControlFlowBlock*>(&element)) out = of_block(*block);
  for (const Element* at = element.owner(); at; at = at->owner()) {
    if (auto* state = dynamic_cast<const State*>(at)) out += " in " + of_block(*state);
    if (auto* graph = dynamic_cast<const SDFG*>(at)) return out + " of " + quoted(graph->get().name);
  }
  return out;
}

void Report::add(const char* code, const Element& where, const std::string& what) {
  if (full()) return;
  base::Diagnostic problem;
  problem.code = code;
  problem.kind = base::ErrorKind::value;
  problem.message = describe(where) + ": " + what;
  for (const Element* at = &where; at; at = at->owner())
    if (!at->location().empty()) {
      problem.span = at->location().front();
      break;
    }
  problems_.push_back(std::move(problem));
}

bool is_name(std::string_view text) {
  auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c < 0; };
  if (text.empty() || !letter(text[0]) || code::is_reserved(text)) return false;
  for (char c : text)
    if (!letter(c) && !(c >= '0' && c <= '9')) return false;
  return true;
}

bool is_dotted_name(std::string_view text) {
  for (;;) {
    const size_t dot = text.find('.');
    if (!is_name(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

std::set<std::string> symbols_at(const StateContext& at, const Node* entry) {
  std::set<std::string> out;
  for (const auto& [name, type] : at.sdfg.get().symbols) out.insert(name);
  for (; entry; entry = at.scopes.parent(*entry)) {
    if (const MapFields* map = map_of(*entry)) out.insert(map->params.begin(), map->params.end());
    if (const ConsumeFields* consume = consume_of(*entry)) out.insert(consume->pe_index);
  }
  return out;
}

symbolic::Facts facts_at(const StateContext& at, const Node* entry) {
  symbolic::Facts facts;
  for (const auto& condition : at.sdfg.get().assumptions) facts.assume(condition);
  for (const symbolic::Expr& condition : sizes_of_given(at.sdfg)) facts.assume(condition);
  for (const auto& node : at.state.nodes())
    if (const auto* access = as<AccessNode>(node.get()))
      if (const Container* container = at.sdfg.find(access->get().data))
        for (const auto& extent : container->get().shape) facts.assume(symbolic::ge(extent, 0));
  for (; entry; entry = at.scopes.parent(*entry)) {
    if (const MapFields* map = map_of(*entry))
      for (size_t d = 0; d < map->params.size() && d < map->range.rank(); ++d)
        symbolic::assume_member(facts, symbolic::Expr::symbol(map->params[d]), map->range.ranges[d]);
    if (const ConsumeFields* consume = consume_of(*entry)) {
      const symbolic::Expr pe = symbolic::Expr::symbol(consume->pe_index);
      facts.assume(symbolic::ge(pe, 0));
      facts.assume(symbolic::lt(pe, consume->num_pes));
    }
  }
  return facts;
}

void require_symbols(const std::set<std::string>& used, const std::set<std::string>& known, const char* what,
                     const Element& where, Report& report) {
  for (const auto& name : used)
    if (!known.count(name))
      report.add("TW0332", where, std::string(what) + " uses '" + name + "', which is no symbol here");
}

}  // namespace thalweg::ir::verifier
