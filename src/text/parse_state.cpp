// Nodes and edges of a state. Code is parsed last: the types of connectors may follow from the edges.
#include <map>

#include "text/connectors.h"
#include "text/parser.h"

namespace thalweg::text {

namespace {

using ir::Connector;
using Ports = std::vector<Connector>;

class StateParser {
 public:
  StateParser(const Source& source, const ir::SDFG& sdfg, ir::State& state)
      : source_(source), sdfg_(sdfg), state_(state) {}

  base::Status run(const Line& line) {
    for (const Line& child : line.children) {
      TW_TRY(Cursor cursor, Cursor::over(source_, child.text));
      TW_TRY(std::string name, cursor.word());
      if (cursor.take("=")) {
        if (nodes_.count(name)) return source_.error("TW0405", "a node called '" + name + "' stands above", child.text);
        TW_TRY(ir::Node * node, this->node(cursor, child));
        nodes_[name] = node;
      } else {
        TW_TRY_VOID(edge(std::move(cursor), child));
      }
    }
    infer_connectors();
    for (const auto& [tasklet, lines] : code_) TW_TRY_VOID(code(*tasklet, *lines));
    return base::success();
  }

 private:
  base::Result<ir::Node*> node(Cursor& cursor, const Line& line) {
    std::string_view where = cursor.here();
    TW_TRY(std::string kind, cursor.word());
    if (kind == "tasklet") return tasklet(cursor, line);
    if (kind == "nested") return nested(cursor, line);
    if (kind == "library") return library(cursor, line);
    if (!line.children.empty())
      return source_.error("TW0401", "nothing can stand below this node", line.children[0].text);
    if (kind == "access") {
      TW_TRY(std::string data, cursor.name());
      return ended(cursor, state_.add_node(ir::make_ref<ir::AccessNode>(ir::AccessNodeFields{std::move(data)})));
    }
    if (kind == "map") return map(cursor);
    if (kind == "consume") return consume(cursor);
    if (kind == "exit") return exit(cursor);
    return source_.error("TW0402",
                         "found '" + kind + "', expected access, tasklet, map, consume, exit, nested or library",
                         where.substr(0, kind.size()));
  }

  // "(a: float64, b)"
  base::Result<Ports> ports(Cursor& cursor) {
    Ports out;
    TW_TRY_VOID(cursor.expect("("));
    while (!cursor.at(")")) {
      Connector connector;
      TW_TRY(connector.name, cursor.name());
      if (cursor.take(":")) {
        TW_TRY(connector.dtype, parse_kind<ir::DType>(cursor, ir::find_dtype, "type"));
      }
      out.push_back(std::move(connector));
      if (!cursor.take(",")) break;
    }
    TW_TRY_VOID(cursor.expect(")"));
    return out;
  }

  base::Status both_ports(Cursor& cursor, Ports& in, Ports& out) {
    TW_TRY(in, ports(cursor));
    TW_TRY_VOID(cursor.expect("->"));
    TW_TRY(out, ports(cursor));
    return base::success();
  }

  static void connect(ir::Node& node, const Ports& in, const Ports& out) {
    for (const Connector& connector : in) node.add_in_connector(connector);
    for (const Connector& connector : out) node.add_out_connector(connector);
  }

  // "connectors (...) -> (...)" where they do not follow from the edges, then the place.
  base::Result<ir::Node*> ended(Cursor& cursor, ir::Node& node, ir::Element* scope = nullptr) {
    if (cursor.take("connectors")) {
      Ports in, out;
      TW_TRY_VOID(both_ports(cursor, in, out));
      connect(node, in, out);
    } else {
      inferred_.push_back(&node);
    }
    for (int round = 0; round < 2 && cursor.take("@"); ++round) {
      ir::Element* of = scope && cursor.take("@") ? scope : &node;
      TW_TRY(base::Location location, parse_location(cursor));
      of->set_location(std::move(location));
    }
    TW_TRY_VOID(cursor.expect_end());
    return &node;
  }

  base::Result<ir::Node*> tasklet(Cursor& cursor, const Line& line) {
    ir::TaskletFields fields;
    Ports in, out;
    TW_TRY(fields.label, cursor.name());
    TW_TRY_VOID(both_ports(cursor, in, out));
    if (cursor.take("language")) {
      TW_TRY(fields.language, parse_kind<ir::Language>(cursor, ir::find_language, "language"));
    }
    fields.side_effects = cursor.take("side_effects");
    bool first = true;
    for (const Line& child : line.children) {
      if (child.text[0] != '|') continue;
      if (!std::exchange(first, false)) fields.text += '\n';
      fields.text += child.text.substr(child.text.size() > 1 && child.text[1] == ' ' ? 2 : 1);
    }
    auto made = ir::make_ref<ir::Tasklet>(std::move(fields));
    connect(*made, in, out);
    state_.add_node(made);
    code_.emplace_back(made.get(), &line.children);
    TW_TRY_VOID(parse_place(cursor, *made));
    return static_cast<ir::Node*>(made.get());
  }

  base::Result<ir::Node*> map(Cursor& cursor) {
    ir::MapFields fields;
    TW_TRY(fields.label, cursor.name());
    TW_TRY(std::string_view inside, cursor.group());
    TW_TRY(Cursor ranges, Cursor::over(source_, inside));
    while (!ranges.at_end()) {
      TW_TRY(std::string param, ranges.name());
      TW_TRY_VOID(ranges.expect("="));
      TW_TRY(std::string_view piece, ranges.expression({","}));
      TW_TRY(symbolic::Range range, parse_range(source_, piece));
      fields.params.push_back(std::move(param));
      fields.range.ranges.push_back(std::move(range));
      if (!ranges.take(",")) break;
    }
    TW_TRY_VOID(ranges.expect_end());
    TW_TRY_VOID(schedule(cursor, fields.schedule));
    fields.unroll = cursor.take("unroll");
    if (cursor.take("collapse")) {
      TW_TRY(int64_t collapse, cursor.integer());
      fields.collapse = static_cast<int>(collapse);
    }
    auto scope = ir::make_ref<ir::Map>(std::move(fields));
    return ended(cursor, state_.add_node(ir::make_ref<ir::MapEntry>(scope)), scope.get());
  }

  base::Status schedule(Cursor& cursor, ir::Schedule& into) {
    if (cursor.take("schedule")) {
      TW_TRY(into, parse_kind<ir::Schedule>(cursor, ir::find_schedule, "schedule"));
    }
    return base::success();
  }

  base::Result<ir::Node*> consume(Cursor& cursor) {
    ir::ConsumeFields fields;
    TW_TRY(fields.label, cursor.name());
    TW_TRY_VOID(cursor.expect("["));
    TW_TRY(fields.pe_index, cursor.name());
    TW_TRY_VOID(cursor.expect("<"));
    TW_TRY(std::string_view number, cursor.expression());
    TW_TRY(fields.num_pes, parse_expr(source_, number));
    TW_TRY_VOID(cursor.expect("]"));
    if (cursor.take("stop")) {
      TW_TRY(std::string_view piece, cursor.expression({"@"}));
      TW_TRY(fields.condition, parse_code(source_, piece, container_types(sdfg_)));
    }
    TW_TRY_VOID(schedule(cursor, fields.schedule));
    auto scope = ir::make_ref<ir::Consume>(std::move(fields));
    return ended(cursor, state_.add_node(ir::make_ref<ir::ConsumeEntry>(scope)), scope.get());
  }

  base::Result<ir::Node*> exit(Cursor& cursor) {
    std::string_view where = cursor.here();
    TW_TRY(ir::Node * entry, known(cursor));
    if (auto* of = ir::as<ir::MapEntry>(entry))
      return ended(cursor, state_.add_node(ir::make_ref<ir::MapExit>(ir::Ref<ir::Map>(&of->scope()))));
    if (auto* of = ir::as<ir::ConsumeEntry>(entry))
      return ended(cursor, state_.add_node(ir::make_ref<ir::ConsumeExit>(ir::Ref<ir::Consume>(&of->scope()))));
    return source_.error("TW0402", "only a map or a consume scope has an exit", where);
  }

  base::Result<ir::Node*> nested(Cursor& cursor, const Line& line) {
    ir::NestedSDFGFields fields;
    Ports in, out;
    TW_TRY(fields.label, cursor.name());
    TW_TRY_VOID(both_ports(cursor, in, out));
    if (cursor.take("where")) {
      TW_TRY(std::string_view inside, cursor.group());
      TW_TRY(Cursor mapping, Cursor::over(source_, inside));
      while (!mapping.at_end()) {
        TW_TRY(std::string symbol, mapping.name());
        TW_TRY_VOID(mapping.expect("="));
        TW_TRY(std::string_view piece, mapping.expression({","}));
        TW_TRY(fields.symbol_mapping[symbol], parse_expr(source_, piece));
        if (!mapping.take(",")) break;
      }
      TW_TRY_VOID(mapping.expect_end());
    }
    fields.no_inline = cursor.take("no_inline");
    if (line.children.size() != 1)
      return source_.error("TW0402", "one sdfg is expected below a nested node", line.text);
    TW_TRY(ir::Ref<ir::SDFG> inner, parse_sdfg(source_, line.children[0]));
    auto made = ir::make_ref<ir::NestedSDFG>(std::move(fields), std::move(inner));
    connect(*made, in, out);
    state_.add_node(made);
    TW_TRY_VOID(parse_place(cursor, *made));
    return static_cast<ir::Node*>(made.get());
  }

  base::Result<ir::Node*> library(Cursor& cursor, const Line& line) {
    ir::LibraryNodeFields fields;
    Ports in, out;
    TW_TRY(fields.operation, cursor.name());
    TW_TRY_VOID(both_ports(cursor, in, out));
    if (cursor.take("label")) {
      TW_TRY(fields.label, cursor.name());
    }
    if (cursor.take("implementation")) {
      TW_TRY(fields.implementation, cursor.name());
    }
    TW_TRY_VOID(schedule(cursor, fields.schedule));
    for (const Line& child : line.children) {
      TW_TRY(Cursor attribute, Cursor::over(source_, child.text));
      TW_TRY(std::string key, attribute.name());
      TW_TRY_VOID(attribute.expect("="));
      TW_TRY(fields.attributes[key], parse_attribute(source_, attribute.here()));
    }
    auto made = ir::make_ref<ir::LibraryNode>(std::move(fields));
    connect(*made, in, out);
    state_.add_node(made);
    TW_TRY_VOID(parse_place(cursor, *made));
    return static_cast<ir::Node*>(made.get());
  }

  base::Result<ir::Node*> known(Cursor& cursor) {
    std::string_view where = cursor.here();
    TW_TRY(std::string name, cursor.word());
    auto found = nodes_.find(name);
    if (found == nodes_.end())
      return source_.error("TW0404", "no node above is called '" + name + "'", where.substr(0, name.size()));
    return found->second;
  }

  base::Result<std::pair<ir::Node*, std::string>> end_of_edge(Cursor& cursor) {
    TW_TRY(ir::Node * node, known(cursor));
    std::string connector;
    if (cursor.take(".")) {
      TW_TRY(connector, cursor.name());
    }
    return std::pair{node, std::move(connector)};
  }

  base::Status edge(Cursor cursor, const Line& line) {
    TW_TRY(cursor, Cursor::over(source_, line.text));
    TW_TRY(auto from, end_of_edge(cursor));
    TW_TRY_VOID(cursor.expect("->"));
    TW_TRY(auto to, end_of_edge(cursor));
    ir::MemletFields memlet = ir::no_memlet();
    if (cursor.take(":")) {
      TW_TRY(memlet, parse_memlet(cursor, sdfg_));
    }
    ir::Edge& edge =
        state_.add_edge(*from.first, std::move(from.second), *to.first, std::move(to.second), std::move(memlet));
    for (int round = 0; round < 2 && cursor.take("@"); ++round) {
      ir::Element* of = &edge;
      if (cursor.take("@")) of = &edge.memlet();
      TW_TRY(base::Location location, parse_location(cursor));
      of->set_location(std::move(location));
    }
    return cursor.expect_end();
  }

  void infer_connectors() {
    const auto usual = connectors_of_edges(state_);
    for (ir::Node* node : inferred_)
      if (auto found = usual.find(node); found != usual.end()) connect(*node, found->second.in, found->second.out);
  }

  std::optional<ir::DType> type_of(const Connector& connector, const ir::Edge* edge) const {
    if (connector.dtype) return connector.dtype;
    const ir::Container* container = edge ? sdfg_.find(edge->memlet().get().data) : nullptr;
    return container ? std::optional(container->get().dtype) : std::nullopt;
  }

  base::Status code(ir::Tasklet& tasklet, const Lines& lines) {
    ir::code::NameTypes types;
    for (const Connector& connector : tasklet.in_connectors())
      if (auto type = type_of(connector, tasklet.in_edge(connector.name))) types.inputs[connector.name] = *type;
    for (const Connector& connector : tasklet.out_connectors())
      if (auto type = type_of(connector, tasklet.out_edge(connector.name))) types.outputs[connector.name] = *type;
    ir::code::Block block;
    for (const Line& line : lines) {
      if (line.text[0] == '|') continue;
      if (!line.children.empty())
        return source_.error("TW0401", "nothing can stand below a statement", line.children[0].text);
      auto parsed = ir::code::parse_block(line.text, types);
      if (!parsed) return source_.moved(std::move(parsed.error()), line.text);
      for (auto& statement : *parsed) {
        if (auto* store = std::get_if<ir::code::Store>(&statement))
          types.inputs[store->connector] = types.outputs.at(store->connector);
        block.push_back(std::move(statement));
      }
    }
    tasklet.set<&ir::TaskletFields::code>(std::move(block));
    return base::success();
  }

  const Source& source_;
  const ir::SDFG& sdfg_;
  ir::State& state_;
  std::map<std::string, ir::Node*> nodes_;
  std::vector<ir::Node*> inferred_;
  std::vector<std::pair<ir::Tasklet*, const Lines*>> code_;
};

}  // namespace

base::Status parse_state(const Source& source, const Line& line, const ir::SDFG& sdfg, ir::State& into) {
  return StateParser(source, sdfg, into).run(line);
}

}  // namespace thalweg::text
