// Memlets: what moves along an edge. Self-contained: understood without looking at the graph around it.
#pragma once
#include <optional>
#include <string>

#include "ir/code.h"
#include "ir/element.h"
#include "symbolic/subset.h"

namespace thalweg::ir {

// How concurrent or repeated writes to one element combine.
enum class Wcr : uint8_t {
  none,
  sum,
  product,
  min,
  max,
  logical_and,
  logical_or,
  bitwise_and,
  bitwise_or,
  bitwise_xor,
  custom
};

struct MemletFields {
  std::string data;         // container; empty: no data, the edge only orders
  symbolic::Subset subset;  // of `data`
  std::optional<symbolic::Subset>
      other_subset;           // copies: of the container at the other end (none: all of it, or same shape)
  symbolic::Expr volume = 1;  // elements moved per execution; with dynamic: an upper bound, 0 unbounded
  bool dynamic = false;
  Wcr wcr = Wcr::none;
  code::Ptr wcr_code;          // custom: over inputs `old` and `new`
  bool wcr_nonatomic = false;  // proved free of conflicts
  bool allow_oob = false;

  static constexpr auto describe() {
    using F = MemletFields;
    return std::tuple{field("data", &F::data),
                      field("subset", &F::subset),
                      field("other_subset", &F::other_subset),
                      field("volume", &F::volume),
                      field("dynamic", &F::dynamic),
                      field("wcr", &F::wcr),
                      field("wcr_code", &F::wcr_code),
                      field("wcr_nonatomic", &F::wcr_nonatomic),
                      field("allow_oob", &F::allow_oob)};
  }
};

class Memlet final : public Described<MemletFields, Element> {
 public:
  using Described::Described;
  bool is_empty() const { return get().data.empty(); }
};

// A memlet of these elements; volume is their number.
MemletFields memlet(std::string data, symbolic::Subset subset);
MemletFields no_memlet();
const char* to_string(Wcr wcr);
std::optional<Wcr> find_wcr(std::string_view name);

}  // namespace thalweg::ir
