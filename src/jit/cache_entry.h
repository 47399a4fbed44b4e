// What a cache file holds: shared object, metadata, key, then a fixed-size tail with their sizes and a checksum.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace thalweg::jit {

struct CacheEntry {
  std::string_view shared_object, metadata;  // parts of the text that was decoded
};

std::string encode_entry(const std::string& key, std::string_view shared_object, std::string_view metadata);
// Nothing unless every byte is what encode_entry wrote for this key.
std::optional<CacheEntry> decode_entry(const std::string& key, std::string_view file);

}  // namespace thalweg::jit
