// Access nodes: the copies that end in them, and those that leave their scope.
#include "interpret/run.h"

namespace thalweg::interpret {

namespace {

// The two ends of a copy: a container each, with the elements meant in row-major order.
struct Copy {
  Place source, target;
};

const ir::AccessNode* access_at(const ir::Node& node) { return dynamic_cast<const ir::AccessNode*>(&node); }

// The other end: its own subset, else the whole container when that has as many elements, else the same subset.
symbolic::Subset other_subset(const ir::MemletFields& memlet, const ir::Container& other) {
  if (memlet.other_subset) return *memlet.other_subset;
  if (other.get().kind == ir::ContainerKind::stream) return {};
  symbolic::Subset whole = symbolic::Subset::whole(other.get().shape);
  return whole.num_elements() == memlet.subset.num_elements() ? whole : memlet.subset;
}

std::optional<Copy> resolve(Machine& machine, Scope& scope, const ir::Edge& edge) {
  machine.at = &edge;
  const ir::AccessNode* source = access_at(outermost_source(edge).source());
  const ir::AccessNode* target = access_at(outermost_target(edge).target());
  TW_CHECK(source && target, "a copy joins two access nodes");
  const ir::MemletFields& memlet = edge.memlet().get();
  const bool of_source = memlet.data == source->get().data;
  const std::string& other_name = of_source ? target->get().data : source->get().data;
  const ir::Container* other = scope.sdfg->find(other_name);
  if (!other) {
    machine.failure.bug("there is no container '" + other_name + "'");
    return std::nullopt;
  }
  ir::MemletFields far;
  far.data = other_name;
  far.subset = other_subset(memlet, *other);
  auto near_place = place_of(machine, scope, edge.memlet());
  const ir::Memlet far_memlet(far);
  auto far_place = near_place ? place_of(machine, scope, far_memlet) : std::nullopt;
  if (!far_place) return std::nullopt;
  far_place->memlet = nullptr;  // it was a memlet of the moment; writing uses the edge's own
  return of_source ? Copy{*near_place, *far_place} : Copy{*far_place, *near_place};
}

struct Item {
  Scalar value;
  bool written;
};

std::optional<std::vector<Item>> read_all(Machine& machine, const Place& source, const std::string& name) {
  std::vector<Item> items;
  std::vector<int64_t> at_index;
  const Array& array = source.variable->array;
  for_each_index(source.box.size, [&](const std::vector<int64_t>& index) {
    source.box.at(index, at_index);
    auto at = locate(array, at_index, name, machine.failure);
    if (!at) return false;
    items.push_back({load(array, *at, name, machine.failure), true});
    if (!machine.failed()) items.back().written = is_written(array, *at);
    return !machine.failed();
  });
  if (machine.failed()) return std::nullopt;
  return items;
}

// Copies unwritten elements as unwritten: moving them is no use of them. With a resolution they are used.
void write_all(Machine& machine, Scope& scope, const Place& target, const ir::MemletFields& memlet,
               const std::string& name, const std::vector<Item>& items) {
  Place place = target;
  place.memlet = &memlet;
  const Array& array = place.variable->array;
  std::vector<int64_t> at_index;
  size_t next = 0;
  for_each_index(place.box.size, [&](const std::vector<int64_t>& index) {
    place.box.at(index, at_index);
    auto at = locate(array, at_index, name, machine.failure);
    if (!at) return false;
    const Item& item = items[next++];
    if (!item.written && memlet.wcr != ir::Wcr::none) machine.failure.bug("an element is used before it is written");
    if (item.value.type != array.dtype && !same_storage(item.value.type, array.dtype))
      machine.failure.bug("a copy from " + item.value.type.name() + " to " + array.dtype.name());
    if (machine.failed()) return false;
    write_element(machine, scope, place, *at, item.value);
    if (!item.written && !machine.failed() && machine.options.uninitialised == Uninitialised::report)
      mark_unwritten(array, *at);
    return !machine.failed();
  });
}

void copy_memory(Machine& machine, Scope& scope, const Copy& copy, const ir::MemletFields& memlet,
                 const std::string& from, const std::string& to) {
  const int64_t count = copy.source.box.num_elements(), room = copy.target.box.num_elements();
  if (count != room)
    machine.failure.bug("a copy of " + std::to_string(count) + " elements of '" + from + "' into " +
                        std::to_string(room) + " of '" + to + "'");
  if (machine.failed()) return;
  if (auto items = read_all(machine, copy.source, from)) write_all(machine, scope, copy.target, memlet, to, *items);
}

// Pushes the elements of an array, pops as many as an array holds, or moves `volume` from stream to stream.
Task copy_stream(Machine& machine, Scope& scope, Copy copy, const ir::Edge& edge, std::string from, std::string to) {
  const ir::MemletFields& memlet = edge.memlet().get();
  Channel* source = copy.source.is_stream() ? channel_of(machine, copy.source, from) : nullptr;
  Channel* target = copy.target.is_stream() ? channel_of(machine, copy.target, to) : nullptr;
  if (machine.failed()) co_return Flow::stop;
  std::vector<Item> items;
  int64_t count = 0;
  if (!source) {
    auto read = read_all(machine, copy.source, from);
    if (!read) co_return Flow::stop;
    items = std::move(*read);
    count = static_cast<int64_t>(items.size());
  } else {
    count = target ? evaluate(machine, scope, memlet.volume) : copy.target.box.num_elements();
  }
  for (int64_t i = 0; i < count; ++i) {
    Scalar value;
    if (source) {
      const Flow flow = co_await pop(machine, *source, "the copy to '" + to + "'", from, value);
      if (flow == Flow::stop) co_return flow;
      items.push_back({value, true});
    }
    if (target) {
      const Item& item = items[static_cast<size_t>(i)];
      if (!item.written) machine.failure.bug("'" + from + "' is read before it is written");
      if (machine.failed()) co_return Flow::stop;
      const Flow flow = co_await push(machine, *target, "the copy from '" + from + "'", to, item.value);
      if (flow == Flow::stop) co_return flow;
    }
  }
  if (!target) write_all(machine, scope, copy.target, memlet, to, items);
  co_return machine.failed() ? Flow::stop : Flow::next;
}

Task run_copy(Machine& machine, Scope& scope, const ir::Edge& edge) {
  auto copy = resolve(machine, scope, edge);
  if (!copy) co_return Flow::stop;
  const std::string from = access_at(outermost_source(edge).source())->get().data;
  const std::string to = access_at(outermost_target(edge).target())->get().data;
  if (copy->source.is_stream() || copy->target.is_stream()) {
    const Flow flow = co_await copy_stream(machine, scope, *copy, edge, from, to);
    co_return flow;
  }
  copy_memory(machine, scope, *copy, edge.memlet().get(), from, to);
  co_return machine.failed() ? Flow::stop : Flow::next;
}

bool is_copy(const ir::Edge& edge) {
  return !edge.memlet().is_empty() && edge.target_connector() != "set" && edge.target_connector() != "views" &&
         edge.source_connector() != "views" && access_at(outermost_source(edge).source()) &&
         access_at(outermost_target(edge).target());
}

// Inside a consume scope, what comes through the entry from the stream is the popped element.
bool is_popped(const ir::Edge& edge, const Scope& scope) {
  return dynamic_cast<const ir::ConsumeEntry*>(&edge.source()) && is_stream(*scope.sdfg, edge.memlet()->data);
}

void store_popped(Machine& machine, Scope& scope, const ir::Edge& edge) {
  Scope* at = &scope;
  while (at && at->consume != &edge.source()) at = at->outer;
  Variable* variable = access(machine, scope, access_at(edge.target())->get().data);
  if (!at || !variable) return;
  const std::vector<int64_t> zero(variable->array.shape.size(), 0);
  auto where = locate(variable->array, zero, variable->container->get().name, machine.failure);
  if (where) store(variable->array, *where, at->popped, variable->container->get().name, machine.failure);
}

}  // namespace

Task run_access(Machine& machine, Scope& scope, ir::AccessNode& node) {
  for (const ir::Edge* edge : node.in_edges()) {
    if (!is_copy(*edge)) continue;
    if (is_popped(*edge, scope)) {
      store_popped(machine, scope, *edge);
      continue;
    }
    const Flow flow = co_await run_copy(machine, scope, *edge);
    if (flow == Flow::stop) co_return flow;
  }
  for (const ir::Edge* edge : node.out_edges()) {
    if (!is_copy(*edge) || access_at(edge->target())) continue;  // another access node in this scope: its own affair
    const Flow flow = co_await run_copy(machine, scope, *edge);
    if (flow == Flow::stop) co_return flow;
  }
  co_return machine.failed() ? Flow::stop : Flow::next;
}

}  // namespace thalweg::interpret
