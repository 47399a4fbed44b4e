// Map and consume scopes: their body once for each point, or for each element popped.
#include <algorithm>

#include "interpret/run.h"

namespace thalweg::interpret {

void declare_locals(Machine& machine, Scope& scope, const ir::Node* entry) {
  const GraphPlan& plan = machine.plan(*scope.sdfg);
  auto found = plan.locals.find(entry);
  if (found == plan.locals.end()) return;
  for (const std::string& name : found->second) scope.variables[name] = Variable{scope.sdfg->find(name), {}};
}

namespace {

Scope scope_inside(Machine& machine, Scope& outer, const ir::Node* entry) {
  Scope scope;
  scope.outer = &outer;
  scope.sdfg = outer.sdfg;
  declare_locals(machine, scope, entry);
  return scope;
}

// In-connectors that are not IN_x hand a scalar in under a name: a range that depends on data.
void read_dynamic_ranges(Machine& machine, Scope& scope, const ir::MapEntry& entry) {
  for (const ir::Edge* edge : entry.in_edges()) {
    const std::string& connector = edge->target_connector();
    if (connector.empty() || connector.starts_with("IN_") || edge->memlet().is_empty()) continue;
    auto place = place_of(machine, scope, edge->memlet());
    if (!place) return;
    auto at = locate(place->variable->array, place->box.begin, place->name(), machine.failure);
    if (!at) return;
    const Scalar value = read_element(machine, place->variable->array, *at, place->name());
    if (machine.failed()) return;
    scope.symbols.emplace_back(connector, to_int64(value));
  }
}

// All points of the range in row-major order; later ranges may use earlier parameters.
class Points {
 public:
  Points(Machine& machine, Scope& scope, const ir::MapFields& map) : machine_(machine), scope_(scope), map_(map) {
    collect(0);
  }
  size_t rank() const { return map_.params.size(); }
  size_t count() const { return count_; }
  std::span<const int64_t> operator[](size_t i) const { return std::span(values_).subspan(i * rank(), rank()); }

 private:
  void collect(size_t depth) {
    if (machine_.failed()) return;
    if (depth == rank()) {
      values_.insert(values_.end(), point_.begin(), point_.end());
      ++count_;
      const int64_t limit = machine_.options.max_steps;
      if (limit > 0 && static_cast<int64_t>(count_) > limit) machine_.failure.give_up(limit);
      return;
    }
    const symbolic::Range& range = map_.range.ranges[depth];
    const int64_t begin = evaluate(machine_, scope_, range.begin), size = evaluate(machine_, scope_, range.size),
                  step = evaluate(machine_, scope_, range.step);
    point_.resize(depth + 1);
    scope_.symbols.emplace_back(map_.params[depth], 0);
    for (int64_t i = 0; i < size && !machine_.failed(); ++i) {
      point_.resize(depth + 1);
      point_[depth] = scope_.symbols.back().second = begin + i * step;
      collect(depth + 1);
    }
    scope_.symbols.pop_back();
  }

  Machine& machine_;
  Scope& scope_;
  const ir::MapFields& map_;
  std::vector<int64_t> values_, point_;
  size_t count_ = 0;
};

Task run_iteration(Machine& machine, Scope& outer, const StatePlan& plan, const ir::MapEntry& entry,
                   std::span<const int64_t> point) {
  if (!machine.step(entry)) co_return Flow::stop;
  Scope scope = scope_inside(machine, outer, &entry);
  const ir::MapFields& map = entry.scope().get();
  for (size_t d = 0; d < point.size(); ++d) scope.symbols.emplace_back(map.params[d], point[d]);
  const Flow flow = co_await run_siblings(machine, scope, plan, plan.inside(&entry));
  co_return flow;
}

}  // namespace

Task run_map(Machine& machine, Scope& outer, const StatePlan& plan, ir::MapEntry& entry) {
  const ir::MapFields& map = entry.scope().get();
  Scope scope;
  scope.outer = &outer;
  scope.sdfg = outer.sdfg;
  read_dynamic_ranges(machine, scope, entry);
  if (machine.failed()) co_return Flow::stop;
  const Points points(machine, scope, map);
  std::vector<size_t> order(points.count());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  // A sequential map that touches streams fills and drains them in the order of its range.
  const bool streams = plan.inside(&entry).streams;
  const bool in_order = streams && map.schedule == ir::schedules::sequential;
  if (machine.shuffled() && !in_order) std::shuffle(order.begin(), order.end(), machine.random);
  if (streams && !in_order) {
    // Iterations may wait for one another: each is a process.
    std::vector<Process*> processes;
    for (size_t i : order)
      processes.push_back(machine.scheduler.spawn(run_iteration(machine, scope, plan, entry, points[i])));
    auto all_done = [&] {
      return std::all_of(processes.begin(), processes.end(), [](const Process* process) { return process->done; });
    };
    co_await machine.scheduler.wait(all_done, [] { return std::string(); });
    machine.scheduler.forget(processes);
  } else {
    for (size_t i : order) {
      if (machine.failed()) break;
      const Flow flow = co_await run_iteration(machine, scope, plan, entry, points[i]);
      if (flow == Flow::stop) break;
    }
  }
  co_return machine.failed() ? Flow::stop : Flow::next;
}

namespace {

// What the processing elements of one consume scope share.
struct Feed {
  Channel* channel = nullptr;
  std::string stream, who;
  bool own = false;              // nobody outside this state can push
  int64_t busy = 0;              // elements being worked on, whose bodies may push again
  std::function<bool()> others;  // may somebody else still push?
};

bool is_stopped(Machine& machine, Scope& scope, const ir::ConsumeFields& fields) {
  if (!fields.condition) return false;
  ContainerLeaves leaves(machine, scope);
  return truth(evaluate(machine, scope, *fields.condition, leaves));
}

Task run_processing_element(Machine& machine, Scope& outer, const StatePlan& plan, const ir::ConsumeEntry& entry,
                            Feed& feed, int64_t index) {
  const ir::ConsumeFields& fields = entry.scope().get();
  while (machine.step(entry)) {
    if (is_stopped(machine, outer, fields) || machine.failed()) break;
    auto drained = [&] {
      return !fields.condition && feed.busy == 0 && !feed.others() && (feed.own || machine.scheduler.quiescent());
    };
    auto ready = [&] { return !feed.channel->queue.empty() || drained(); };
    co_await machine.scheduler.wait(ready, [&] { return feed.who + " waits to pop from empty '" + feed.stream + "'"; });
    if (feed.channel->queue.empty()) break;
    Scope scope = scope_inside(machine, outer, &entry);
    scope.consume = &entry;
    scope.popped = feed.channel->queue.front();
    feed.channel->queue.pop_front();
    if (!fields.pe_index.empty()) scope.symbols.emplace_back(fields.pe_index, index);
    ++feed.busy;
    const Flow flow = co_await run_siblings(machine, scope, plan, plan.inside(&entry));
    --feed.busy;
    if (flow == Flow::stop) break;
  }
  co_return machine.failed() ? Flow::stop : Flow::next;
}

}  // namespace

Task run_consume(Machine& machine, Scope& outer, const StatePlan& plan, ir::ConsumeEntry& entry,
                 std::function<bool()> fed) {
  Feed feed;
  feed.who = entry.label();
  feed.others = std::move(fed);
  for (const ir::Edge* edge : entry.in_edges()) {
    if (edge->memlet().is_empty()) continue;
    auto place = place_of(machine, outer, edge->memlet());
    if (!place) co_return Flow::stop;
    if (!place->is_stream()) continue;
    feed.channel = channel_of(machine, *place, place->name());
    feed.stream = place->name();
    feed.own = place->variable->own;
  }
  if (!feed.channel) machine.failure.bug("the consume scope " + feed.who + " has no stream to read");
  if (machine.failed()) co_return Flow::stop;
  const int64_t count = std::max<int64_t>(1, evaluate(machine, outer, entry.scope().get().num_pes));
  std::vector<Process*> processes;
  for (int64_t i = 0; i < count; ++i)
    processes.push_back(machine.scheduler.spawn(run_processing_element(machine, outer, plan, entry, feed, i)));
  auto all_done = [&] {
    return std::all_of(processes.begin(), processes.end(), [](const Process* process) { return process->done; });
  };
  co_await machine.scheduler.wait(all_done, [] { return std::string(); });
  machine.scheduler.forget(processes);
  co_return machine.failed() ? Flow::stop : Flow::next;
}

}  // namespace thalweg::interpret
