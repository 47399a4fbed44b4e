// Graphs and control flow as text.
#include <algorithm>

#include "base/match.h"
#include "syntax/literal.h"
#include "text/pieces.h"
#include "text/printer.h"

namespace thalweg::text {

namespace {

const char* kind_word(ir::ContainerKind kind) {
  switch (kind) {
    case ir::ContainerKind::scalar: return "scalar";
    case ir::ContainerKind::array: return "array";
    case ir::ContainerKind::stream: return "stream";
    case ir::ContainerKind::view: return "view";
    case ir::ContainerKind::reference: return "reference";
    case ir::ContainerKind::structure: return "structure";
  }
  return "";
}

const char* lifetime_word(ir::Lifetime lifetime) {
  switch (lifetime) {
    case ir::Lifetime::scope: return "scope";
    case ir::Lifetime::state: return "state";
    case ir::Lifetime::sdfg: return "sdfg";
    case ir::Lifetime::global: return "global";
    case ir::Lifetime::persistent: return "persistent";
    case ir::Lifetime::external: return "external";
  }
  return "";
}

std::string spell_container(const ir::ContainerFields& c) {
  std::string out = std::string(c.transient ? "transient " : "") + kind_word(c.kind) + " " + spell_name(c.name) + ": " +
                    c.dtype.name();
  if (!c.shape.empty()) out += "[" + text::spell(c.shape) + "]";
  if (c.strides != ir::contiguous_strides(c.shape)) out += " strides (" + text::spell(c.strides) + ")";
  if (!c.offset.is(0)) out += " offset " + symbolic::to_string(c.offset);
  if (c.storage != ir::storages::default_) out += " storage " + spell_name(c.storage.name());
  if (c.lifetime != ir::Lifetime::scope) out += std::string(" lifetime ") + lifetime_word(c.lifetime);
  if (c.may_alias) out += " may_alias";
  if (c.alignment != 0) out += " alignment " + std::to_string(c.alignment);
  if (!c.buffer_size.is(1)) out += " buffer " + symbolic::to_string(c.buffer_size);
  if (!c.targets.empty()) out += " targets " + spell_names(c.targets);
  if (!c.distinct.empty()) out += " distinct " + spell_names(c.distinct);
  if (!c.members.empty()) out += " members " + spell_names(c.members);
  return out;
}

std::string spell_return(const ir::ReturnValue& value) {
  using Kind = ir::ReturnValue::Kind;
  switch (value.kind) {
    case Kind::none: return "none";
    case Kind::container: return "container " + spell_name(value.container);
    case Kind::symbol: return "symbol " + symbolic::to_string(value.expr);
    case Kind::view: break;
  }
  std::string dims;
  for (int dim : value.dims) dims += (dims.empty() ? "" : ", ") + std::to_string(dim);
  return "view " + spell_name(value.container) + "[" + text::spell(value.subset) + "] dims [" + dims + "]";
}

std::string spell_assignments(const ir::InterstateEdgeFields& edge) {
  std::string out;
  for (const auto& [name, value] : edge.assignments)
    out += (out.empty() ? "" : ", ") + spell_name(name) + " = " + ir::code::to_string(*value);
  return out;
}

// Blocks in order, each leading to the next without condition: written one below the other.
bool is_sequence(const ir::ControlFlowRegion& region) {
  const auto& blocks = region.blocks();
  const auto& edges = region.edges();
  if (blocks.empty()) return true;
  if (region.start() != blocks[0].get() || edges.size() + 1 != blocks.size()) return false;
  for (size_t k = 0; k < edges.size(); ++k) {
    const ir::InterstateEdge& edge = *edges[k];
    if (edge->condition || &edge.source() != blocks[k].get() || &edge.target() != blocks[k + 1].get()) return false;
  }
  return true;
}

}  // namespace

std::string Printer::place(const ir::Element& element, const char* mark) const {
  if (!options_.locations || element.location().empty()) return "";
  return mark + text::spell(element.location());
}

void Printer::declarations(const ir::SDFG& sdfg) {
  const ir::SDFGFields& fields = sdfg.get();
  if (sdfg.label() != fields.name) out_.line("label " + spell_name(sdfg.label()));
  std::string symbols;
  for (const auto& [name, type] : fields.symbols)
    symbols += (symbols.empty() ? "" : ", ") + spell_name(name) + ": " + type.name();
  if (!symbols.empty()) out_.line("symbols " + symbols);
  for (const auto& container : sdfg.containers()) out_.line(spell_container(container->get()) + place(*container));
  for (const auto& condition : fields.assumptions) out_.line("assume " + symbolic::to_string(condition));
  if (fields.returns_tuple) out_.line("returns tuple");
  for (const auto& value : fields.returns) out_.line("returns " + spell_return(value));
  for (const auto& callback : fields.callbacks) out_.line("callback " + spell_name(callback));
  for (const auto& [key, value] : fields.metadata)
    out_.line("metadata " + syntax::spell(key) + " = " + syntax::spell(value));
}

void Printer::sdfg(const ir::SDFG& sdfg) {
  out_.open("sdfg " + spell_name(sdfg.get().name) + spell_names(sdfg.get().arguments) + place(sdfg));
  declarations(sdfg);
  region(sdfg);
  out_.dedent();
}

void Printer::region(const ir::ControlFlowRegion& region) {
  const bool sequence = is_sequence(region);
  for (size_t k = 0; k < region.blocks().size(); ++k) {
    if (sequence && k > 0) {
      const ir::InterstateEdge& edge = *region.edges()[k - 1];
      const std::string line = spell_assignments(edge.get()) + place(edge);
      if (!line.empty()) out_.line("set " + line.substr(line[0] == ' ' ? 1 : 0));
    }
    block(*region.blocks()[k]);
  }
  if (!sequence) transitions(region);
}

void Printer::transitions(const ir::ControlFlowRegion& region) {
  out_.open("transitions");
  if (region.start() && region.start() != region.blocks()[0].get())
    out_.line("start " + spell_name(region.start()->label()));
  for (const auto& edge : region.edges()) {
    std::string line = spell_name(edge->source().label()) + " -> " + spell_name(edge->target().label());
    if (edge->get().condition) line += " if " + ir::code::to_string(*edge->get().condition);
    if (!edge->get().assignments.empty()) line += " set " + spell_assignments(edge->get());
    out_.line(line + place(*edge));
  }
  out_.dedent();
}

void Printer::block(ir::ControlFlowBlock& block) {
  const std::string name = spell_name(block.label()) + place(block);
  ir::match(
      block, [&](ir::State* state) { this->state(*state); },
      [&](ir::ControlFlowRegion* inner) {
        if (auto* graph = dynamic_cast<ir::SDFG*>(inner)) return sdfg(*graph);
        out_.open("region " + name);
        region(*inner);
        out_.dedent();
      },
      [&](ir::LoopRegion* loop) { this->loop(*loop); },
      [&](ir::ConditionalBlock* conditional) { this->conditional(*conditional); },
      [&](ir::JumpBlock* jump) {
        const char* word = jump->jump() == ir::Jump::break_      ? "break "
                           : jump->jump() == ir::Jump::continue_ ? "continue "
                                                                 : "return ";
        out_.line(word + name);
      });
}

void Printer::loop(const ir::LoopRegion& loop) {
  const ir::LoopFields& fields = loop.get();
  std::string line = "loop " + spell_name(loop.label());
  if (!fields.variable.empty()) line += " var " + spell_name(fields.variable);
  if (fields.init) line += " from " + ir::code::to_string(*fields.init);
  if (fields.condition) line += " while " + ir::code::to_string(*fields.condition);
  if (fields.update) line += " update " + ir::code::to_string(*fields.update);
  if (fields.inverted) line += " inverted";
  if (!fields.update_before_condition) line += " condition_before_update";
  if (fields.unroll) line += " unroll";
  out_.open(line + place(loop));
  region(loop);
  out_.dedent();
}

void Printer::conditional(const ir::ConditionalBlock& conditional) {
  out_.open("conditional " + spell_name(conditional.label()) + place(conditional));
  for (const auto& branch : conditional.branches()) {
    std::string line = "branch " + spell_name(branch.body->label());
    if (branch.condition) line += " if " + ir::code::to_string(*branch.condition);
    out_.open(line + place(*branch.body));
    region(*branch.body);
    out_.dedent();
  }
  out_.dedent();
}

std::string print(const ir::SDFG& sdfg, PrintOptions options) {
  Printer printer(options);
  printer.sdfg(sdfg);
  return printer.take();
}

std::string print(const ir::ControlFlowBlock& block, PrintOptions options) {
  Printer printer(options);
  printer.block(const_cast<ir::ControlFlowBlock&>(block));
  return printer.take();
}

}  // namespace thalweg::text
