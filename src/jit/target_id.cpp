// Names this processor for cache keys, from cpuid alone: asking LLVM would mean loading it.
#include <cpuid.h>

#include <cstdint>
#include <cstdio>

#include "jit/digest.h"
#include "jit/jit.h"

namespace thalweg::jit {
namespace {

struct Leaf {
  uint32_t a = 0, b = 0, c = 0, d = 0;
};

Leaf cpuid(uint32_t leaf, uint32_t subleaf = 0) {
  Leaf result;
  if (!__get_cpuid_count(leaf, subleaf, &result.a, &result.b, &result.c, &result.d)) return {};
  return result;
}

// Which register state the operating system saves: AVX-512 is only there if it does.
uint64_t saved_state() {
  if (!(cpuid(1).c & bit_OSXSAVE)) return 0;
  uint32_t low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t{high} << 32) | low;
}

std::string make_target_id() {
  Leaf basic = cpuid(1), extended = cpuid(7), more = cpuid(7, 1), amd = cpuid(0x80000001);
  std::string facts;
  auto add = [&](uint64_t value) { facts.append(reinterpret_cast<const char*>(&value), sizeof value); };
  add(basic.a);  // basic.b holds the number of the core we happen to run on
  add(basic.c);
  add(basic.d);
  for (const Leaf& leaf : {extended, more, amd}) {
    add(leaf.b);
    add(leaf.c);
    add(leaf.d);
  }
  add(more.a);
  add(cpuid(0xd, 1).a);
  add(saved_state());
  Leaf vendor = cpuid(0);
  add(vendor.b);

  uint32_t family = ((basic.a >> 8) & 15) + ((basic.a >> 20) & 255);
  uint32_t model = ((basic.a >> 4) & 15) + ((basic.a >> 12) & 240);
  char text[64];
  std::snprintf(text, sizeof text, "%u-%u-%u-", family, model, basic.a & 15);
  return text + digest(facts).substr(0, 16);
}

}  // namespace

std::string target_id() {
  static const std::string id = make_target_id();
  return id;
}

}  // namespace thalweg::jit
