// Memory for the containers of a call, filled with ordinary and with special values.
#include "verify/inputs.h"
#include "ir/results.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <random>

namespace thalweg::verify {

using Random = std::mt19937_64;

namespace {

constexpr int64_t kMostBytes = 1 << 18;  // of one container: the interpreter is slow

// How wild the numbers of one set of inputs are.
enum class Taste { tame, special };

double real_number(Random& random, Taste taste) {
  constexpr double special[] = {0.0, -0.0, 1.0, -1.0, 0.5, 1e30, -3e-5, 1e308, 5e-324, INFINITY, -INFINITY, NAN};
  if (taste == Taste::special && random() % 4 == 0) return special[random() % std::size(special)];
  return static_cast<double>(static_cast<int64_t>(random() % 2001) - 1000) / 64.0;
}

// `bound`: tame integers stay below it, so that they can be indices.
uint64_t whole_number(Random& random, Taste taste, int64_t bound, bool is_signed) {
  if (taste == Taste::tame) return random() % static_cast<uint64_t>(std::max<int64_t>(bound, 1));
  switch (random() % 6) {
    case 0: return random();
    case 1: return is_signed ? uint64_t{0} - 1 - random() % 3 : random() % 3;
    case 2: return uint64_t{1} << (random() % 64);
    default: return random() % 12;
  }
}

template <class T>
void put(std::byte* at, T value) {
  std::memcpy(at, &value, sizeof value);
}

void fill_element(Random& random, ir::DType dtype, Taste taste, int64_t bound, std::byte* at) {
  switch (dtype.kind()) {
    case ir::DTypeKind::boolean: return put<uint8_t>(at, random() % 2);
    case ir::DTypeKind::integer:
    case ir::DTypeKind::unsigned_integer: {
      const uint64_t bits = whole_number(random, taste, bound, !dtype.is_unsigned());
      std::memcpy(at, &bits, static_cast<size_t>(dtype.bytes()));
      return;
    }
    case ir::DTypeKind::floating:
      if (dtype.bytes() == 8) return put(at, real_number(random, taste));
      if (dtype.bytes() == 4) return put(at, static_cast<float>(real_number(random, taste)));
      return put<uint16_t>(at, static_cast<uint16_t>(random() % 0x7c00));
    case ir::DTypeKind::complex:
      if (dtype.bytes() == 16) {
        put(at, real_number(random, taste));
        return put(at + 8, real_number(random, taste));
      }
      put(at, static_cast<float>(real_number(random, taste)));
      return put(at + 4, static_cast<float>(real_number(random, taste)));
  }
}

struct Layout {
  size_t bytes = 0;   // of memory, from the lowest element to the end of the highest
  size_t before = 0;  // bytes from there up to where the data pointer points
  size_t item = 1;
};

// Nothing where an extent has no value or the memory would be large.
std::optional<Layout> layout_of(const ir::ContainerFields& fields, const std::map<std::string, int64_t>& symbols) {
  auto offset = symbolic::evaluate(fields.offset, symbols);
  if (!offset) return std::nullopt;
  int64_t low = std::min<int64_t>(*offset, 0), high = *offset, count = 1;
  int64_t lowest = *offset;
  for (size_t d = 0; d < fields.shape.size(); ++d) {
    auto extent = symbolic::evaluate(fields.shape[d], symbols), stride = symbolic::evaluate(fields.strides[d], symbols);
    if (!extent || !stride || *extent < 0 || *extent > kMostBytes || std::abs(*stride) > kMostBytes)
      return std::nullopt;
    count *= *extent;
    if (*extent > 0) (*stride < 0 ? lowest : high) += (*extent - 1) * *stride;
    if (count > kMostBytes) return std::nullopt;
  }
  low = std::min(low, lowest);
  const int64_t item = fields.dtype.bytes(), elements = high - low + 1;
  if (elements * item > kMostBytes) return std::nullopt;
  return Layout{static_cast<size_t>(elements * item), static_cast<size_t>(-low * item), static_cast<size_t>(item)};
}

int64_t smallest_extent(const ir::SDFG& graph, const std::map<std::string, int64_t>& symbols) {
  int64_t least = 8;
  for (const ir::Container* container : ir::given_containers(graph))
    for (const symbolic::Expr& extent : container->get().shape)
      if (auto value = symbolic::evaluate(extent, symbols)) least = std::min(least, *value);
  return least;
}

void fill(Random& random, const ir::ContainerFields& fields, Taste taste, int64_t bound,
          std::vector<std::byte>& block) {
  const auto item = static_cast<size_t>(fields.dtype.bytes());
  for (size_t at = 0; at + item <= block.size(); at += item)
    fill_element(random, fields.dtype, taste, bound, &block[at]);
}

std::optional<Inputs> memory_for(const ir::SDFG& graph, const std::map<std::string, int64_t>& symbols,
                                 uint64_t number) {
  Inputs inputs;
  inputs.symbols = symbols;
  Random random(0x7a1 + number);
  const Taste taste = number % 2 == 0 ? Taste::tame : Taste::special;
  const int64_t bound = smallest_extent(graph, symbols);
  const bool overlap = number % 3 != 0;  // containers that may alias lie in one block, a little apart
  std::optional<size_t> shared;
  size_t steps = 0;
  for (const ir::Container* container : ir::given_containers(graph)) {
    const ir::ContainerFields& fields = container->get();
    auto layout = layout_of(fields, symbols);
    if (!layout) return std::nullopt;
    const bool joins = overlap && fields.may_alias;
    // Element-wise apart, so that every element of one is an element of the other, or nothing.
    const size_t shift = joins ? 16 * (steps++ * (1 + number % 2)) : 0;
    if (!joins || !shared) {
      if (joins) shared = inputs.blocks.size();
      inputs.places[fields.name] = {inputs.blocks.size(), layout->before + shift};
      inputs.blocks.emplace_back(layout->bytes + shift);
      fill(random, fields, taste, bound, inputs.blocks.back());
      continue;
    }
    auto& block = inputs.blocks[*shared];
    inputs.places[fields.name] = {*shared, layout->before + shift};
    if (block.size() < layout->bytes + shift) block.resize(layout->bytes + shift);
    fill(random, fields, taste, bound, block);
  }
  return inputs;
}

}  // namespace

std::vector<Inputs> generate_inputs(const ir::SDFG& graph, size_t most) {
  std::vector<Inputs> found;
  const auto choices = symbol_choices(graph, most);
  for (uint64_t number = 0; found.size() < most && number < 2 * most && !choices.empty(); ++number)
    if (auto inputs = memory_for(graph, choices[number % choices.size()], number)) found.push_back(std::move(*inputs));
  return found;
}

}  // namespace thalweg::verify
