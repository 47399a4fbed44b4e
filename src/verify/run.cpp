#include "verify/run.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "ir/results.h"
#include "library/registry.h"

namespace thalweg::verify {

namespace {

// FNV over bytes: what a call saw, as text.
uint64_t digest(const std::byte* data, size_t bytes, uint64_t hash) {
  for (size_t k = 0; k < bytes; ++k) hash = (hash ^ std::to_integer<uint64_t>(data[k])) * 0x100000001b3;
  return hash;
}

// Every element of an array in row-major order.
template <class Visit>
void each_element(const interpret::ArrayRef& array, Visit visit) {
  int64_t count = 1;
  for (int64_t extent : array.shape) count *= extent;
  for (int64_t flat = 0; flat < count; ++flat) {
    int64_t rest = flat, at = 0;
    for (size_t d = array.shape.size(); d-- > 0; rest /= array.shape[d]) at += rest % array.shape[d] * array.strides[d];
    visit(static_cast<std::byte*>(array.data) + at * array.dtype.bytes());
  }
}

Seen::Value value_of(const interpret::Returned& returned) {
  Seen::Value value{returned.kind, returned.dtype, returned.shape, {}};
  if (returned.kind == ir::ReturnValue::Kind::none) return value;
  if (returned.kind == ir::ReturnValue::Kind::symbol) {
    value.dtype = ir::dtypes::int64;
    value.bytes.resize(8);
    std::memcpy(value.bytes.data(), &returned.symbol, 8);
    return value;
  }
  interpret::ArrayRef array{returned.dtype, const_cast<std::byte*>(returned.data), returned.shape, returned.strides};
  each_element(array,
               [&](const std::byte* at) { value.bytes.insert(value.bytes.end(), at, at + returned.dtype.bytes()); });
  return value;
}

template <class T>
T get(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

double real_at(const std::byte* at, int bytes) {
  return bytes == 8 ? get<double>(at) : static_cast<double>(get<float>(at));
}

bool same_real(const std::byte* a, const std::byte* b, int bytes, Tolerance tolerance, double scale) {
  if (std::memcmp(a, b, static_cast<size_t>(bytes)) == 0) return true;
  if (bytes == 2) return (get<uint16_t>(a) & 0x7fff) > 0x7c00 && (get<uint16_t>(b) & 0x7fff) > 0x7c00;
  const double x = real_at(a, bytes), y = real_at(b, bytes);
  if (std::isnan(x) && std::isnan(y)) return true;
  if (tolerance == Tolerance::none) return false;
  // Another order of adding: an infinity may come of a sum that overflows on the way only.
  if (!std::isfinite(x) || !std::isfinite(y)) return true;
  return std::abs(x - y) <= (bytes == 8 ? 1e-9 : 1e-3) * std::max({scale, std::abs(x), 1.0});
}

bool same_element(ir::DType dtype, const std::byte* a, const std::byte* b, Tolerance tolerance, double scale) {
  const int bytes = dtype.bytes();
  if (dtype.is_float()) return same_real(a, b, bytes, tolerance, scale);
  if (dtype.is_complex())
    return same_real(a, b, bytes / 2, tolerance, scale) &&
           same_real(a + bytes / 2, b + bytes / 2, bytes / 2, tolerance, scale);
  return std::memcmp(a, b, static_cast<size_t>(bytes)) == 0;
}

std::string spell(ir::DType dtype, const std::byte* at) {
  if (dtype.is_bool()) return get<uint8_t>(at) ? "True" : "False";
  if (dtype.is_float() && dtype.bytes() >= 4) return std::to_string(real_at(at, dtype.bytes()));
  if (dtype.is_complex()) {
    const int half = dtype.bytes() / 2;
    return "(" + std::to_string(real_at(at, half)) + ", " + std::to_string(real_at(at + half, half)) + ")";
  }
  uint64_t bits = 0;
  std::memcpy(&bits, at, static_cast<size_t>(dtype.bytes()));
  const int unused = 64 - 8 * dtype.bytes();
  return dtype.is_unsigned() ? std::to_string(bits) : std::to_string(static_cast<int64_t>(bits << unused) >> unused);
}

// The largest finite magnitude among the elements: what a tolerance is measured by.
double scale_of(ir::DType dtype, const std::vector<std::byte>& bytes) {
  if (!dtype.is_float() && !dtype.is_complex()) return 0;
  const int part = dtype.is_complex() ? dtype.bytes() / 2 : dtype.bytes();
  double largest = 0;
  for (size_t at = 0; part >= 4 && at + static_cast<size_t>(part) <= bytes.size(); at += static_cast<size_t>(part))
    if (double value = std::abs(real_at(&bytes[at], part)); std::isfinite(value)) largest = std::max(largest, value);
  return largest;
}

std::string bytes_differ(const std::string& what, ir::DType dtype, const std::vector<std::byte>& a,
                         const std::vector<std::byte>& b, Tolerance tolerance, size_t first = 0) {
  const auto item = static_cast<size_t>(dtype.bytes());
  const double scale = tolerance == Tolerance::none ? 0 : std::max(scale_of(dtype, a), scale_of(dtype, b));
  for (size_t at = first; at + item <= a.size(); at += item)
    if (!same_element(dtype, &a[at], &b[at], tolerance, scale))
      return "element " + std::to_string((at - first) / item) + " of " + what + ": " + spell(dtype, &a[at]) +
             " before, " + spell(dtype, &b[at]) + " after";
  return "";
}

}  // namespace

base::Status stand_in(std::vector<std::string>& calls, int64_t function, const std::vector<interpret::ArrayRef>& inputs,
                      const std::vector<interpret::ArrayRef>& outputs) {
  uint64_t hash = 0xcbf29ce484222325 + static_cast<uint64_t>(function);
  for (const interpret::ArrayRef& input : inputs)
    each_element(input,
                 [&](const std::byte* at) { hash = digest(at, static_cast<size_t>(input.dtype.bytes()), hash); });
  calls.push_back(std::to_string(function) + ":" + std::to_string(hash));
  for (const interpret::ArrayRef& output : outputs)
    each_element(output, [&](std::byte* at) {
      hash = hash * 0x5851f42d4c957f2d + 1;
      const double real = static_cast<double>(hash >> 60);
      const auto narrow = static_cast<float>(real);
      const uint64_t whole = output.dtype.is_bool() ? hash >> 63 : hash >> 62;
      std::memset(at, 0, static_cast<size_t>(output.dtype.bytes()));
      const bool floats = output.dtype.is_float() || output.dtype.is_complex();
      const int part = output.dtype.is_complex() ? output.dtype.bytes() / 2 : output.dtype.bytes();
      if (!floats)
        std::memcpy(at, &whole, static_cast<size_t>(output.dtype.bytes()));
      else if (part == 8)
        std::memcpy(at, &real, 8);
      else if (part == 4)
        std::memcpy(at, &narrow, 4);
    });
  return base::success();
}

Seen run(ir::SDFG& graph, const Inputs& inputs, uint64_t order, int64_t most_steps) {
  Seen seen;
  seen.blocks = inputs.blocks;
  interpret::Arguments arguments;
  arguments.symbols = inputs.symbols;
  for (const auto& [name, place] : inputs.places)
    arguments.containers[name] = {seen.blocks[place.block].data() + place.offset, {}, {}};
  interpret::Options options;
  // A graph may come to one without a value where a check fails beside it: which of the two is first is unspecified.
  options.symbols_start_at_zero = true;
  options.seed = order;
  options.max_steps = most_steps;
  options.max_bytes = int64_t{1} << 28;
  options.expand = [](const ir::LibraryNode& node) { return library::reference(node); };
  options.callback = [&](int64_t function, const std::vector<interpret::ArrayRef>& in,
                         const std::vector<interpret::ArrayRef>& out) {
    return stand_in(seen.calls, function, in, out);
  };
  auto outcome = interpret::run(graph, arguments, options);
  if (!outcome) {
    seen.raised = true;
    seen.kind = outcome.error().kind;
    seen.message = outcome.error().message;
    seen.given_up = outcome.error().code == interpret::given_up;
    return seen;
  }
  for (const interpret::Returned& value : outcome->returns) seen.returned.push_back(value_of(value));
  return seen;
}

Tolerance tolerance_of(ir::SDFG& graph) {
  for (ir::SDFG* sdfg : ir::all_sdfgs(graph))
    for (ir::State* state : ir::all_states(*sdfg))
      for (const auto& edge : state->edges()) {
        const ir::MemletFields& memlet = edge->memlet().get();
        if (memlet.wcr == ir::Wcr::none || memlet.wcr == ir::Wcr::min || memlet.wcr == ir::Wcr::max) continue;
        const ir::Container* container = sdfg->find(memlet.data);
        if (container && (container->get().dtype.is_float() || container->get().dtype.is_complex()))
          return Tolerance::order_of_conflicts;
      }
  return Tolerance::none;
}

std::string difference(const ir::SDFG& graph, const Inputs& inputs, const Seen& before, const Seen& after,
                       Tolerance tolerance) {
  if (before.raised != after.raised)
    return before.raised ? "it raised '" + before.message + "' before, nothing after"
                         : "it raises '" + after.message + "' after";
  // A loop that raises at once, as a map in any order, may have much to do before.
  if (before.raised && after.given_up) return "";
  if (before.raised)
    return after.broken() && !before.broken() ? "it raised '" + before.message + "' before; after: " + after.message
                                              : "";
  if (before.calls != after.calls) return "other calls back into Python, or in another order";
  for (const ir::Container* container : ir::given_containers(graph)) {
    const ir::ContainerFields& fields = container->get();
    auto place = inputs.places.find(fields.name);
    if (place == inputs.places.end()) continue;
    const auto item = static_cast<size_t>(fields.dtype.bytes());
    std::string found = bytes_differ("'" + fields.name + "'", fields.dtype, before.blocks[place->second.block],
                                     after.blocks[place->second.block], tolerance, place->second.offset % item);
    if (!found.empty()) return found;
  }
  if (before.returned.size() != after.returned.size()) return "another number of results";
  for (size_t k = 0; k < before.returned.size(); ++k) {
    const Seen::Value &x = before.returned[k], &y = after.returned[k];
    const std::string name = "result " + std::to_string(k);
    if (x.kind != y.kind || !(x.dtype == y.dtype) || x.shape != y.shape) return name + " is of another kind or shape";
    if (x.kind == ir::ReturnValue::Kind::none) continue;
    if (std::string found = bytes_differ(name, x.dtype, x.bytes, y.bytes, tolerance); !found.empty()) return found;
  }
  return "";
}

}  // namespace thalweg::verify
