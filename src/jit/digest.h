// A 128-bit fingerprint for cache keys and for the checksums of cache entries.
#pragma once
#include <string>
#include <string_view>

namespace thalweg::jit {

// The first half of SHA-256, as 32 hexadecimal digits: two programs that share a key would run each other's code.
std::string digest(std::string_view bytes);

}  // namespace thalweg::jit
