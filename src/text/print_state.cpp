// States as text: nodes n0, n1 ... in their order, then edges.
#include "base/match.h"
#include "text/connectors.h"
#include "text/pieces.h"
#include "text/printer.h"

namespace thalweg::text {

namespace {

std::string spell_connectors(const std::vector<ir::Connector>& connectors) {
  std::string out;
  for (const ir::Connector& connector : connectors) {
    out += (out.empty() ? "" : ", ") + spell_name(connector.name);
    if (connector.dtype) out += ": " + connector.dtype->name();
  }
  return "(" + out + ")";
}

std::string ports(const ir::Node& node) {
  return spell_connectors(node.in_connectors()) + " -> " + spell_connectors(node.out_connectors());
}

std::string spell_schedule(ir::Schedule schedule) {
  return schedule == ir::schedules::default_ ? "" : " schedule " + spell_name(schedule.name());
}

std::string spell_map(const ir::MapFields& map) {
  std::string ranges;
  for (size_t k = 0; k < map.params.size(); ++k) {
    const symbolic::Subset one{k < map.range.rank() ? std::vector{map.range.ranges[k]}
                                                    : std::vector<symbolic::Range>{}};
    ranges += (k ? ", " : "") + spell_name(map.params[k]) + " = " + text::spell(one);
  }
  std::string out = "map " + spell_name(map.label) + "[" + ranges + "]" + spell_schedule(map.schedule);
  if (map.unroll) out += " unroll";
  if (map.collapse != 1) out += " collapse " + std::to_string(map.collapse);
  return out;
}

std::string spell_consume(const ir::ConsumeFields& consume) {
  std::string out = "consume " + spell_name(consume.label) + "[" + spell_name(consume.pe_index) + " < " +
                    symbolic::to_string(consume.num_pes) + "]";
  if (consume.condition) out += " stop " + ir::code::to_string(*consume.condition);
  return out + spell_schedule(consume.schedule);
}

// The names of entries by the scope that they open, for the exits to refer to.
std::string entry_name(const ir::State& state, const ir::Element& scope) {
  for (size_t k = 0; k < state.nodes().size(); ++k) {
    auto* map = ir::as<ir::MapEntry>(state.nodes()[k].get());
    auto* consume = ir::as<ir::ConsumeEntry>(state.nodes()[k].get());
    if ((map && &map->scope() == &scope) || (consume && &consume->scope() == &scope)) return "n" + std::to_string(k);
  }
  return "missing";
}

}  // namespace

void Printer::state(const ir::State& state) {
  out_.open("state " + spell_name(state.label()) + place(state));
  const auto usual = connectors_of_edges(state);
  std::map<const ir::Node*, std::string> names;
  for (const auto& node : state.nodes()) {
    const std::string name = "n" + std::to_string(names.size());
    names[node.get()] = name;
    auto found = usual.find(node.get());
    const bool follows = Connectors{node->in_connectors(), node->out_connectors()} ==
                         (found == usual.end() ? Connectors{} : found->second);
    const std::string end = (follows ? "" : " connectors " + ports(*node)) + place(*node);
    ir::match(
        *node, [&](ir::AccessNode* access) { out_.line(name + " = access " + spell_name(access->get().data) + end); },
        [&](ir::Tasklet* tasklet) { this->tasklet(name, *tasklet); },
        [&](ir::MapEntry* entry) {
          out_.line(name + " = " + spell_map(entry->scope().get()) + end + place(entry->scope(), " @"));
        },
        [&](ir::MapExit* exit) { out_.line(name + " = exit " + entry_name(state, exit->scope()) + end); },
        [&](ir::ConsumeEntry* entry) {
          out_.line(name + " = " + spell_consume(entry->scope().get()) + end + place(entry->scope(), " @"));
        },
        [&](ir::ConsumeExit* exit) { out_.line(name + " = exit " + entry_name(state, exit->scope()) + end); },
        [&](ir::NestedSDFG* nested) { this->nested(name, *nested); },
        [&](ir::LibraryNode* library) { this->library(name, *library); });
  }
  for (const auto& edge : state.edges()) this->edge(*edge, names.at(&edge->source()), names.at(&edge->target()));
  out_.dedent();
}

void Printer::tasklet(const std::string& name, const ir::Tasklet& tasklet) {
  const ir::TaskletFields& fields = tasklet.get();
  std::string line = name + " = tasklet " + spell_name(fields.label) + ports(tasklet);
  if (fields.language != ir::languages::python) line += " language " + spell_name(fields.language.name());
  if (fields.side_effects) line += " side_effects";
  out_.open(line + place(tasklet));
  for (const auto& statement : fields.code) out_.line(ir::code::to_string({statement}));
  for (std::string_view rest = fields.text; !fields.text.empty();) {
    const size_t end = rest.find('\n');
    out_.line("|" + std::string(end == 0 || rest.empty() ? "" : " ") + std::string(rest.substr(0, end)));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  out_.dedent();
}

void Printer::nested(const std::string& name, const ir::NestedSDFG& nested) {
  std::string mapping;
  for (const auto& [symbol, value] : nested.get().symbol_mapping)
    mapping += (mapping.empty() ? "" : ", ") + spell_name(symbol) + " = " + symbolic::to_string(value);
  std::string line = name + " = nested " + spell_name(nested.get().label) + ports(nested);
  if (!mapping.empty()) line += " where [" + mapping + "]";
  if (nested.get().no_inline) line += " no_inline";
  out_.open(line + place(nested));
  sdfg(nested.sdfg());
  out_.dedent();
}

void Printer::library(const std::string& name, const ir::LibraryNode& node) {
  const ir::LibraryNodeFields& fields = node.get();
  std::string line = name + " = library " + spell_name(fields.operation) + ports(node);
  if (!fields.label.empty()) line += " label " + spell_name(fields.label);
  if (!fields.implementation.empty()) line += " implementation " + spell_name(fields.implementation);
  out_.open(line + spell_schedule(fields.schedule) + place(node));
  for (const auto& [key, value] : fields.attributes) out_.line(spell_name(key) + " = " + text::spell(value));
  out_.dedent();
}

void Printer::edge(const ir::Edge& edge, const std::string& source, const std::string& target) {
  auto port = [](const std::string& connector) { return connector.empty() ? "" : "." + spell_name(connector); };
  std::string line = source + port(edge.source_connector()) + " -> " + target + port(edge.target_connector());
  const std::string memlet = text::spell(edge.memlet().get());
  if (memlet != "()") line += " : " + memlet;
  out_.line(line + place(edge) + place(edge.memlet(), " @"));
}

}  // namespace thalweg::text
