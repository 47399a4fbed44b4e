// Aligned memory for temporaries, with a small cache of freed blocks: a program that is called again and again
// would otherwise pay for fresh zeroed pages at every call. Large blocks are kept too, but as pages that the system
// takes when it needs some (MADV_FREE). Results come from malloc's family and are not cached.
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

#include "thalweg/runtime.h"

namespace {

constexpr int64_t kAlignment = 64;
constexpr int64_t kSmallestCached = 32 << 10;  // below, malloc itself is fast
constexpr int64_t kLargestOwned = 64LL << 20;  // above, the system may take the pages of kept blocks
constexpr int64_t kOwnedBytes = 128LL << 20;
constexpr uintptr_t kPageBytes = 4096;
constexpr int kCacheSlots = 16;
constexpr int64_t kHugePage = 2LL << 20;

// Lies in front of every block.
struct alignas(kAlignment) Header {
  int64_t capacity;  // bytes behind the header
};

// Static and mutable because blocks outlive calls. `lock` is only ever tried, never waited for: who does not get
// it goes to malloc, so a thread that held it across fork() can block nobody.
struct Cache {
  std::atomic_flag lock = ATOMIC_FLAG_INIT;
  Header* blocks[kCacheSlots] = {};
  int64_t owned_bytes = 0;
  int64_t lent_bytes = 0;  // of blocks above kLargestOwned
};
Cache cache;

class CacheLock {
 public:
  CacheLock() : held_(!cache.lock.test_and_set(std::memory_order_acquire)) {}
  ~CacheLock() {
    if (held_) cache.lock.clear(std::memory_order_release);
  }
  CacheLock(const CacheLock&) = delete;
  CacheLock& operator=(const CacheLock&) = delete;
  bool held() const { return held_; }

 private:
  bool held_;
};

int64_t& kept_bytes(const Header& header) {
  return header.capacity > kLargestOwned ? cache.lent_bytes : cache.owned_bytes;
}

// A kept block that is large enough and not more than a quarter too large.
Header* take_cached(int64_t bytes) {
  CacheLock lock;
  if (!lock.held()) return nullptr;
  Header** best = nullptr;
  for (Header*& block : cache.blocks) {
    if (block == nullptr || block->capacity < bytes || block->capacity - bytes > bytes / 4) continue;
    if (best == nullptr || block->capacity < (*best)->capacity) best = &block;
  }
  if (best == nullptr) return nullptr;
  Header* found = *best;
  *best = nullptr;
  kept_bytes(*found) -= found->capacity;
  return found;
}

// The system may take the pages behind the header from now on.
bool lend(Header* header) {
  const auto begin = reinterpret_cast<uintptr_t>(header + 1);
  const uintptr_t first = (begin + kPageBytes - 1) / kPageBytes * kPageBytes;
  const uintptr_t last = (begin + static_cast<uintptr_t>(header->capacity)) / kPageBytes * kPageBytes;
  return madvise(reinterpret_cast<void*>(first), last - first, MADV_FREE) == 0;
}

// Lent blocks never hold more than an eighth of the machine's memory.
int64_t lent_limit() {
  static const int64_t limit = static_cast<int64_t>(sysconf(_SC_PHYS_PAGES)) / 8 * sysconf(_SC_PAGESIZE);
  return limit;
}

bool keep(Header* header) {
  if (header->capacity < kSmallestCached) return false;
  const bool large = header->capacity > kLargestOwned;
  CacheLock lock;
  if (!lock.held() || kept_bytes(*header) + header->capacity > (large ? lent_limit() : kOwnedBytes)) return false;
  for (Header*& block : cache.blocks) {
    if (block != nullptr) continue;
    if (large && !lend(header)) return false;
    block = header;
    kept_bytes(*header) += header->capacity;
    return true;
  }
  return false;
}

// Null when there is none. Large blocks ask for huge pages, as NumPy's arrays do.
void* aligned(int64_t bytes) {
  void* memory = nullptr;
  if (bytes > INT64_MAX / 2 || posix_memalign(&memory, kAlignment, static_cast<size_t>(bytes)) != 0) return nullptr;
  if (bytes >= 2 * kHugePage) {
    const auto first = (reinterpret_cast<uintptr_t>(memory) + 4095) & ~uintptr_t{4095};
    const auto last = (reinterpret_cast<uintptr_t>(memory) + static_cast<uintptr_t>(bytes)) & ~uintptr_t{4095};
    madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
  }
  return memory;
}

}  // namespace

extern "C" void* thw_allocate(thw_context* context, int64_t bytes) {
  const int64_t wanted = bytes < 1 ? 1 : bytes;
  if (wanted >= kSmallestCached) {
    if (Header* found = take_cached(wanted)) return found + 1;
  }
  void* memory = bytes < 0 || bytes > INT64_MAX / 4 ? nullptr : aligned(wanted + int64_t{sizeof(Header)});
  if (memory == nullptr) {
    thw_raise(context, THW_SITE_MEMORY, bytes, 0, 0, 0);
    return nullptr;
  }
  auto* header = static_cast<Header*>(memory);
  header->capacity = wanted;
  return header + 1;
}

extern "C" void thw_release(thw_context*, void* memory) {
  if (memory == nullptr) return;
  Header* header = static_cast<Header*>(memory) - 1;
  if (!keep(header)) free(header);
}

extern "C" void* thw_allocate_result(thw_context* context, void* previous, int64_t bytes) {
  free(previous);
  void* memory = bytes < 0 ? nullptr : aligned(bytes < 1 ? 1 : bytes);
  if (memory == nullptr) thw_raise(context, THW_SITE_MEMORY, bytes, 0, 0, 0);
  return memory;
}

extern "C" void thw_release_cache(void) {
  CacheLock lock;
  if (!lock.held()) return;
  for (Header*& block : cache.blocks) {
    free(block);
    block = nullptr;
  }
  cache.owned_bytes = cache.lent_bytes = 0;
}
