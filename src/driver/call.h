// One call as the border to Python saw it, without Python: what programs select and run builds by.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "frontend/host.h"
#include "ir/dtype.h"

namespace thalweg::driver {

inline constexpr int kMaxRank = 16;

struct CallArgument {
  enum class Kind : uint8_t { array, integer, scalar, fixed, sparse, structure } kind = Kind::fixed;
  // sparse, structure: what it is made of are arguments as well, from this one on, behind the parameters.
  size_t first_part = 0;
  frontend::SparseClass sparse;                      // sparse: it has kSparseParts parts
  const std::vector<std::string>* fields = nullptr;  // structure: the names of its parts, borrowed
  int same_as = -1;  // structure: the argument that is this object; it has no parts then
  ir::DType dtype;
  // array
  char* data = nullptr;
  int rank = 0;
  bool contiguous = true;  // C order, no gaps
  bool writeable = true;
  bool shared = false;               // several elements may lie at one place
  const char* state_of = nullptr;    // the class of the object whose state it is, as of frontend::HostArray
  const int64_t* shape = nullptr;    // borrowed from the array object; sparse: its rows and columns
  const int64_t* strides = nullptr;  // bytes
  int64_t integer = 0;               // integer: a Python int that fits 64 bits
  alignas(16) std::array<unsigned char, 16> scalar{};
  // fixed: what the object is told apart by; structure: its class and its fields. Held by the signature as long as an identity stands in it.
  std::string fixed;
};

// Lowest and one past the highest byte that an array can touch.
struct MemoryExtent {
  const char* low = nullptr;
  const char* high = nullptr;
  bool overlaps(const MemoryExtent& other) const { return low < other.high && other.low < high; }
};
MemoryExtent extent_of(const CallArgument& array);
// Whether two elements of one array may lie at one place (broadcast, sliding windows). May err on the side of yes for
// strides that interleave.
bool elements_may_share_memory(const CallArgument& array);

// What a call of one shape class is compiled for: dtypes, ranks, contiguity, identities of fixed objects.
using SignatureKey = std::vector<uint64_t>;
void append_key(const CallArgument& argument, SignatureKey& key);

}  // namespace thalweg::driver
