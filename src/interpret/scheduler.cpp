#include "interpret/scheduler.h"

#include <algorithm>

#include "interpret/machine.h"

namespace thalweg::interpret {

Process* Scheduler::spawn(Task task) {
  auto process = std::make_unique<Process>();
  process->current = task.handle();
  process->root = std::move(task);
  processes_.push_back(std::move(process));
  return processes_.back().get();
}

void Scheduler::forget(const std::vector<Process*>& processes) {
  std::erase_if(processes_, [&](const std::unique_ptr<Process>& process) {
    return std::find(processes.begin(), processes.end(), process.get()) != processes.end();
  });
}

void Scheduler::Wait::await_suspend(Task::Handle handle) {
  Process& process = *scheduler.running_;
  process.current = handle;
  process.ready = ready;
  process.why = why;
}

Process* Scheduler::choose() {
  std::vector<Process*> able;
  for (const auto& process : processes_)
    if (!process->done && (!process->ready || process->ready())) able.push_back(process.get());
  return able.empty() ? nullptr : able[machine_.pick(able.size())];
}

void Scheduler::resume(Process& process) {
  running_ = &process;
  process.ready = nullptr;
  process.why = nullptr;
  // Continue the innermost task, then whoever waits for it, and so on outwards until something waits again.
  while (!process.ready) {
    Task::Handle handle = process.current;
    handle.resume();
    if (process.ready) break;
    if (!handle.promise().waiting) {
      process.done = true;
      break;
    }
    process.current = handle.promise().waiting;
  }
  running_ = nullptr;
}

void Scheduler::report_deadlock() {
  std::string text = "deadlock: ";
  bool first = true;
  for (const auto& process : processes_) {
    if (process->done || !process->why) continue;
    std::string why = process->why();
    if (why.empty()) continue;  // waits for its own children only
    text += (first ? "" : "; ") + why;
    first = false;
  }
  machine_.failure.bug(text);
}

Flow Scheduler::run(Task root) {
  Process* main = spawn(std::move(root));
  while (!main->done && !machine_.failed()) {
    Process* next = choose();
    if (!next) {
      quiescent_ = true;
      next = choose();
      quiescent_ = false;
    }
    if (!next) {
      report_deadlock();
      break;
    }
    resume(*next);
    if (next->done) next->root.result();  // rethrows a bug of ours
  }
  const Flow flow = main->done && !machine_.failed() ? main->root.result() : Flow::stop;
  while (!processes_.empty()) processes_.pop_back();  // inner ones first: they refer to frames of the outer ones
  return flow;
}

}  // namespace thalweg::interpret
