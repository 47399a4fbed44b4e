// Data containers of an SDFG: one dtype, rank and storage for life.
#pragma once
#include <string>
#include <vector>

#include "ir/dtype.h"
#include "ir/element.h"
#include "ir/kinds.h"
#include "symbolic/subset.h"

namespace thalweg::ir {

enum class ContainerKind : uint8_t {
  scalar,  // rank 0
  array,
  stream,     // Kahn channel (or an array of them): pop waits when empty
  view,       // another shape or dtype over memory of one container; set by the `views` edge of its access node
  reference,  // a pointer that is set at run time through `set` edges; facts say what it may point to
  structure,  // named members
};

enum class Lifetime : uint8_t { scope, state, sdfg, global, persistent, external };

struct ContainerFields {
  std::string name;
  ContainerKind kind = ContainerKind::array;
  DType dtype;
  std::vector<symbolic::Expr> shape;    // extents; empty for scalars
  std::vector<symbolic::Expr> strides;  // in elements; one per dimension (C-contiguous unless said otherwise)
  symbolic::Expr offset = 0;            // element 0,0.. sits at data + offset (elements)
  bool transient = false;  // allocated by the program; else handed in by the caller (or handed back: see Return)
  Storage storage;
  Lifetime lifetime = Lifetime::scope;
  bool may_alias = false;             // non-transient: may overlap other may_alias containers
  int alignment = 0;                  // bytes; 0: the allocator's own (64)
  symbolic::Expr buffer_size = 1;     // streams: minimum depth; 0 is unbounded
  std::vector<std::string> targets;   // references: containers it may point into (empty: anything of its dtype)
  std::vector<std::string> distinct;  // references: containers/references whose memory it is known not to overlap
                                      // whenever both are used between two `set`s
  std::vector<std::string> members;   // structures: containers "name.member"

  static constexpr auto describe() {
    using F = ContainerFields;
    return std::tuple{
        field("name", &F::name),           field("kind", &F::kind),           field("dtype", &F::dtype),
        field("shape", &F::shape),         field("strides", &F::strides),     field("offset", &F::offset),
        field("transient", &F::transient), field("storage", &F::storage),     field("lifetime", &F::lifetime),
        field("may_alias", &F::may_alias), field("alignment", &F::alignment), field("buffer_size", &F::buffer_size),
        field("targets", &F::targets),     field("distinct", &F::distinct),   field("members", &F::members)};
  }
};

class Container final : public Described<ContainerFields, Element> {
 public:
  using Described::Described;
  size_t rank() const { return get().shape.size(); }
  bool is_scalar() const { return get().kind == ContainerKind::scalar; }
};

// Strides of a C-contiguous array of this shape.
std::vector<symbolic::Expr> contiguous_strides(const std::vector<symbolic::Expr>& shape);
bool is_contiguous(const ContainerFields& fields);
symbolic::Expr total_elements(const std::vector<symbolic::Expr>& shape);

}  // namespace thalweg::ir
