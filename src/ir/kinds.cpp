#include "ir/kinds.h"

#include "base/registry.h"

namespace thalweg::ir {

namespace {

template <class Row>
struct Rows;
template <>
struct Rows<ScheduleRow> {
  static void fill(base::Registry<ScheduleRow>& table) {
    for (ScheduleRow row : {ScheduleRow{"Default", "serial", "Sequential"},
                            {"Sequential", "serial", "Sequential"},
                            {"CPU_Multicore", "parallel", "Sequential"},
                            {"CPU_Persistent", "parallel", "CPU_Multicore"},
                            {"MPI", "process", "CPU_Multicore"},
                            {"GPU_Device", "grid", "GPU_ThreadBlock"},
                            {"GPU_ThreadBlock", "block", "Sequential"},
                            {"GPU_ThreadBlock_Dynamic", "block", "Sequential"},
                            {"GPU_Persistent", "grid", "GPU_Device"},
                            {"SVE_Map", "vector", "Sequential"}})
      table.add(std::move(row));
  }
};
template <>
struct Rows<StorageRow> {
  static void fill(base::Registry<StorageRow>& table) {
    for (StorageRow row : {StorageRow{"Default", "host", "heap", true},
                           {"Register", "register", "stack", true},
                           {"CPU_Heap", "host", "heap", true},
                           {"CPU_Pinned", "host", "heap", true},
                           {"CPU_ThreadLocal", "host", "heap", true},
                           {"GPU_Global", "device", "heap", false},
                           {"GPU_Shared", "shared", "none", false},
                           {"SVE_Register", "register", "stack", true}})
      table.add(std::move(row));
  }
};
template <>
struct Rows<LanguageRow> {
  static void fill(base::Registry<LanguageRow>& table) {
    for (LanguageRow row :
         {LanguageRow{"Python", false}, {"CPP", true}, {"OpenCL", true}, {"SystemVerilog", true}, {"MLIR", true}})
      table.add(std::move(row));
  }
};

template <class Row>
base::Registry<Row>& table() {
  static base::Registry<Row>& rows = *[] {
    auto* made = new base::Registry<Row>;  // lives as long as the process: ids are handed out for good
    Rows<Row>::fill(*made);
    return made;
  }();
  return rows;
}

template <class Row>
std::optional<KindId<Row>> find(std::string_view name) {
  auto id = table<Row>().find(name);
  return id ? std::optional(KindId<Row>{*id}) : std::nullopt;
}

}  // namespace

template <class Row>
const Row& KindId<Row>::row() const {
  return table<Row>().row(id);
}
template struct KindId<ScheduleRow>;
template struct KindId<StorageRow>;
template struct KindId<LanguageRow>;

Schedule add_schedule(ScheduleRow row) { return {table<ScheduleRow>().add(std::move(row))}; }
Storage add_storage(StorageRow row) { return {table<StorageRow>().add(std::move(row))}; }
Language add_language(LanguageRow row) { return {table<LanguageRow>().add(std::move(row))}; }
std::optional<Schedule> find_schedule(std::string_view name) { return find<ScheduleRow>(name); }
std::optional<Storage> find_storage(std::string_view name) { return find<StorageRow>(name); }
std::optional<Language> find_language(std::string_view name) { return find<LanguageRow>(name); }

}  // namespace thalweg::ir
