#include "support/coverage.h"

namespace thalweg::tests {

namespace {

constexpr const char* kDTypes[] = {"bool",      "int8",       "int16",  "int32",   "int64",   "uint8",
                                   "uint16",    "uint32",     "uint64", "float16", "float32", "float64",
                                   "complex64", "complex128", "pybool", "pyint",   "pyfloat", "pycomplex"};
constexpr const char* kSchedules[] = {
    "Default",    "Sequential",      "CPU_Multicore",           "CPU_Persistent", "MPI",
    "GPU_Device", "GPU_ThreadBlock", "GPU_ThreadBlock_Dynamic", "GPU_Persistent", "SVE_Map"};
constexpr const char* kStorages[] = {"Default",         "Register",   "CPU_Heap",   "CPU_Pinned",
                                     "CPU_ThreadLocal", "GPU_Global", "GPU_Shared", "SVE_Register"};
constexpr const char* kMemlets[] = {"copy",  "strided",   "reversed", "dynamic read", "dynamic write", "array",
                                    "order", "reference", "view",     "stream",       "wcr nonatomic"};
constexpr const char* kWcr[] = {"sum",        "product",     "min",        "max",         "logical_and",
                                "logical_or", "bitwise_and", "bitwise_or", "bitwise_xor", "custom"};

}  // namespace

std::vector<std::string> Coverage::rows() {
  std::vector<std::string> all;
  auto add = [&](const std::string& kind, const auto& names) {
    for (const char* name : names) all.push_back(kind + " " + name);
  };
  add("node", std::initializer_list<const char*>{"access", "tasklet", "map", "consume", "nested"});
  add("library", std::initializer_list<const char*>{"Reduce", "ArgReduce", "MatMul", "Compress", "Callback"});
  add("block",
      std::initializer_list<const char*>{"state", "region", "loop", "do-while", "conditional", "break", "continue"});
  add("container", std::initializer_list<const char*>{"scalar", "array", "stream", "view", "reference"});
  add("dtype", kDTypes);
  add("memlet", kMemlets);
  add("wcr", kWcr);
  add("schedule", kSchedules);
  add("storage", kStorages);
  return all;
}

int64_t Coverage::of(const std::string& row) const {
  auto at = counts_.find(row);
  return at == counts_.end() ? 0 : at->second;
}

void Coverage::count(ir::SDFG& root) {
  for (ir::SDFG* graph : ir::all_sdfgs(root)) {
    for (const auto& container : graph->containers()) {
      const ir::ContainerFields& fields = container->get();
      constexpr const char* kinds[] = {"scalar", "array", "stream", "view", "reference", "structure"};
      ++counts_[std::string("container ") + kinds[static_cast<int>(fields.kind)]];
      ++counts_["dtype " + fields.dtype.name()];
      ++counts_["storage " + fields.storage.name()];
    }
    for (ir::ControlFlowBlock* block : ir::all_blocks(*graph)) {
      auto count_state = [&](ir::State* state) {
        for (const auto& node : state->nodes()) count(*node);
        for (const auto& edge : state->edges()) count(*graph, *edge);
        return "state";
      };
      const char* kind = ir::match(
          *block, count_state, [](ir::ControlFlowRegion*) { return "region"; },
          [](ir::LoopRegion* loop) { return loop->get().inverted ? "do-while" : "loop"; },
          [](ir::ConditionalBlock*) { return "conditional"; },
          [](ir::JumpBlock* jump) {
            return jump->jump() == ir::Jump::break_      ? "break"
                   : jump->jump() == ir::Jump::continue_ ? "continue"
                                                         : "return";
          });
      ++counts_[std::string("block ") + kind];
    }
  }
}

void Coverage::count(const ir::Node& node) {
  ir::match(
      const_cast<ir::Node&>(node), [&](ir::AccessNode*) { ++counts_["node access"]; },
      [&](ir::Tasklet*) { ++counts_["node tasklet"]; },
      [&](ir::MapEntry* entry) {
        ++counts_["node map"];
        ++counts_["schedule " + entry->scope().get().schedule.name()];
      },
      [&](ir::MapExit*) {}, [&](ir::ConsumeEntry*) { ++counts_["node consume"]; }, [&](ir::ConsumeExit*) {},
      [&](ir::NestedSDFG*) { ++counts_["node nested"]; },
      [&](ir::LibraryNode* library) { ++counts_["library " + library->get().operation]; });
}

void Coverage::count(const ir::SDFG& graph, const ir::Edge& edge) {
  const ir::MemletFields& memlet = edge.memlet().get();
  auto found = [&](const std::string& form) { ++counts_["memlet " + form]; };
  if (edge.memlet().is_empty()) return found("order");
  const bool from_access = ir::as<ir::AccessNode>(&edge.source()), to_access = ir::as<ir::AccessNode>(&edge.target());
  if (edge.target_connector() == "set") return found("reference");
  if (edge.target_connector() == "views" || edge.source_connector() == "views") return found("view");
  const ir::Container* container = graph.find(memlet.data);
  if (container && container->get().kind == ir::ContainerKind::stream) found("stream");
  if (from_access && to_access) found("copy");
  for (const symbolic::Range& range : memlet.subset.ranges) {
    if (range.is_index() || range.step.is(1)) continue;
    found(range.step.as_integer().value_or(1) < 0 ? "reversed" : "strided");
    break;
  }
  if (memlet.dynamic && ir::as<ir::Tasklet>(&edge.target())) found("dynamic read");
  if (memlet.dynamic && ir::as<ir::Tasklet>(&edge.source())) found("dynamic write");
  if (ir::as<ir::Tasklet>(&edge.target()) && !memlet.subset.is_element()) found("array");
  if (memlet.wcr == ir::Wcr::none) return;
  ++counts_[std::string("wcr ") + ir::to_string(memlet.wcr)];
  if (memlet.wcr_nonatomic) found("wcr nonatomic");
}

}  // namespace thalweg::tests
