// The thread pool behind thw_runtime.parallel_for: one pool per process, workers started at the first region.
//
// A region is open from `open` to `close`. Workers join it by counting themselves into `gate` while it is open; the
// caller never waits for a worker that has not joined, so a worker that sleeps or has no processor delays nobody.
// The range is cut into one share per thread, each share into chunks; who has finished its share helps the others.
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <new>

#include "matmul.h"
#include "processors.h"
#include "thalweg/runtime.h"
#include "turns.h"

namespace {

using Clock = std::chrono::steady_clock;
using thalweg::runtime::kMaxThreads;

constexpr int kChunksPerShare = 8;
constexpr int64_t kLongestChunk = 1024;                        // grains
constexpr auto kWorkerSpin = std::chrono::microseconds(1000);  // then sleep: covers the gaps between calls
constexpr auto kMasterSpin = std::chrono::microseconds(30);    // then yield: a worker may need this processor
constexpr auto kPreempted = std::chrono::microseconds(300);    // a pause this long: others want the processor
constexpr auto kPollEvery = std::chrono::milliseconds(50);

inline void relax() { __builtin_ia32_pause(); }

void futex(std::atomic<uint32_t>& word, int operation, uint32_t value) {
  static_assert(sizeof(std::atomic<uint32_t>) == 4);
  syscall(SYS_futex, reinterpret_cast<uint32_t*>(&word), operation | FUTEX_PRIVATE_FLAG, value, nullptr, nullptr, 0);
}

// One thread's part of the range. On its own cache line, since owner and helpers count `next` up.
struct alignas(64) Share {
  std::atomic<int64_t> next{0};
  int64_t end = 0;
};

struct Region {
  thw_context* context = nullptr;
  thw_body body = nullptr;
  void* arguments = nullptr;
  int64_t chunk = 1;
  int threads = 1;
};

// The gate is one word, so that joining is one atomic step: [epoch:42][open:1][workers allowed:10][joined:11].
constexpr uint64_t kJoinedMask = (1u << 11) - 1;
constexpr int kAllowedShift = 11;
constexpr uint64_t kOpen = 1u << 21;
constexpr int kEpochShift = 22;

class Pool {
 public:
  void run(const Region& region, int64_t begin, int64_t end);
  void start_workers(int wanted);
  int workers() const { return workers_; }
  // Until the next region, workers sleep instead of spinning: somebody else is about to need the processors.
  void rest() { resting_.store(true, std::memory_order_relaxed); }

 private:
  struct Start {
    Pool* pool;
    int index;
    int processor;  // to stay on; -1: anywhere
  };

  static void* worker_main(void* start);
  void worker_loop(int index, bool pinned);
  bool wait_for_region(uint64_t* seen, int index, bool* pinned);
  void follow_mask();
  void unpin();
  void work(int self, bool is_caller);
  void open(int allowed);
  void close(uint32_t forks_before);

  alignas(64) std::atomic<uint64_t> gate_{0};
  alignas(64) std::atomic<uint32_t> finished_{0};  // workers that have left the region
  alignas(64) std::atomic<uint32_t> wake_{0};      // futex word of sleeping workers
  std::atomic<int32_t> sleepers_{0};
  std::atomic<bool> resting_{false};
  alignas(64) Region region_;
  int workers_ = 0;
  Clock::time_point last_poll_;
  std::mutex placing_;  // guards mask_ and who may run where; never held across a region
  cpu_set_t mask_;      // of the last caller: where workers may run
  pthread_t threads_[kMaxThreads];
  Share shares_[kMaxThreads];
};

// Process-wide because threads are: the pool, made at the first region and never destroyed (its threads live until
// exit). A second caller at the same time runs serially (turns.h).
std::atomic<Pool*> the_pool{nullptr};
bool forks_are_seen = false;  // guarded by the turn
thread_local bool inside_region = false;

// After fork() only the forking thread exists: its child forgets the pool and makes a new one when needed.
void forget_pool() {
  the_pool.store(nullptr, std::memory_order_relaxed);
  thalweg::runtime::forget_turns();
}

bool machine_is_loaded(int processors) {
  double load = 0;
  return getloadavg(&load, 1) != 1 || load > 0.75 * processors;
}

// Calls the host's poll in the calling thread, now and then.
void poll_sometimes(thw_context* context, Clock::time_point* last) {
  const auto now = Clock::now();
  if (now - *last < kPollEvery) return;
  *last = now;
  context->runtime->poll(context);
}

bool stopped(const thw_context* context) { return __atomic_load_n(&context->stop, __ATOMIC_RELAXED) != 0; }

void Pool::work(int self, bool is_caller) {
  for (int turn = 0; turn < region_.threads; ++turn) {
    Share& share = shares_[(self + turn) % region_.threads];
    while (share.next.load(std::memory_order_relaxed) < share.end && !stopped(region_.context)) {
      const int64_t from = share.next.fetch_add(region_.chunk, std::memory_order_relaxed);
      if (from >= share.end) break;
      region_.body(region_.context, region_.arguments, from, std::min(from + region_.chunk, share.end));
      if (is_caller) poll_sometimes(region_.context, &last_poll_);
    }
  }
}

void Pool::open(int allowed) {
  finished_.store(0, std::memory_order_relaxed);
  resting_.store(false, std::memory_order_relaxed);
  const uint64_t epoch = (gate_.load(std::memory_order_relaxed) >> kEpochShift) + 1;
  // Sequentially consistent against the sleeper's count: one of the two sees the other.
  gate_.store(epoch << kEpochShift | kOpen | static_cast<uint64_t>(allowed) << kAllowedShift);
  if (sleepers_.load() > 0) {
    wake_.fetch_add(1);
    futex(wake_, FUTEX_WAKE, INT_MAX);
  }
}

// A child forked inside the region by its caller has no workers to wait for; what they had begun is lost there.
void Pool::close(uint32_t forks_before) {
  const uint64_t joined = gate_.fetch_and(~kOpen, std::memory_order_acq_rel) & kJoinedMask;
  if (finished_.load(std::memory_order_acquire) == joined) return;
  const auto start = Clock::now();
  for (int round = 1; finished_.load(std::memory_order_acquire) != joined; ++round) {
    relax();
    if (round % 64 != 0 || Clock::now() - start < kMasterSpin) continue;
    if (thalweg::runtime::forks_so_far() != forks_before) {
      thw_raise(region_.context, THW_SITE_FORKED, 0, 0, 0, 0);
      return;
    }
    sched_yield();
    poll_sometimes(region_.context, &last_poll_);
  }
}

void Pool::run(const Region& region, int64_t begin, int64_t end) {
  region_ = region;
  last_poll_ = Clock::now();
  const int64_t count = end - begin, part = count / region.threads, extra = count % region.threads;
  for (int i = 0; i < region.threads; ++i) {
    const int64_t size = part + (i < extra ? 1 : 0);
    shares_[i].next.store(begin, std::memory_order_relaxed);
    shares_[i].end = begin + size;
    begin += size;
  }
  const uint32_t forks_before = thalweg::runtime::forks_so_far();
  open(region.threads - 1);
  work(0, true);
  close(forks_before);
}

// True when worker `index` has joined a region; false when it should look again.
bool Pool::wait_for_region(uint64_t* seen, int index, bool* pinned) {
  auto start = Clock::now(), last = start;
  int preempted = 0;
  for (;;) {
    for (int round = 0; round < 32; ++round) {
      uint64_t gate = gate_.load(std::memory_order_acquire);
      const uint64_t epoch = gate >> kEpochShift;
      if (epoch == *seen || !(gate & kOpen)) {
        relax();
        continue;
      }
      const auto allowed = static_cast<int>(gate >> kAllowedShift & 1023);
      if (index > allowed) {
        *seen = epoch;
        continue;
      }
      if (gate_.compare_exchange_weak(gate, gate + 1, std::memory_order_acq_rel)) {
        *seen = epoch;
        return true;
      }
    }
    const auto now = Clock::now();
    if (now - last > kPreempted) ++preempted;
    last = now;
    if (now - start > kWorkerSpin || preempted > 0 || resting_.load(std::memory_order_relaxed)) break;
  }
  // Another program wants this very processor: let the system place the worker from now on.
  if (preempted > 0 && *pinned) {
    unpin();
    *pinned = false;
  }
  const uint32_t ticket = wake_.load();
  sleepers_.fetch_add(1);
  const uint64_t gate = gate_.load();
  if (!(gate & kOpen) || gate >> kEpochShift == *seen) futex(wake_, FUTEX_WAIT, ticket);
  sleepers_.fetch_sub(1);
  return false;
}

void Pool::worker_loop(int index, bool pinned) {
  inside_region = true;
  uint64_t seen = 0;
  for (;;) {
    if (!wait_for_region(&seen, index, &pinned)) continue;
    work(index, false);
    finished_.fetch_add(1, std::memory_order_release);
  }
}

void* Pool::worker_main(void* argument) {
  const std::unique_ptr<Start> start(static_cast<Start*>(argument));
  bool pinned = false;
  if (start->processor >= 0) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(start->processor, &one);
    pinned = pthread_setaffinity_np(pthread_self(), sizeof one, &one) == 0;
  }
  start->pool->worker_loop(start->index, pinned);
  return nullptr;
}

void Pool::unpin() {
  const std::lock_guard lock(placing_);
  pthread_setaffinity_np(pthread_self(), sizeof mask_, &mask_);
}

// The caller may run elsewhere than the last one might: so may the workers then, no longer pinned.
void Pool::follow_mask() {
  cpu_set_t now;
  if (workers_ == 0 || !thalweg::runtime::known_mask(&now) || CPU_EQUAL(&now, &mask_)) return;
  const std::lock_guard lock(placing_);
  mask_ = now;
  for (int i = 0; i < workers_; ++i) pthread_setaffinity_np(threads_[i], sizeof mask_, &mask_);
}

// Workers are pinned where there is a processor for each and the machine is idle: one that wakes on the processor
// where the caller spins would wait for its time slice. The caller itself is left to the system.
void Pool::start_workers(int wanted) {
  follow_mask();
  wanted = std::min(wanted, kMaxThreads - 1);
  if (workers_ >= wanted) return;
  if (workers_ == 0) sched_getaffinity(0, sizeof mask_, &mask_);
  const int processors = CPU_COUNT(&mask_), here = sched_getcpu();
  const char* choice = getenv("THALWEG_PIN");
  const bool pin = choice != nullptr ? choice[0] == '1' : wanted < processors && !machine_is_loaded(processors);
  sigset_t all, old;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);  // signals go to the threads of the host
  int processor = -1;
  for (int skipped = 0; workers_ < wanted; ++workers_) {
    for (; pin && skipped <= workers_; ++skipped) {
      do {
        processor = processor + 1 < CPU_SETSIZE ? processor + 1 : 0;
      } while (!CPU_ISSET(processor, &mask_) || (processor == here && processors > 1));
    }
    std::unique_ptr<Start> start(new (std::nothrow) Start{this, workers_ + 1, pin ? processor : -1});
    pthread_t& thread = threads_[workers_];
    // Fewer threads give the same results.
    if (start == nullptr || pthread_create(&thread, nullptr, worker_main, start.get()) != 0) break;
    start.release();
    pthread_detach(thread);
  }
  pthread_sigmask(SIG_SETMASK, &old, nullptr);
}

// Takes the pool for one region of the calling thread; null when somebody else has it, or when there is no memory.
Pool* acquire_pool(int workers) {
  if (!thalweg::runtime::begin_region_turn()) return nullptr;
  Pool* pool = the_pool.load(std::memory_order_relaxed);
  if (pool == nullptr) {
    if (!forks_are_seen) forks_are_seen = pthread_atfork(nullptr, nullptr, forget_pool) == 0;
    pool = new (std::nothrow) Pool;  // lives until exit
    if (pool == nullptr) {
      thalweg::runtime::end_region_turn();
      return nullptr;
    }
    the_pool.store(pool, std::memory_order_relaxed);
  }
  pool->start_workers(workers);
  return pool;
}

}  // namespace

bool thalweg::runtime::inside_parallel_region() { return inside_region; }

void thalweg::runtime::let_workers_sleep() {
  if (Pool* pool = the_pool.load(std::memory_order_relaxed)) pool->rest();
}

// The whole range in the calling thread, which looks for interrupts between chunks.
static void run_alone(thw_context* context, int64_t begin, int64_t end, int64_t chunk, thw_body body, void* arguments) {
  Clock::time_point last_poll = Clock::now();
  for (int64_t from = begin; from < end && !stopped(context);) {
    const int64_t to = end - from > chunk ? from + chunk : end;
    body(context, arguments, from, to);
    poll_sometimes(context, &last_poll);
    from = to;
  }
}

// Asked when there is work for a second thread, once a call: a small call is done before the system has answered.
static int64_t allowed_threads(thw_context* context, int64_t useful) {
  if (useful <= 1 || inside_region) return 1;
  if (context->threads == 0) context->threads = thw_default_threads();
  return std::min<int64_t>(context->threads, useful);
}

extern "C" void thw_parallel_for(thw_context* context, int64_t begin, int64_t end, int64_t grain, thw_body body,
                                 void* arguments) {
  if (begin >= end || stopped(context)) return;
  const int64_t count = end - begin;
  grain = std::max<int64_t>(grain, 1);
  const auto threads = static_cast<int>(std::min<int64_t>(allowed_threads(context, count / grain), kMaxThreads));
  // A grain is 2^14 operations: chunks end soon enough to see an interrupt.
  const int64_t longest = grain > 1 ? grain * kLongestChunk : kLongestChunk / 64;
  // A serial loop around regions counts iterations between two looks; a region may be long: the next iteration looks.
  if (!inside_region) context->countdown = 0;
  Pool* pool = threads > 1 ? acquire_pool(threads - 1) : nullptr;
  if (pool == nullptr) {
    if (inside_region)
      body(context, arguments, begin, end);  // the outer region's chunks end soon enough
    else
      run_alone(context, begin, end, longest, body, arguments);
    return;
  }
  const int64_t share = count / threads;
  const int64_t chunk = std::clamp((share + kChunksPerShare - 1) / kChunksPerShare, grain, longest);
  Region region{context, body, arguments, chunk, threads};
  region.threads = std::min(threads, pool->workers() + 1);
  inside_region = true;
  pool->run(region, begin, end);
  inside_region = false;
  thalweg::runtime::end_region_turn();
}
