// How many threads a call may use: the environment, else the affinity mask and the quotas of the control groups.
#include "processors.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <climits>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "thalweg/runtime.h"

namespace {

using thalweg::runtime::kMaxThreads;

int positive_number(const char* text) {
  if (text == nullptr) return 0;
  const long value = strtol(text, nullptr, 10);
  return value > 0 ? static_cast<int>(std::min<long>(value, kMaxThreads)) : 0;
}

// Whole processors in a quota of `quota` out of `period` microseconds: with half of one more, a thread more would
// spend half its time being throttled, and the others would wait for it.
int processors_in(double quota, double period) {
  return quota > 0 && period > 0 ? static_cast<int>(std::clamp(quota / period, 1.0, double{kMaxThreads})) : INT_MAX;
}

// Version 2: "150000 100000", or "max 100000".
int limit_v2(const std::string& group) {
  std::ifstream file(group + "/cpu.max");
  double quota = 0, period = 0;
  return file >> quota >> period ? processors_in(quota, period) : INT_MAX;
}

// Version 1: two files; -1 is no limit.
int limit_v1(const std::string& group) {
  std::ifstream quota_file(group + "/cpu.cfs_quota_us"), period_file(group + "/cpu.cfs_period_us");
  double quota = 0, period = 0;
  return quota_file >> quota && period_file >> period ? processors_in(quota, period) : INT_MAX;
}

// The least limit of a group and all that it is in. In a container the path may be the host's, of which only the top
// can be seen here: what does not exist limits nothing.
int least_limit(const std::string& mount, std::string path, int (*limit)(const std::string&)) {
  int least = limit(mount);
  while (path.size() > 1 && path[0] == '/') {
    least = std::min(least, limit(mount + path));
    path.resize(path.find_last_of('/'));
  }
  return least;
}

bool lists(const std::string& controllers, const std::string& wanted) {
  std::istringstream stream(controllers);
  for (std::string name; std::getline(stream, name, ',');)
    if (name == wanted) return true;
  return false;
}

// A line of /proc/self/cgroup is ID:CONTROLLERS:PATH; version 2 has no controllers.
int limit_of_groups(const std::string& root) {
  std::ifstream file(root + "/proc/self/cgroup");
  int least = INT_MAX;
  for (std::string line; std::getline(file, line);) {
    const size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1), path = line.substr(second + 1);
    const std::string mounts = root + "/sys/fs/cgroup";
    if (controllers.empty()) {
      least = std::min(least, least_limit(mounts, path, limit_v2));
      least = std::min(least, least_limit(mounts + "/unified", path, limit_v2));
    } else if (lists(controllers, "cpu")) {
      least = std::min(least, least_limit(mounts + "/" + controllers, path, limit_v1));
      if (controllers != "cpu") least = std::min(least, least_limit(mounts + "/cpu", path, limit_v1));
    }
  }
  return least;
}

// Process-wide because control groups are; -1: not read yet. Opening files at every call would cost more than the call.
std::atomic<int32_t> quota_of_process{-1};

int quota_now() {
  int32_t quota = quota_of_process.load(std::memory_order_relaxed);
  if (quota < 0) quota_of_process.store(quota = thw_processor_quota(""), std::memory_order_relaxed);
  return quota;
}

// Per thread because affinity is.
thread_local cpu_set_t mask_of_thread;
thread_local bool mask_is_known = false;

}  // namespace

bool thalweg::runtime::known_mask(cpu_set_t* mask) {
  if (mask_is_known) *mask = mask_of_thread;
  return mask_is_known;
}

extern "C" int32_t thw_processor_quota(const char* root) try {
  const int limit = limit_of_groups(root);
  return limit == INT_MAX ? 0 : limit;
} catch (const std::bad_alloc&) {
  return 0;
}

extern "C" int64_t thw_process_id(void) { return getpid(); }

extern "C" int32_t thw_default_threads(void) {
  mask_is_known = sched_getaffinity(0, sizeof mask_of_thread, &mask_of_thread) == 0;
  if (const int chosen = positive_number(getenv("THALWEG_NUM_THREADS"))) return chosen;
  if (const int chosen = positive_number(getenv("OMP_NUM_THREADS"))) return chosen;
  const int quota = quota_now();
  const int processors = mask_is_known ? CPU_COUNT(&mask_of_thread) : 1;
  return std::clamp(quota > 0 ? std::min(processors, quota) : processors, 1, kMaxThreads);
}
