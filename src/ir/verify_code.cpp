// Invariants of tasklets: what their code reads and stores, and where.
#include <algorithm>

#include "base/match.h"
#include "ir/verify_report.h"

namespace thalweg::ir::verifier {

namespace {

// What stands behind a connector: its element type, and how many indices an access has.
struct Port {
  DType type;
  size_t rank = 0;
};
using Ports = std::map<std::string, Port>;

class TaskletCheck {
 public:
  TaskletCheck(const StateContext& at, const Tasklet& tasklet)
      : at_(at), tasklet_(tasklet), symbols_(symbols_at(at, at.scopes.parent(tasklet))) {}

  void run() {
    const TaskletFields& fields = tasklet_.get();
    for (const Connector& connector : tasklet_.in_connectors())
      add_port(readable_, connector, tasklet_.in_edge(connector.name));
    for (const Connector& connector : tasklet_.out_connectors())
      add_port(outputs_, connector, tasklet_.out_edge(connector.name));
    const bool opaque = fields.language.row().opaque;
    if (opaque != fields.code.empty() && (opaque || !tasklet_.out_connectors().empty()))
      bad(opaque ? "its language is opaque, but it has code" : "it has no code");
    if (!opaque && !fields.text.empty()) bad("it has text beside its code");
    for (const auto& statement : fields.code)
      base::match(
          statement, [&](const code::Store& store) { check_store(store); },
          [&](const code::Check& check) { check_check(check); });
    if (opaque) return;
    for (const auto& [name, port] : outputs_)
      if (!stored_.count(name)) bad("output '" + name + "' is never stored to");
  }

 private:
  void bad(const std::string& what) { at_.report.add("TW0334", tasklet_, what); }

  void add_port(Ports& ports, const Connector& connector, const Edge* edge) {
    const MemletFields& memlet = edge->memlet().get();
    const DType type = at_.sdfg.container(memlet.data).get().dtype;
    if (connector.dtype && *connector.dtype != type)
      bad("connector '" + connector.name + "' is " + connector.dtype->name() + ", its container is " + type.name());
    ports[connector.name] = {type, memlet.subset.num_elements().is(1) ? 0 : memlet.subset.rank()};
  }

  void check_leaf(const Ports& ports, const std::string& name, size_t indices, DType type) {
    auto port = ports.find(name);
    if (port == ports.end()) return bad("its code uses '" + name + "', which is no connector that has a value there");
    if (type != port->second.type)
      bad("its code takes '" + name + "' as " + type.name() + ", but it is " + port->second.type.name());
    if (indices != port->second.rank)
      bad("its code uses '" + name + "' with " + std::to_string(indices) + " indices, not " +
          std::to_string(port->second.rank));
  }

  void check_tree(const code::Expr& expr) {
    if (expr.op == code::Op::input || expr.op == code::Op::element)
      check_leaf(readable_, expr.name, expr.args.size(), expr.type);
    if (expr.op == code::Op::symbol) {
      std::set<std::string> used;
      symbolic::collect_symbols(expr.symbol, used);
      require_symbols(used, symbols_, "its code", tasklet_, at_.report);
    }
    for (const auto& argument : expr.args) check_tree(*argument);
  }

  void check_store(const code::Store& store) {
    for (const auto& index : store.indices) {
      check_tree(*index);
      if (index->type != dtypes::int64)
        bad("an index of '" + store.connector + "' is " + index->type.name() + ", not int64");
    }
    check_tree(*store.value);
    check_leaf(outputs_, store.connector, store.indices.size(), store.value->type);
    stored_.insert(store.connector);
    if (auto port = outputs_.find(store.connector); port != outputs_.end()) readable_.insert(*port);
  }

  void check_check(const code::Check& check) {
    check_tree(*check.condition);
    if (!check.condition->type.is_bool())
      bad("the condition of a check is " + check.condition->type.name() + ", not bool");
    for (const auto& value : check.values) check_tree(*value);
  }

  const StateContext& at_;
  const Tasklet& tasklet_;
  std::set<std::string> symbols_, stored_;
  Ports readable_, outputs_;
};

bool runs_on_device(const StateContext& at, const Node& node) {
  for (const Node* entry : at.scopes.enclosing(node))
    if (const MapFields* map = map_of(*entry)) {
      const std::string& level = map->schedule.row().level;
      if (level == "grid" || level == "block" || level == "lane") return true;
    }
  return false;
}

}  // namespace

void tasklets_are_typed(const StateContext& at) {
  for (const auto& node : at.state.nodes())
    if (auto* tasklet = as<Tasklet>(node.get())) TaskletCheck(at, *tasklet).run();
}

void storage_is_reachable(const StateContext& at) {
  for (const auto& node : at.state.nodes()) {
    if (!as<Tasklet>(node.get()) || runs_on_device(at, *node)) continue;
    for (const auto* list : {&node->in_edges(), &node->out_edges()})
      for (const Edge* edge : *list) {
        const Container* container = at.sdfg.find(edge->memlet().get().data);
        if (container && !container->get().storage.row().host_access)
          at.report.add("TW0335", *node,
                        "it runs on the host, which cannot touch '" + container->get().name + "' in " +
                            container->get().storage.name());
      }
  }
}

}  // namespace thalweg::ir::verifier
