// The stateful dataflow multigraph: data and a dozen accessors. Validating, saving, running, optimising are free
// functions in their rooms.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "ir/block.h"
#include "ir/container.h"

namespace thalweg::ir {

// What one value of the program's `return` is.
struct ReturnValue {
  enum class Kind : uint8_t {
    none,       // None
    container,  // a fresh container (NumPy array, or a scalar for rank 0)
    view,       // elements `subset` of `container`, sharing its memory; dims says which dimensions remain
    symbol,     // the Python int `expr`
  } kind = Kind::none;
  std::string container;
  symbolic::Subset subset;  // view: per dimension of the container
  std::vector<int> dims;    // view: result dimension k is container dimension dims[k] (-1: a new axis of extent 1)
  symbolic::Expr expr;
  friend bool operator==(const ReturnValue&, const ReturnValue&) = default;
};

// A place of the program that may raise: what the runtime's `site` numbers refer to. Filled by lower, not here.
struct SDFGFields {
  std::string name;
  std::vector<std::string> arguments;       // containers and symbols in the order of the Python signature
  std::map<std::string, DType> symbols;     // free symbols (sizes, integer arguments) and assigned ones: int64 or pyint
  std::vector<symbolic::Expr> assumptions;  // facts that hold on entry (the guards of this build, sizes >= 0)
  std::vector<ReturnValue> returns;
  bool returns_tuple = false;                   // (x,) and x differ
  std::vector<std::string> callbacks;           // names of the Python functions that Callback nodes call, by index
  std::map<std::string, std::string> metadata;  // unknown keys of files, kept
  static constexpr auto describe() {
    using F = SDFGFields;
    return std::tuple{field("name", &F::name),           field("arguments", &F::arguments),
                      field("symbols", &F::symbols),     field("assumptions", &F::assumptions),
                      field("returns", &F::returns),     field("returns_tuple", &F::returns_tuple),
                      field("callbacks", &F::callbacks), field("metadata", &F::metadata)};
  }
};

class SDFG final : public Described<SDFGFields, ControlFlowRegion> {
 public:
  explicit SDFG(std::string name);
  explicit SDFG(SDFGFields fields);
  ~SDFG() override;

  // Containers in the order they were added.
  const std::vector<Ref<Container>>& containers() const { return containers_; }
  Container* find(std::string_view name) const;       // null if there is none
  Container& container(std::string_view name) const;  // must exist
  Container& add_container(ContainerFields fields);   // strides are filled in (contiguous) when empty; name must be new
  void remove_container(Container& container);
  void add_symbol(const std::string& name, DType dtype = dtypes::int64);
  // "base", or "base_0", "base_1" ...: a name that no container, symbol or map parameter of this graph has.
  std::string fresh_name(std::string_view base) const;

  // Shorthands.
  Container& add_array(std::string name, DType dtype, std::vector<symbolic::Expr> shape, bool transient = false);
  Container& add_scalar(std::string name, DType dtype, bool transient = false);

  // The node of the graph around this one, when nested.
  NestedSDFG* parent_node() const;

 protected:
  EditLog* own_log() const override;

 private:
  friend class NestedSDFG;
  std::vector<Ref<Container>> containers_;
  mutable EditLog log_{this};
};

// A copy with the same structure and new identities.
Ref<SDFG> clone(const SDFG& sdfg);

// Every block / state of a region, depth first in block order; nested SDFGs not entered.
std::vector<ControlFlowBlock*> all_blocks(ControlFlowRegion& region);
std::vector<State*> all_states(ControlFlowRegion& region);
// This graph and every graph nested in it.
std::vector<SDFG*> all_sdfgs(SDFG& sdfg);

// Which side of a copy edge the memlet's own subset describes, resolved: subsets of source and target container.
struct CopySubsets {
  symbolic::Subset source, target;
};
CopySubsets copy_subsets(const SDFG& sdfg, const Edge& edge);

}  // namespace thalweg::ir
