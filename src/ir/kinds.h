// Storage, schedule and language kinds: rows of tables. A backend or a test adds a row; no switch anywhere.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace thalweg::ir {

// How the iterations of a map run.
struct ScheduleRow {
  std::string name;  // DaCe's names: "Default", "Sequential", "CPU_Multicore", "GPU_Device" ...
  std::string level =
      "serial";  // execution level of the loop in loop IR: "process" "grid" "block" "lane" "vector" "parallel" "serial"
  std::string inner = "Sequential";  // what Default means for a map directly inside one of this schedule
};
// Where a container lives.
struct StorageRow {
  std::string name;                 // "Default", "Register", "CPU_Heap", "GPU_Global" ...
  std::string space = "host";       // memory space in loop IR: "host" "device" "shared" "register"
  std::string allocation = "heap";  // how lower allocates it: "heap" "stack" "none"
  bool host_access = true;          // may code that runs on the host touch it
};
// What the text of a tasklet is written in.
struct LanguageRow {
  std::string name;     // "Python", "CPP", "OpenCL" ...
  bool opaque = false;  // text that is carried, not understood
};

template <class Row>
struct KindId {
  uint16_t id = 0;  // 0 is always "Default" (for languages: "Python")
  const Row& row() const;
  const std::string& name() const { return row().name; }
  friend bool operator==(KindId, KindId) = default;
};
using Schedule = KindId<ScheduleRow>;
using Storage = KindId<StorageRow>;
using Language = KindId<LanguageRow>;

// Adds a row (an existing name keeps its row) and returns its id.
Schedule add_schedule(ScheduleRow row);
Storage add_storage(StorageRow row);
Language add_language(LanguageRow row);
std::optional<Schedule> find_schedule(std::string_view name);
std::optional<Storage> find_storage(std::string_view name);
std::optional<Language> find_language(std::string_view name);

namespace schedules {
inline constexpr Schedule default_{0}, sequential{1}, cpu_multicore{2};
}
namespace storages {
inline constexpr Storage default_{0}, register_{1}, cpu_heap{2};
}
namespace languages {
inline constexpr Language python{0}, cpp{1};
}

}  // namespace thalweg::ir
