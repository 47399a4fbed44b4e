// Encoding and checking of cache files.
#include "jit/cache_entry.h"

#include <cstdint>
#include <cstring>

#include "jit/digest.h"

namespace thalweg::jit {
namespace {

struct Tail {
  uint64_t shared_object_size, metadata_size, key_size;
  char checksum[32];  // digest of all that stands before the tail and of the three sizes
  char mark[16];
};
static_assert(sizeof(Tail) == 72);

constexpr std::string_view mark = "thalweg cache 1\n";

std::string checksum_of(std::string_view content, const Tail& tail) {
  std::string text(content);
  text.append(reinterpret_cast<const char*>(&tail), offsetof(Tail, checksum));
  return digest(text);
}

}  // namespace

std::string encode_entry(const std::string& key, std::string_view shared_object, std::string_view metadata) {
  std::string file;
  file.reserve(shared_object.size() + metadata.size() + key.size() + sizeof(Tail));
  file.append(shared_object).append(metadata).append(key);
  Tail tail{shared_object.size(), metadata.size(), key.size(), {}, {}};
  std::memcpy(tail.checksum, checksum_of(file, tail).data(), sizeof tail.checksum);
  std::memcpy(tail.mark, mark.data(), sizeof tail.mark);
  file.append(reinterpret_cast<const char*>(&tail), sizeof tail);
  return file;
}

std::optional<CacheEntry> decode_entry(const std::string& key, std::string_view file) {
  if (file.size() < sizeof(Tail)) return std::nullopt;
  Tail tail;
  std::memcpy(&tail, file.data() + file.size() - sizeof tail, sizeof tail);
  std::string_view content = file.substr(0, file.size() - sizeof tail);
  if (std::string_view(tail.mark, sizeof tail.mark) != mark) return std::nullopt;
  if (tail.shared_object_size > content.size() || tail.metadata_size > content.size() ||
      tail.key_size > content.size() ||
      tail.shared_object_size + tail.metadata_size + tail.key_size != content.size()) {
    return std::nullopt;
  }
  if (content.substr(content.size() - tail.key_size) != key) return std::nullopt;
  if (checksum_of(content, tail) != std::string_view(tail.checksum, sizeof tail.checksum)) return std::nullopt;
  return CacheEntry{content.substr(0, tail.shared_object_size),
                    content.substr(tail.shared_object_size, tail.metadata_size)};
}

}  // namespace thalweg::jit
