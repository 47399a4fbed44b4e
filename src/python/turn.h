// One compilation of a program at a time: who comes second waits, and then finds the first one's build.
#pragma once
#include <cstdint>

namespace thalweg::python {

// A lock whose state the GIL guards. Unlike a mutex it may be taken again by the thread that has it (compiling looks
// at live objects, and a property or a signal handler may call the same program), a waiting main thread sees Ctrl-C,
// and in a forked child whoever held it in the parent no longer does.
class Turn {
 public:
  class Hold {
   public:
    // Waits without the GIL. Throws nanobind::python_error when a signal handler raised meanwhile.
    explicit Hold(Turn& turn);
    ~Hold();
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;

   private:
    Turn& turn_;
  };

 private:
  bool is_free_for(uint64_t thread) const;

  int depth_ = 0;       // how often its owner holds it
  uint64_t owner_ = 0;  // CPython's number of the thread state, which no later thread gets again
  int64_t process_ = 0;
};

}  // namespace thalweg::python
