// The nodes of one scope: in an order that respects the edges; at the same time where streams join them.
#include "interpret/run.h"

namespace thalweg::interpret {

namespace {

// Whether an unfinished sibling other than `self` may still push to a stream that this consume scope reads.
std::function<bool()> fed_by(const Siblings& siblings, const std::vector<char>& finished, size_t self) {
  const std::string stream = [&] {
    for (const ir::Edge* edge : siblings.units[self].node->in_edges())
      if (!edge->memlet().is_empty()) return edge->memlet()->data;
    return std::string();
  }();
  return [&siblings, &finished, self, stream] {
    for (size_t i = 0; i < siblings.units.size(); ++i) {
      if (i == self || finished[i]) continue;
      for (const std::string& pushed : siblings.units[i].pushes)
        if (pushed == stream) return true;
    }
    return false;
  };
}

Task nothing(Machine& machine) { co_return machine.failed() ? Flow::stop : Flow::next; }

Task run_unit(Machine& machine, Scope& scope, const StatePlan& plan, const Siblings& siblings, size_t index,
              const std::vector<char>& finished) {
  return ir::match(
      *siblings.units[index].node, [&](ir::AccessNode* node) { return run_access(machine, scope, *node); },
      [&](ir::Tasklet* node) { return run_stream_tasklet(machine, scope, *node); },
      [&](ir::MapEntry* node) { return run_map(machine, scope, plan, *node); },
      [&](ir::MapExit*) { return nothing(machine); },
      [&](ir::ConsumeEntry* node) {
        return run_consume(machine, scope, plan, *node, fed_by(siblings, finished, index));
      },
      [&](ir::ConsumeExit*) { return nothing(machine); },
      [&](ir::NestedSDFG* node) { return run_nested(machine, scope, *node); },
      [&](ir::LibraryNode* node) { return run_library(machine, scope, *node); });
}

bool may_start(const Unit& unit, const std::vector<char>& finished) {
  for (size_t before : unit.after)
    if (!finished[before]) return false;
  return true;
}

// One after the other; among those that may start, the first or a random one.
Task run_in_order(Machine& machine, Scope& scope, const StatePlan& plan, const Siblings& siblings) {
  std::vector<char> started(siblings.units.size(), 0);
  for (size_t done = 0; done < siblings.units.size(); ++done) {
    size_t index = done;
    if (machine.shuffled()) {
      std::vector<size_t> able;
      for (size_t i = 0; i < siblings.units.size(); ++i)
        if (!started[i] && may_start(siblings.units[i], started)) able.push_back(i);
      TW_CHECK(!able.empty(), "a state is acyclic");
      index = able[machine.pick(able.size())];
    }
    const Unit& unit = siblings.units[index];
    if (!machine.step(*unit.node)) co_return Flow::stop;
    // A tasklet without streams never waits: no coroutine needed.
    if (auto* tasklet = unit.streams ? nullptr : ir::as<ir::Tasklet>(unit.node)) {
      if (run_tasklet(machine, scope, *tasklet) == Flow::stop) co_return Flow::stop;
    } else {
      const Flow flow = co_await run_unit(machine, scope, plan, siblings, index, started);
      if (flow == Flow::stop) co_return flow;
    }
    started[index] = 1;
  }
  co_return Flow::next;
}

Task run_as_process(Machine& machine, Scope& scope, const StatePlan& plan, const Siblings& siblings, size_t index,
                    std::vector<char>& finished) {
  auto ready = [&] { return may_start(siblings.units[index], finished); };
  co_await machine.scheduler.wait(ready, [] { return std::string(); });
  if (!machine.step(*siblings.units[index].node)) co_return Flow::stop;
  const Flow flow = co_await run_unit(machine, scope, plan, siblings, index, finished);
  finished[index] = 1;
  co_return flow;
}

}  // namespace

Task run_siblings(Machine& machine, Scope& scope, const StatePlan& plan, const Siblings& siblings) {
  bind_pointers(machine, scope, siblings);
  if (machine.failed()) co_return Flow::stop;
  if (!siblings.streams) {
    const Flow flow = co_await run_in_order(machine, scope, plan, siblings);
    co_return flow;
  }
  std::vector<char> finished(siblings.units.size(), 0);
  std::vector<Process*> processes;
  for (size_t i = 0; i < siblings.units.size(); ++i)
    processes.push_back(machine.scheduler.spawn(run_as_process(machine, scope, plan, siblings, i, finished)));
  auto all_done = [&] {
    for (const Process* process : processes)
      if (!process->done) return false;
    return true;
  };
  co_await machine.scheduler.wait(all_done, [] { return std::string(); });
  machine.scheduler.forget(processes);
  co_return machine.failed() ? Flow::stop : Flow::next;
}

Task run_state(Machine& machine, Scope& scope, ir::State& state) {
  const StatePlan& plan = machine.plan(state);
  const Flow flow = co_await run_siblings(machine, scope, plan, plan.inside(nullptr));
  co_return flow;
}

}  // namespace thalweg::interpret
