// Regions and other libraries' threads take turns on the processors.
#include "turns.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "thalweg/runtime.h"

namespace {

using thalweg::runtime::begin_region_turn;
using thalweg::runtime::end_region_turn;
using thalweg::runtime::OthersTurn;

thw_context make_context() {
  thw_context context;
  thw_context_init(&context, thw_default_runtime());
  return context;
}

TEST(Turns, ARegionRunsAlone) {
  ASSERT_TRUE(begin_region_turn());
  EXPECT_FALSE(begin_region_turn());
  end_region_turn();
  thw_context context = make_context();
  {
    const OthersTurn first(&context), second(&context);  // other libraries have their own order among themselves
    EXPECT_TRUE(first.taken() && second.taken());
    EXPECT_FALSE(begin_region_turn());
  }
  ASSERT_TRUE(begin_region_turn());
  end_region_turn();
}

TEST(Turns, OthersWaitForARegionAndAreNotStarved) {
  ASSERT_TRUE(begin_region_turn());
  std::atomic<bool> began{false}, done{false};
  std::thread other([&] {
    thw_context context = make_context();
    began = true;
    const OthersTurn turn(&context);
    done = turn.taken();
  });
  while (!began) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(done);
  end_region_turn();
  EXPECT_FALSE(begin_region_turn()) << "who waits goes first";
  other.join();
  EXPECT_TRUE(done);
  ASSERT_TRUE(begin_region_turn());
  end_region_turn();
}

TEST(Turns, WaitingSeesInterrupts) {
  ASSERT_TRUE(begin_region_turn());
  thw_runtime runtime = *thw_default_runtime();
  runtime.poll = [](thw_context* context) -> int32_t {
    context->stop = THW_STOP_INTERRUPTED;
    return 1;
  };
  thw_context context = make_context();
  context.runtime = &runtime;
  {
    const OthersTurn turn(&context);
    EXPECT_FALSE(turn.taken());
  }
  end_region_turn();
  EXPECT_TRUE(begin_region_turn());
  end_region_turn();
}

TEST(Turns, NeverTwoKindsAtOnce) {
  std::atomic<int> regions{0}, others{0}, clashes{0}, ran{0};
  std::vector<std::thread> threads;
  for (int k = 0; k < 4; ++k) {
    threads.emplace_back([&, k] {
      thw_context context = make_context();
      // A region does not wait: where the others are always there, it comes to its turn when they have ended.
      for (int round = 0; round < 500 || (k % 2 == 0 && ran == 0); ++round) {
        if (k % 2 == 0) {
          if (!begin_region_turn()) continue;
          clashes += regions++ != 0 || others != 0;
          ++ran;
          --regions;
          end_region_turn();
        } else {
          const OthersTurn turn(&context);
          ++others;
          clashes += regions != 0;
          --others;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(clashes, 0);
  EXPECT_GT(ran, 0);
}

}  // namespace
