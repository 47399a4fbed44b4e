// A fork waits for the stretches that must not be cut in two, and for nothing else.
#include <gtest/gtest.h>
#include <link.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "thalweg/forks.h"

namespace {

using thalweg::runtime::NoForks;

constexpr unsigned kSecondsUntilHung = 20;

int exit_of(pid_t child) {
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Forks; in the child `work` says whether all is well.
template <typename F>
int forked(F work) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(kSecondsUntilHung);
    _exit(work() ? 0 : 1);
  }
  return exit_of(child);
}

TEST(Forks, wait_for_a_stretch_in_another_thread) {
  std::atomic<bool> inside{false}, over{false};
  std::thread other([&] {
    const NoForks outer;
    {
      const NoForks nested;
    }
    inside = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    over = true;
  });
  while (!inside) std::this_thread::yield();
  EXPECT_EQ(forked([&] { return over.load(); }), 0);
  other.join();
}

TEST(Forks, do_not_wait_for_the_thread_that_forks) {
  const NoForks own;
  EXPECT_EQ(forked([] {
              const NoForks in_the_child;
              return forked([] { return true; }) == 0;
            }),
            0);
}

int count(dl_phdr_info*, size_t, void* libraries) {
  ++*static_cast<int*>(libraries);
  return 0;
}

int libraries() {
  int found = 0;
  dl_iterate_phdr(count, &found);
  return found;
}

TEST(Forks, leave_the_dynamic_linker_usable) {
  std::atomic<bool> stop{false};
  std::thread reader([&] {
    while (!stop) {
      const NoForks reading;
      libraries();
    }
  });
  const int before = libraries();
  for (int round = 0; round < 200; ++round) ASSERT_EQ(forked([&] { return libraries() == before; }), 0) << round;
  stop = true;
  reader.join();
}

}  // namespace
