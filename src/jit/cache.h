// The cache on disk: compiled shared objects by key, shared by all processes of one user.
//
// THALWEG_CACHE=DIR names the folder, THALWEG_CACHE=off switches the cache off; by default it is
// $XDG_CACHE_HOME/thalweg or ~/.cache/thalweg. Where no folder can be made or written, there is no cache and
// everything still works. An entry is one file `<key>.so`: the shared object, which gdb and perf understand as it
// is, followed by the metadata and a checksum (cache_entry.h). Entries appear by renaming, whole or not at all.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jit/jit.h"

namespace thalweg::jit {

struct CacheHit {
  Loaded code;
  std::string metadata;  // as it was stored
};

struct CacheListing {
  std::string key;
  std::string metadata;
  uint64_t bytes = 0;
  int64_t stored_at = 0;  // seconds since 1970
  bool damaged = false;
};

class Cache {
 public:
  // The folder that the environment names. Says once on stderr why a folder that exists is not used.
  static Cache from_environment();
  explicit Cache(const std::string& folder);  // made if it does not exist
  Cache() = default;                          // no cache
  Cache(const Cache&) = delete;
  Cache(Cache&& other) noexcept;
  Cache& operator=(const Cache&) = delete;
  Cache& operator=(Cache&& other) noexcept;
  ~Cache();

  bool usable() const { return descriptor_ >= 0; }
  const std::string& folder() const { return folder_; }
  // Why there is no cache; empty if there is one or if it was switched off.
  const std::string& reason() const { return reason_; }

  // Keys are 8 to 64 characters out of 0-9, a-z, A-Z and '-', e.g. digest(...).
  // Nothing if there is no entry or if it is damaged; a damaged one is removed, so that it is built anew.
  std::optional<CacheHit> lookup(const std::string& key) const;
  // False if it could not be stored (disk full, read-only): nobody needs to care.
  bool store(const std::string& key, std::string_view shared_object, std::string_view metadata) const;

  std::vector<CacheListing> list() const;  // sorted by key
  uint64_t size() const;                   // bytes in all entries
  uint64_t clear() const;                  // removes entries and left-over temporary files; how many files

 private:
  std::vector<std::string> file_names() const;
  void remove_leftovers() const;

  int descriptor_ = -1;  // of the folder: every access goes through it, so nobody can swap the folder under us
  std::string folder_, reason_;
};

}  // namespace thalweg::jit
