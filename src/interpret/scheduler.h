// Processes that run at the same time, one at a time: units of a state joined by streams, iterations of a map that
// touches streams, processing elements. A process gives way only where it waits.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "interpret/task.h"

namespace thalweg::interpret {

struct Machine;

struct Process {
  Task root;
  Task::Handle current;              // the innermost suspended task
  std::function<bool()> ready;       // what it waits for; empty: it can run
  std::function<std::string()> why;  // the same in words
  bool done = false;
};

class Scheduler {
 public:
  explicit Scheduler(Machine& machine) : machine_(machine) {}

  // Runs the task, and all processes it starts, to the end.
  Flow run(Task root);
  // Starts a process; it runs when the running one waits. The pointer stays valid until forget().
  Process* spawn(Task task);
  void forget(const std::vector<Process*>& processes);

  // co_await wait(...): the running process stops until `ready` holds.
  struct Wait {
    Scheduler& scheduler;
    std::function<bool()> ready;
    std::function<std::string()> why;
    bool await_ready() const { return ready(); }
    void await_suspend(Task::Handle handle);
    void await_resume() const {}
  };
  Wait wait(std::function<bool()> ready, std::function<std::string()> why) {
    return {*this, std::move(ready), std::move(why)};
  }
  // True while nothing can run but those who wait for just this.
  bool quiescent() const { return quiescent_; }

 private:
  Process* choose();
  void resume(Process& process);
  void report_deadlock();

  Machine& machine_;
  std::vector<std::unique_ptr<Process>> processes_;
  Process* running_ = nullptr;
  bool quiescent_ = false;
};

}  // namespace thalweg::interpret
