#include "ir/sdfg.h"

#include <algorithm>

namespace thalweg::ir {

SDFG::SDFG(std::string name) : SDFG(SDFGFields{.name = std::move(name)}) {}

SDFG::SDFG(SDFGFields fields) : Described(fields, fields.name) {}

SDFG::~SDFG() {
  for (auto& container : containers_) container->set_owner(nullptr);
}

EditLog* SDFG::own_log() const { return &log_; }

NestedSDFG* SDFG::parent_node() const { return dynamic_cast<NestedSDFG*>(owner()); }

Container* SDFG::find(std::string_view name) const {
  for (const auto& container : containers_)
    if (container->get().name == name) return container.get();
  return nullptr;
}

Container& SDFG::container(std::string_view name) const {
  Container* found = find(name);
  TW_CHECK(found, "no container named " + std::string(name));
  return *found;
}

Container& SDFG::add_container(ContainerFields fields) {
  TW_CHECK(!find(fields.name), "a container named " + fields.name + " exists");
  if (fields.strides.empty()) fields.strides = contiguous_strides(fields.shape);
  auto container = make_ref<Container>(std::move(fields));
  containers_.push_back(container);
  container->set_owner(this);
  if (EditLog* log = this->log())
    log->record({Edit::Kind::add, container, "container", [this, container] {
                   std::erase(containers_, container);
                   container->set_owner(nullptr);
                 }});
  return *container;
}

void SDFG::remove_container(Container& container) {
  Ref<Container> held(&container);
  auto at = std::find(containers_.begin(), containers_.end(), held);
  TW_CHECK(at != containers_.end(), "the container is not of this graph");
  size_t position = static_cast<size_t>(at - containers_.begin());
  containers_.erase(at);
  held->set_owner(nullptr);
  if (EditLog* log = this->log())
    log->record({Edit::Kind::remove, held, "container", [this, held, position] {
                   containers_.insert(containers_.begin() + static_cast<std::ptrdiff_t>(position), held);
                   held->set_owner(this);
                 }});
}

void SDFG::add_symbol(const std::string& name, DType dtype) {
  auto symbols = get().symbols;
  symbols[name] = dtype;
  set<&SDFGFields::symbols>(std::move(symbols));
}

std::string SDFG::fresh_name(std::string_view base) const {
  std::set<std::string> taken;
  for (const auto& container : containers_) taken.insert(container->get().name);
  for (const auto& [name, dtype] : get().symbols) taken.insert(name);
  for (ControlFlowBlock* block : all_blocks(const_cast<SDFG&>(*this))) {
    if (auto* loop = as<LoopRegion>(block)) taken.insert(loop->get().variable);
    if (auto* state = as<State>(block))
      for (const auto& node : state->nodes())
        if (auto* entry = as<MapEntry>(node.get()))
          taken.insert(entry->scope().get().params.begin(), entry->scope().get().params.end());
  }
  std::string name(base);
  for (int i = 0; taken.count(name); ++i) name = std::string(base) + "_" + std::to_string(i);
  return name;
}

Container& SDFG::add_array(std::string name, DType dtype, std::vector<symbolic::Expr> shape, bool transient) {
  ContainerFields fields;
  fields.name = std::move(name);
  fields.dtype = dtype;
  fields.shape = std::move(shape);
  fields.transient = transient;
  return add_container(std::move(fields));
}

Container& SDFG::add_scalar(std::string name, DType dtype, bool transient) {
  ContainerFields fields;
  fields.name = std::move(name);
  fields.kind = ContainerKind::scalar;
  fields.dtype = dtype;
  fields.transient = transient;
  return add_container(std::move(fields));
}

namespace {

void collect_blocks(ControlFlowRegion& region, std::vector<ControlFlowBlock*>& into) {
  for (const auto& block : region.blocks()) {
    into.push_back(block.get());
    match(
        *block, [](State*) {}, [](JumpBlock*) {}, [&](ControlFlowRegion* inner) { collect_blocks(*inner, into); },
        [&](LoopRegion* loop) { collect_blocks(*loop, into); },
        [&](ConditionalBlock* conditional) {
          for (const auto& branch : conditional->branches()) {
            into.push_back(branch.body.get());
            collect_blocks(*branch.body, into);
          }
        });
  }
}

}  // namespace

std::vector<ControlFlowBlock*> all_blocks(ControlFlowRegion& region) {
  std::vector<ControlFlowBlock*> blocks;
  collect_blocks(region, blocks);
  return blocks;
}

std::vector<State*> all_states(ControlFlowRegion& region) {
  std::vector<State*> states;
  for (ControlFlowBlock* block : all_blocks(region))
    if (auto* state = as<State>(block)) states.push_back(state);
  return states;
}

std::vector<SDFG*> all_sdfgs(SDFG& sdfg) {
  std::vector<SDFG*> found{&sdfg};
  for (size_t i = 0; i < found.size(); ++i)
    for (State* state : all_states(*found[i]))
      for (const auto& node : state->nodes())
        if (auto* nested = as<NestedSDFG>(node.get())) found.push_back(&nested->sdfg());
  return found;
}

CopySubsets copy_subsets(const SDFG& sdfg, const Edge& edge) {
  auto* source = as<AccessNode>(&edge.source());
  auto* target = as<AccessNode>(&edge.target());
  TW_CHECK(source && target, "a copy joins two access nodes");
  const MemletFields& memlet = edge.memlet().get();
  bool of_source = memlet.data == source->get().data;
  const Container& other = sdfg.container(of_source ? target->get().data : source->get().data);
  symbolic::Subset other_subset;
  if (memlet.other_subset)
    other_subset = *memlet.other_subset;
  else if (symbolic::Subset whole = symbolic::Subset::whole(other.get().shape);
           whole.num_elements() == memlet.subset.num_elements())
    other_subset = whole;
  else
    other_subset = memlet.subset;
  return of_source ? CopySubsets{memlet.subset, other_subset} : CopySubsets{other_subset, memlet.subset};
}

}  // namespace thalweg::ir
