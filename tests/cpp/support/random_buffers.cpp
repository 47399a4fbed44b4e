// Memory for the arguments of random graphs, and comparison of results.
#include <cmath>
#include <cstring>

#include "support/random_graph.h"

namespace thalweg::tests {

namespace dtypes = ir::dtypes;
using ir::DType;

namespace {

double random_number(std::mt19937_64& random) {
  constexpr double special[] = {0.0, -0.0, 1.0, -1.0, 0.5, 1e30, -3e-5, INFINITY, -INFINITY, NAN};
  if (random() % 6 == 0) return special[random() % std::size(special)];
  return static_cast<double>(static_cast<int64_t>(random() % 2001) - 1000) / 64.0;
}

template <class T>
void put(std::byte* at, T value) {
  std::memcpy(at, &value, sizeof value);
}
template <class T>
T get(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

void fill_element(std::mt19937_64& random, DType dtype, std::byte* at) {
  switch (dtype.kind()) {
    case ir::DTypeKind::boolean: return put<uint8_t>(at, random() % 2);
    case ir::DTypeKind::integer:
    case ir::DTypeKind::unsigned_integer: {
      const uint64_t bits = random() % 5 == 0 ? random() : random() % 21 - 10;
      std::memcpy(at, &bits, static_cast<size_t>(dtype.bytes()));
      return;
    }
    case ir::DTypeKind::floating:
      if (dtype.bytes() == 4) return put(at, static_cast<float>(random_number(random)));
      if (dtype.bytes() == 8) return put(at, random_number(random));
      return put<uint16_t>(at, static_cast<uint16_t>(random() % 0x7c00));
    case ir::DTypeKind::complex:
      if (dtype.bytes() == 8) {
        put(at, static_cast<float>(random_number(random)));
        return put(at + 4, static_cast<float>(random_number(random)));
      }
      put(at, random_number(random));
      return put(at + 8, random_number(random));
  }
}

bool same_float(const std::byte* a, const std::byte* b, int bytes) {
  if (std::memcmp(a, b, static_cast<size_t>(bytes)) == 0) return true;
  if (bytes == 8) return std::isnan(get<double>(a)) && std::isnan(get<double>(b));
  if (bytes == 4) return std::isnan(get<float>(a)) && std::isnan(get<float>(b));
  auto nan = [](const std::byte* at) { return (get<uint16_t>(at) & 0x7fff) > 0x7c00; };
  return nan(a) && nan(b);
}

std::string spell_element(DType dtype, const std::byte* at) {
  if (dtype.is_float() && dtype.bytes() == 8) return std::to_string(get<double>(at));
  if (dtype.is_float() && dtype.bytes() == 4) return std::to_string(get<float>(at));
  std::string out = "0x";
  for (int k = dtype.bytes(); k-- > 0;) {
    constexpr char digits[] = "0123456789abcdef";
    const auto byte = std::to_integer<unsigned>(at[k]);
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace

bool same_element(DType dtype, const std::byte* a, const std::byte* b) {
  if (dtype.is_float()) return same_float(a, b, dtype.bytes());
  if (dtype.is_complex()) {
    const int half = dtype.bytes() / 2;
    return same_float(a, b, half) && same_float(a + half, b + half, half);
  }
  return std::memcmp(a, b, static_cast<size_t>(dtype.bytes())) == 0;
}

Buffers random_buffers(const ir::SDFG& sdfg, const std::map<std::string, int64_t>& symbols, uint64_t seed) {
  Buffers out;
  std::mt19937_64 random(seed);
  for (const auto& name : sdfg.get().arguments) {
    const ir::Container* container = sdfg.find(name);
    if (!container) continue;
    const ir::ContainerFields& fields = container->get();
    auto value = [&](const symbolic::Expr& expr) {
      auto found = symbolic::evaluate(expr, symbols);
      TW_CHECK(found, "no value for " + symbolic::to_string(expr));
      return *found;
    };
    Buffer buffer;
    buffer.dtype = fields.dtype;
    buffer.offset = value(fields.offset);
    int64_t last = buffer.offset;
    bool empty = false;
    for (size_t d = 0; d < fields.shape.size(); ++d) {
      buffer.shape.push_back(value(fields.shape[d]));
      buffer.strides.push_back(value(fields.strides[d]));
      empty = empty || buffer.shape.back() == 0;
      last += (buffer.shape.back() - 1) * buffer.strides.back();
    }
    const size_t elements = static_cast<size_t>(empty ? 0 : last + 1) + 1;  // one more, to see writes behind the end
    buffer.bytes.resize(elements * static_cast<size_t>(fields.dtype.bytes()));
    for (size_t k = 0; k < elements; ++k)
      fill_element(random, fields.dtype, &buffer.bytes[k * static_cast<size_t>(fields.dtype.bytes())]);
    out[name] = std::move(buffer);
  }
  return out;
}

std::string first_difference(const Buffers& a, const Buffers& b) {
  for (const auto& [name, buffer] : a) {
    auto other = b.find(name);
    if (other == b.end() || other->second.bytes.size() != buffer.bytes.size()) return "'" + name + "' has another size";
    const size_t width = static_cast<size_t>(buffer.dtype.bytes());
    for (size_t at = 0; at < buffer.bytes.size(); at += width)
      if (!same_element(buffer.dtype, &buffer.bytes[at], &other->second.bytes[at]))
        return "'" + name + "' element " + std::to_string(at / width) +
               " of its memory: " + spell_element(buffer.dtype, &buffer.bytes[at]) + " and " +
               spell_element(buffer.dtype, &other->second.bytes[at]);
  }
  return "";
}

}  // namespace thalweg::tests
