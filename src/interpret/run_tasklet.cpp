// A tasklet reads all its inputs, runs its statements, then writes all its outputs.
#include <algorithm>

#include "interpret/run.h"

namespace thalweg::interpret {

std::optional<Place> place_of(Machine& machine, Scope& scope, const ir::Memlet& memlet) {
  Place place;
  place.memlet = &memlet.get();
  place.variable = access(machine, scope, memlet->data);
  if (!place.variable) return std::nullopt;
  place.box = evaluate(machine, scope, memlet->subset);
  const Array& array = place.variable->array;
  // A scalar's one element may be written [0] or not at all; a one-element stream likewise.
  if (array.shape.empty() && place.box.is_element()) place.box = {};
  if (array.channels && place.box.begin.empty())
    place.box = {std::vector<int64_t>(array.shape.size(), 0), std::vector<int64_t>(array.shape.size(), 1),
                 std::vector<int64_t>(array.shape.size(), 1)};
  if (place.box.begin.size() != array.shape.size())
    machine.failure.bug("a memlet of '" + memlet->data + "' has " + std::to_string(place.box.begin.size()) +
                        " dimensions, the container has " + std::to_string(array.shape.size()));
  if (machine.failed()) return std::nullopt;
  return place;
}

std::optional<Scalar> popped_element(Scope& scope, const ir::Edge& edge) {
  const ir::Edge* at = &edge;
  while (true) {
    auto* consume = dynamic_cast<const ir::ConsumeEntry*>(&at->source());
    for (Scope* s = consume ? &scope : nullptr; s; s = s->outer)
      if (s->consume == consume && is_stream(*s->sdfg, edge.memlet()->data)) return s->popped;
    const std::string& out = at->source_connector();
    const bool entry = consume || dynamic_cast<const ir::MapEntry*>(&at->source());
    const ir::Edge* outer = entry && out.starts_with("OUT_") ? at->source().in_edge("IN_" + out.substr(4)) : nullptr;
    if (!outer) return std::nullopt;
    at = outer;
  }
}

namespace {

class OldAndNew final : public Leaves {
 public:
  OldAndNew(Machine& machine, const Scalar& old, const Scalar& value) : machine_(machine), old_(old), new_(value) {}
  Scalar input(const ir::code::Expr& leaf) override {
    return as_leaf(machine_, leaf.name == "old" ? old_ : new_, leaf.type, leaf.name);
  }
  Scalar element(const ir::code::Expr& leaf, std::span<const int64_t>) override { return input(leaf); }

 private:
  Machine& machine_;
  Scalar old_, new_;
};

}  // namespace

void write_element(Machine& machine, Scope& scope, const Place& place, int64_t at, const Scalar& value) {
  const Array& array = place.variable->array;
  Scalar stored = value;
  const ir::Wcr wcr = place.memlet->wcr;
  if (wcr != ir::Wcr::none) {
    const Scalar old = read_element(machine, array, at, place.name());
    const Scalar given = as_leaf(machine, value, old.type, place.name());
    if (machine.failed()) return;
    Findings findings;
    if (wcr == ir::Wcr::custom) {
      OldAndNew leaves(machine, old, given);
      stored = evaluate(machine, scope, *place.memlet->wcr_code, leaves);
    } else {
      stored = combine(wcr, old, given, findings);
    }
    if (findings.python || findings.undefined) report(machine, findings, ir::code::Op::add, old, {});
  }
  if (!same_storage(stored.type, array.dtype))
    machine.failure.bug("a " + stored.type.name() + " is written to '" + place.name() + "', which holds " +
                        array.dtype.name());
  if (!machine.failed()) store(array, at, stored, place.name(), machine.failure);
}

namespace {

struct Port {
  const std::string* connector;
  Place place;
  std::optional<Scalar> popped;  // streams and consume scopes: the element itself
};

class TaskletRun final : public Leaves {
 public:
  TaskletRun(Machine& machine, Scope& scope, ir::Tasklet& tasklet)
      : machine_(machine), scope_(scope), tasklet_(tasklet) {}

  std::vector<Port> inputs, outputs;
  struct Pending {
    const std::string* connector;
    const Port* port;  // null: a connector that leads nowhere
    int64_t at;        // in the port's memory
    Scalar value;
  };
  std::vector<Pending> pending;

  bool open_ports() {
    machine_.at = &tasklet_;
    for (const ir::Edge* edge : tasklet_.in_edges()) open(*edge, edge->target_connector(), inputs);
    for (const ir::Edge* edge : tasklet_.out_edges()) open(*edge, edge->source_connector(), outputs);
    return !machine_.failed();
  }

  // Scalars are read before anything is computed; arrays element by element, and nothing is written before the end.
  bool read_inputs() {
    for (Port& port : inputs)
      if (!port.popped && !port.place.is_stream() && port.place.box.is_element()) port.popped = read(port, {});
    return !machine_.failed();
  }

  bool run_statements() {
    machine_.at = &tasklet_;
    if (tasklet_->language.row().opaque) {
      machine_.failure.raise(base::ErrorKind::unsupported,
                             "the interpreter cannot run a tasklet written in " + tasklet_->language.name(),
                             span_of(tasklet_));
      return false;
    }
    for (const ir::code::Statement& statement : tasklet_->code) {
      base::match(
          statement, [&](const ir::code::Store& store) { run(store); },
          [&](const ir::code::Check& check) { run(check); });
      if (machine_.failed()) return false;
    }
    return true;
  }

  bool write_outputs() {
    machine_.at = &tasklet_;
    for (const Pending& write : pending)
      if (write.port && !write.port->place.is_stream())
        write_element(machine_, scope_, write.port->place, write.at, write.value);
    return !machine_.failed();
  }

  Scalar input(const ir::code::Expr& leaf) override { return get(leaf, {}); }
  Scalar element(const ir::code::Expr& leaf, std::span<const int64_t> index) override { return get(leaf, index); }

 private:
  void open(const ir::Edge& edge, const std::string& connector, std::vector<Port>& ports) {
    if (connector.empty() || edge.memlet().is_empty()) return;
    Port port{&connector, {}, &ports == &inputs ? popped_element(scope_, edge) : std::nullopt};
    auto place = place_of(machine_, scope_, edge.memlet());
    if (!place) return;
    port.place = std::move(*place);
    ports.push_back(std::move(port));
  }

  static const Port* find(const std::vector<Port>& ports, const std::string& connector) {
    for (const Port& port : ports)
      if (*port.connector == connector) return &port;
    return nullptr;
  }

  // Where an index of a connector lies; the indices count inside the memlet's subset.
  std::optional<int64_t> locate_in(const Port& port, std::span<const int64_t> index) {
    const Box& box = port.place.box;
    const std::string& name = port.place.name();
    if (index.empty() && box.is_element()) return locate(port.place.variable->array, box.begin, name, machine_.failure);
    for (size_t d = 0; d < index.size() && d < box.size.size(); ++d) {
      if (index[d] >= 0 && index[d] < box.size[d]) continue;
      machine_.failure.bug("index " + std::to_string(index[d]) + " is outside dimension " + std::to_string(d) +
                           " of the memlet of '" + name + "' with size " + std::to_string(box.size[d]));
      return std::nullopt;
    }
    if (index.size() != box.size.size()) {
      machine_.failure.bug("connector '" + *port.connector + "' has " + std::to_string(box.size.size()) +
                           " dimensions but " + std::to_string(index.size()) + " indices are given");
      return std::nullopt;
    }
    box.at(index, scratch_);
    return locate(port.place.variable->array, scratch_, name, machine_.failure);
  }

  Scalar read(const Port& port, std::span<const int64_t> index) {
    const Array& array = port.place.variable->array;
    auto at = locate_in(port, index);
    return at ? read_element(machine_, array, *at, port.place.name()) : Scalar{array.dtype, {}};
  }

  Scalar get(const ir::code::Expr& leaf, std::span<const int64_t> index) {
    if (auto stored = read_back(leaf, index)) return as_leaf(machine_, *stored, leaf.type, leaf.name);
    const Port* port = find(inputs, leaf.name);
    if (!port) port = find(outputs, leaf.name);
    if (!port) {
      machine_.failure.bug("the tasklet reads '" + leaf.name + "', which is no connector with data");
      return {leaf.type, {}};
    }
    if (port->popped) return as_leaf(machine_, *port->popped, leaf.type, leaf.name);
    return as_leaf(machine_, read(*port, index), leaf.type, leaf.name);
  }

  // What an earlier statement stored there.
  std::optional<Scalar> read_back(const ir::code::Expr& leaf, std::span<const int64_t> index) {
    for (size_t i = pending.size(); i-- > 0;) {
      const Pending& write = pending[i];
      if (*write.connector != leaf.name) continue;
      if (!write.port || write.port->place.is_stream()) return write.value;
      auto at = locate_in(*write.port, index);
      if (at && *at == write.at) return write.value;
    }
    return std::nullopt;
  }

  void run(const ir::code::Store& store) {
    Scalar value = evaluate(machine_, scope_, *store.value, *this);
    std::vector<int64_t> index;
    for (const auto& part : store.indices) index.push_back(to_int64(evaluate(machine_, scope_, *part, *this)));
    if (machine_.failed()) return;
    const Port* port = find(outputs, store.connector);
    int64_t at = 0;
    if (port && !port->place.is_stream()) {
      auto found = locate_in(*port, index);
      if (!found) return;
      at = *found;
    }
    // Storing to one element again replaces what was stored: an output is written once.
    for (Pending& earlier : pending) {
      if (*earlier.connector != store.connector || earlier.at != at || (port && port->place.is_stream())) continue;
      earlier.value = value;
      return;
    }
    pending.push_back({&store.connector, port, at, value});
  }

  void run(const ir::code::Check& check) {
    if (truth(evaluate(machine_, scope_, *check.condition, *this)) || machine_.failed()) return;
    std::string text = check.message;
    for (size_t i = 0; i < check.values.size(); ++i) {
      const std::string value = to_string(evaluate(machine_, scope_, *check.values[i], *this));
      const std::string place = "{" + std::to_string(i) + "}";
      for (size_t at = text.find(place); at != std::string::npos; at = text.find(place, at + value.size()))
        text.replace(at, place.size(), value);
    }
    machine_.failure.raise(check.kind, std::move(text), check.span.known() ? check.span : span_of(tasklet_));
  }

  Machine& machine_;
  Scope& scope_;
  ir::Tasklet& tasklet_;
  std::vector<int64_t> scratch_;
};

}  // namespace

Flow run_tasklet(Machine& machine, Scope& scope, ir::Tasklet& tasklet) {
  TaskletRun run(machine, scope, tasklet);
  const bool done = run.open_ports() && run.read_inputs() && run.run_statements() && run.write_outputs();
  return done ? Flow::next : Flow::stop;
}

Task run_stream_tasklet(Machine& machine, Scope& scope, ir::Tasklet& tasklet) {
  TaskletRun run(machine, scope, tasklet);
  if (!run.open_ports()) co_return Flow::stop;
  for (Port& port : run.inputs) {
    if (port.popped || !port.place.is_stream()) continue;
    Channel* channel = channel_of(machine, port.place, port.place.name());
    if (!channel) co_return Flow::stop;
    Scalar value;
    const Flow flow = co_await pop(machine, *channel, tasklet.label(), port.place.name(), value);
    if (flow == Flow::stop) co_return flow;
    port.popped = value;
  }
  if (!run.read_inputs() || !run.run_statements() || !run.write_outputs()) co_return Flow::stop;
  for (const TaskletRun::Pending& write : run.pending) {
    if (!write.port || !write.port->place.is_stream()) continue;
    Channel* channel = channel_of(machine, write.port->place, write.port->place.name());
    if (!channel) co_return Flow::stop;
    const Flow flow = co_await push(machine, *channel, tasklet.label(), write.port->place.name(), write.value);
    if (flow == Flow::stop) co_return flow;
  }
  co_return Flow::next;
}

}  // namespace thalweg::interpret
