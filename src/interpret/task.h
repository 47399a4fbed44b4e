// Coroutines: whatever may have to wait for a stream is a Task. A task runs as soon as it is awaited; only when
// something below it waits does it suspend, and then the scheduler continues at the innermost one.
#pragma once
#include <coroutine>
#include <exception>
#include <utility>

namespace thalweg::interpret {

// How a block ended: go on, leave or continue the innermost loop, end the graph, or stop everything (a failure).
enum class Flow { next, break_, continue_, return_, stop };

class [[nodiscard]] Task {
 public:
  struct promise_type;
  using Handle = std::coroutine_handle<promise_type>;
  struct promise_type {
    Flow flow = Flow::next;
    Handle waiting;  // the task that awaits this one
    std::exception_ptr exception;

    Task get_return_object() { return Task(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_value(Flow value) { flow = value; }
    void unhandled_exception() { exception = std::current_exception(); }
  };

  Task() = default;
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  Handle handle() const { return handle_; }
  Flow result() const {
    if (handle_.promise().exception) std::rethrow_exception(handle_.promise().exception);
    return handle_.promise().flow;
  }

  // Awaiting: run it now; if it got stuck, be resumed when it is done.
  bool await_ready() {
    handle_.resume();
    return handle_.done();
  }
  void await_suspend(Handle parent) { handle_.promise().waiting = parent; }
  Flow await_resume() const { return result(); }

 private:
  explicit Task(Handle handle) : handle_(handle) {}
  Handle handle_;
};

}  // namespace thalweg::interpret
