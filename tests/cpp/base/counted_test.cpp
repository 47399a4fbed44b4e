// Counting by C++, and by a Python object from some moment on; the Python object is a plain counter here.
#include "base/counted.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace thalweg::base {
namespace {

struct Cell : Counted {
  explicit Cell(int& alive) : alive_(alive) { ++alive_; }
  ~Cell() override { --alive_; }
  int& alive_;
};

struct FakePython : ::testing::Test {
  PythonHooks before = python_hooks();
  FakePython() {
    python_hooks() = {[](void* object) noexcept { ++*static_cast<std::atomic<int64_t>*>(object); },
                      [](void* object) noexcept { --*static_cast<std::atomic<int64_t>*>(object); }};
  }
  ~FakePython() override { python_hooks() = before; }
  alignas(8) std::atomic<int64_t> object{0};
};

TEST(Counted, LivesAsLongAsAReference) {
  int alive = 0;
  auto first = make_ref<Cell>(alive);
  {
    Ref<Counted> second = first;
    first = nullptr;
    EXPECT_EQ(alive, 1);
  }
  EXPECT_EQ(alive, 0);
}

TEST_F(FakePython, TakesOverEveryReference) {
  int alive = 0;
  auto cell = std::make_unique<Cell>(alive);  // as inside a Python object: never deleted by the count
  {
    Ref<Cell> one(cell.get()), two = one;
    EXPECT_EQ(cell->python_object(), nullptr);
    cell->set_python_object(&object);
    EXPECT_EQ(cell->python_object(), &object);
    EXPECT_EQ(object, 2);
    Ref<Cell> three = two;
    EXPECT_EQ(object, 3);
  }
  EXPECT_EQ(object, 0);
  EXPECT_EQ(alive, 1);
}

// Threads count up and down while one of them hands the count over: none is lost, and nothing is freed early.
TEST_F(FakePython, TakesOverWhileOthersCount) {
  int alive = 0;
  for (int round = 0; round < 50; ++round) {
    auto cell = std::make_unique<Cell>(alive);
    object = 0;
    Ref<Cell> held(cell.get());
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) Ref<Cell> copy = held;
      });
    cell->set_python_object(&object);
    for (auto& thread : threads) thread.join();
    ASSERT_EQ(object, 1) << "round " << round;
    held = nullptr;
    ASSERT_EQ(object, 0) << "round " << round;
    ASSERT_EQ(alive, 1) << "round " << round;
  }
}

}  // namespace
}  // namespace thalweg::base
