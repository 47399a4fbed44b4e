// The thread pool: every iteration once, whatever the sizes; nesting, several callers, errors and fork().
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "thalweg/runtime.h"

namespace {

thw_context make_context(int threads) {
  thw_context context;
  thw_context_init(&context, thw_default_runtime());
  context.threads = threads;
  return context;
}

struct Counts {
  std::vector<std::atomic<int>> seen;
  explicit Counts(size_t size) : seen(size) {}
};

void count(thw_context*, void* arguments, int64_t begin, int64_t end) {
  auto& counts = *static_cast<Counts*>(arguments);
  for (int64_t i = begin; i < end; ++i) counts.seen[static_cast<size_t>(i)].fetch_add(1, std::memory_order_relaxed);
}

bool covers(thw_context* context, int64_t begin, int64_t end, int64_t grain, int64_t size) {
  Counts counts(static_cast<size_t>(size));
  thw_parallel_for(context, begin, end, grain, count, &counts);
  for (int64_t i = 0; i < size; ++i) {
    const int expected = i >= begin && i < end ? 1 : 0;
    if (counts.seen[static_cast<size_t>(i)].load() != expected) return false;
  }
  return true;
}

TEST(Pool, RunsEveryIterationOnce) {
  const unsigned seed = 20260101;
  std::mt19937 random(seed);
  for (int round = 0; round < 400; ++round) {
    const int64_t size = std::uniform_int_distribution<int64_t>(0, 300)(random);
    const int64_t begin = std::uniform_int_distribution<int64_t>(0, size)(random);
    const int64_t grain = std::uniform_int_distribution<int64_t>(0, 40)(random);
    thw_context context = make_context(std::uniform_int_distribution<int>(1, 5)(random));
    ASSERT_TRUE(covers(&context, begin, size, grain, size)) << "seed " << seed << " round " << round;
  }
}

TEST(Pool, LongRegionsRunInShortChunks) {
  thw_context context = make_context(2);
  std::atomic<int64_t> longest{0};
  const auto body = [](thw_context*, void* longest_seen, int64_t begin, int64_t end) {
    auto& seen = *static_cast<std::atomic<int64_t>*>(longest_seen);
    int64_t before = seen.load();
    while (before < end - begin && !seen.compare_exchange_weak(before, end - begin)) {
    }
  };
  thw_parallel_for(&context, 0, 10'000'000, 2, body, &longest);  // 8000 operations an iteration
  EXPECT_LE(longest.load(), 2048);
  longest = 0;
  thw_parallel_for(&context, 0, 10'000, 1, body, &longest);  // any number of operations an iteration
  EXPECT_LE(longest.load(), 16);
}

TEST(Pool, UsesSeveralThreads) {
  struct Arrivals {
    std::atomic<int> inside{0};
    std::atomic<bool> together{false};
  } arrivals;
  thw_context context = make_context(2);
  // Each of the two iterations waits (bounded) for the other: only two threads can be inside together.
  thw_parallel_for(
      &context, 0, 2, 1,
      [](thw_context*, void* arguments, int64_t, int64_t) {
        auto& state = *static_cast<Arrivals*>(arguments);
        state.inside.fetch_add(1);
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (state.inside.load() < 2 && std::chrono::steady_clock::now() < limit) std::this_thread::yield();
        if (state.inside.load() == 2) state.together = true;
      },
      &arrivals);
  EXPECT_TRUE(arrivals.together.load());
}

TEST(Pool, GivesChunksOfAtLeastTheGrain) {
  std::atomic<int64_t> calls{0};
  thw_context context = make_context(4);
  thw_parallel_for(
      &context, 0, 100, 60,
      [](thw_context*, void* arguments, int64_t begin, int64_t end) {
        static_cast<std::atomic<int64_t>*>(arguments)->fetch_add(end - begin == 100 ? 1 : 1000);
      },
      &calls);
  EXPECT_EQ(calls.load(), 1) << "100 iterations are too few for two chunks of 60";
}

struct Nested {
  Counts counts{64 * 64};
};

TEST(Pool, RunsNestedCallsSerially) {
  Nested nested;
  thw_context context = make_context(3);
  thw_parallel_for(
      &context, 0, 64, 1,
      [](thw_context* inner, void* arguments, int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i) {
          struct Row {
            Nested* nested;
            int64_t row;
            std::thread::id thread;
          } row{static_cast<Nested*>(arguments), i, std::this_thread::get_id()};
          thw_parallel_for(
              inner, 0, 64, 1,
              [](thw_context*, void* argument, int64_t first, int64_t last) {
                auto& target = *static_cast<Row*>(argument);
                EXPECT_EQ(target.thread, std::this_thread::get_id());
                for (int64_t j = first; j < last; ++j)
                  target.nested->counts.seen[static_cast<size_t>(target.row * 64 + j)].fetch_add(1);
              },
              &row);
        }
      },
      &nested);
  for (auto& seen : nested.counts.seen) ASSERT_EQ(seen.load(), 1);
}

TEST(Pool, ServesSeveralCallersAtOnce) {
  std::atomic<int> failures{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&failures, caller] {
      thw_context context = make_context(3);
      for (int round = 0; round < 200; ++round) {
        if (!covers(&context, 0, 500 + caller, 7, 500 + caller)) failures.fetch_add(1);
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(failures.load(), 0);
}

TEST(Pool, StopsAfterTheFirstError) {
  thw_context context = make_context(3);
  std::atomic<int64_t> done{0};
  thw_parallel_for(
      &context, 0, 1000000, 1,
      [](thw_context* inner, void* arguments, int64_t begin, int64_t end) {
        static_cast<std::atomic<int64_t>*>(arguments)->fetch_add(end - begin);
        inner->runtime->raise(inner, 7, begin, end, 0, 0);
      },
      &done);
  EXPECT_EQ(context.stop, THW_STOP_RAISED);
  EXPECT_EQ(context.site, 7);
  EXPECT_LT(context.values[0], context.values[1]);
  EXPECT_LT(done.load(), 1000000);
  const int64_t before = done.load();
  thw_parallel_for(
      &context, 0, 10, 1,
      [](thw_context*, void* arguments, int64_t, int64_t) {
        static_cast<std::atomic<int64_t>*>(arguments)->fetch_add(1);
      },
      &done);
  EXPECT_EQ(done.load(), before) << "a stopped context starts nothing";
}

TEST(Raise, KeepsTheFirstError) {
  thw_context context = make_context(1);
  thw_raise(&context, 3, 1, 2, 3, 4);
  thw_raise(&context, 5, 9, 9, 9, 9);
  EXPECT_EQ(context.site, 3);
  EXPECT_EQ(context.values[3], 4);
  EXPECT_EQ(thw_poll(&context), THW_STOP_RAISED);
}

TEST(Pool, WorksInAForkedChild) {
  thw_context context = make_context(3);
  ASSERT_TRUE(covers(&context, 0, 1000, 1, 1000));  // the parent's workers exist now
  for (int round = 0; round < 5; ++round) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      alarm(20);  // a hang becomes a failure
      thw_context own = make_context(3);
      bool good = true;
      for (int call = 0; call < 20; ++call) good = good && covers(&own, 0, 1000, 1, 1000);
      _exit(good ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "status " << status;
    ASSERT_TRUE(covers(&context, 0, 1000, 1, 1000));
  }
}

// As a user whose processes are counted, with no more of them allowed: no worker can be started.
bool forbid_threads() {
  if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) return false;
  const rlimit none{0, 0};
  pthread_t thread;
  return setrlimit(RLIMIT_NPROC, &none) == 0 &&
         pthread_create(&thread, nullptr, [](void*) -> void* { return nullptr; }, nullptr) == EAGAIN;
}

TEST(Pool, DoesWithoutThreadsThatCannotBeMade) {
  enum { good, wrong, not_testable };
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(20);
    if (!forbid_threads()) _exit(not_testable);
    thw_context own = make_context(4);
    bool all = true;
    for (int call = 0; call < 20; ++call) all = all && covers(&own, 0, 1000, 1, 1000);
    _exit(all && own.stop == 0 ? good : wrong);
  }
  int status = -1;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status)) << status;
  if (WEXITSTATUS(status) == not_testable) GTEST_SKIP() << "this system does not limit threads";
  EXPECT_EQ(WEXITSTATUS(status), good);
}

TEST(Pool, OneThreadLooksForInterruptsToo) {
  constexpr int64_t everything = int64_t{1} << 50;
  thw_runtime runtime = *thw_default_runtime();
  runtime.poll = [](thw_context* context) -> int32_t {
    context->stop = THW_STOP_INTERRUPTED;
    return 1;
  };
  thw_context context = make_context(1);
  context.runtime = &runtime;
  std::atomic<int64_t> done{0};
  thw_parallel_for(
      &context, 0, everything, 1,
      [](thw_context*, void* argument, int64_t begin, int64_t end) {
        static_cast<std::atomic<int64_t>*>(argument)->fetch_add(end - begin);
      },
      &done);
  EXPECT_EQ(context.stop, THW_STOP_INTERRUPTED);
  EXPECT_LT(done.load(), everything);
}

TEST(Pool, WakesSleepingWorkers) {
  thw_context context = make_context(3);
  for (int round = 0; round < 4; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // longer than workers spin
    ASSERT_TRUE(covers(&context, 0, 2000, 1, 2000));
  }
}

TEST(Threads, FollowTheEnvironment) {
  setenv("OMP_NUM_THREADS", "3,2", 1);
  EXPECT_EQ(thw_default_threads(), 3);
  setenv("THALWEG_NUM_THREADS", "5", 1);
  EXPECT_EQ(thw_default_threads(), 5);
  setenv("THALWEG_NUM_THREADS", "nonsense", 1);
  EXPECT_EQ(thw_default_threads(), 3);
  unsetenv("THALWEG_NUM_THREADS");
  unsetenv("OMP_NUM_THREADS");
  EXPECT_GE(thw_default_threads(), 1);
}

TEST(Memory, IsAlignedAndReused) {
  thw_context context = make_context(1);
  for (int64_t bytes : {int64_t{0}, int64_t{1}, int64_t{1000}, int64_t{1} << 20, int64_t{9} << 20}) {
    void* memory = thw_allocate(&context, bytes);
    ASSERT_NE(memory, nullptr);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 64, 0u);
    static_cast<char*>(memory)[bytes > 0 ? bytes - 1 : 0] = 1;
    thw_release(&context, memory);
  }
  void* first = thw_allocate(&context, 1 << 20);
  thw_release(&context, first);
  EXPECT_EQ(thw_allocate(&context, 1 << 20), first) << "a freed block of the same size is taken again";
  thw_release(&context, first);
  thw_release_cache();
  EXPECT_EQ(context.stop, 0);
}

// Bytes that the system may take from this process when it needs memory.
int64_t lent_bytes() {
  std::ifstream file("/proc/self/smaps_rollup");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("LazyFree:", 0) == 0) return std::stoll(line.substr(9)) << 10;
  return -1;
}

TEST(Memory, LargeBlocksAreKeptAsPagesOfTheSystem) {
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
  GTEST_SKIP() << "the address sanitizer keeps freed memory for a while";
#endif
#endif
  thw_context context = make_context(1);
  constexpr int64_t bytes = int64_t{80} << 20;
  const int64_t before = lent_bytes();
  void* first = thw_allocate(&context, bytes);
  memset(first, 1, bytes);
  thw_release(&context, first);
  if (before >= 0) EXPECT_GE(lent_bytes() - before, bytes * 9 / 10);
  EXPECT_EQ(thw_allocate(&context, bytes), first);
  memset(first, 2, bytes);
  thw_release(&context, first);
  thw_release_cache();
  EXPECT_EQ(lent_bytes(), before);
}

TEST(Memory, RecordsItsAbsence) {
  thw_context context = make_context(1);
  EXPECT_EQ(thw_allocate(&context, INT64_MAX / 2), nullptr);
  EXPECT_EQ(context.stop, THW_STOP_RAISED);
  EXPECT_EQ(context.site, THW_SITE_MEMORY);
  thw_context other = make_context(1);
  EXPECT_EQ(thw_allocate_result(&other, nullptr, -1), nullptr);
  EXPECT_EQ(other.site, THW_SITE_MEMORY);
}

TEST(Runtime, RefusesCallbacksWithoutAHost) {
  thw_context context = make_context(1);
  EXPECT_NE(context.runtime->callback(&context, 4, nullptr, 0, nullptr, 0), 0);
  EXPECT_EQ(context.site, THW_SITE_NO_CALLBACK);
  EXPECT_EQ(context.values[0], 4);
}

}  // namespace
