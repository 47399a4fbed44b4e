// The folder, its safety checks, and reading, writing and removing entries in it.
#include "jit/cache.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <utility>

#include "jit/cache_entry.h"

namespace thalweg::jit {
namespace {

constexpr std::string_view entry_suffix = ".so", temporary_suffix = ".tmp";
constexpr time_t kLongestWrite = 3600;  // seconds
constexpr uint32_t kStoresPerSweep = 64;

bool valid_key(const std::string& key) {
  auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  };
  return key.size() >= 8 && key.size() <= 64 && key[0] != '-' && std::all_of(key.begin(), key.end(), allowed);
}

// mkdir -p, for nobody but this user to enter. Errors show when the folder is opened.
void make_folders(const std::string& folder) {
  for (size_t slash = folder.find('/', 1); slash != std::string::npos; slash = folder.find('/', slash + 1)) {
    mkdir(folder.substr(0, slash).c_str(), 0700);
  }
  mkdir(folder.c_str(), 0700);
}

// Code that somebody else could have put there must not be run. Empty if the folder is safe.
std::string why_unsafe(const struct stat& status) {
  if (!S_ISDIR(status.st_mode)) return "it is not a directory";
  if (status.st_uid != geteuid()) return "it belongs to another user";
  if (status.st_mode & (S_IWGRP | S_IWOTH)) return "others may write to it";
  return "";
}

// Once per process and folder would be once per folder: there is one folder in practice, so once.
void say_once(const std::string& line) {
  static std::once_flag once;
  std::call_once(once, [&] { std::fprintf(stderr, "thalweg: %s\n", line.c_str()); });
}

std::optional<std::string> read_file(int folder, const std::string& name, struct stat* status) {
  int file = openat(folder, name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0) return std::nullopt;
  std::optional<std::string> content;
  // A link or a foreign file in our folder is none of our entries.
  if (fstat(file, status) == 0 && S_ISREG(status->st_mode) && status->st_uid == geteuid()) {
    content.emplace(size_t(status->st_size), '\0');
    size_t have = 0;
    while (have < content->size()) {
      ssize_t got = read(file, content->data() + have, content->size() - have);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      have += size_t(got);
    }
    content->resize(have);
  }
  close(file);
  return content;
}

bool write_file(int folder, const std::string& name, std::string_view content) {
  int file = openat(folder, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return false;
  bool good = true;
  while (good && !content.empty()) {
    ssize_t written = write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    good = written > 0;
    if (good) content.remove_prefix(size_t(written));
  }
  return close(file) == 0 && good;
}

std::string default_folder() {
  const char* base = std::getenv("XDG_CACHE_HOME");
  if (base && base[0] == '/') return std::string(base) + "/thalweg";
  const char* home = std::getenv("HOME");
  return home && home[0] == '/' ? std::string(home) + "/.cache/thalweg" : "";
}

}  // namespace

Cache Cache::from_environment() {
  const char* wish = std::getenv("THALWEG_CACHE");
  bool named = wish && *wish;
  if (named && std::strcmp(wish, "off") == 0) return {};
  std::string folder = named ? wish : default_folder();
  if (folder.empty()) return {};
  Cache cache(folder);
  // A home that cannot be written is ordinary and not worth a word; a folder asked for, or one unsafe, is.
  struct stat status;
  bool exists = stat(folder.c_str(), &status) == 0;
  if (!cache.usable() && (named || (exists && !why_unsafe(status).empty()))) {
    say_once("the cache folder " + folder + " is not used: " + cache.reason());
  }
  return cache;
}

Cache::Cache(const std::string& folder) : folder_(folder) {
  make_folders(folder);
  descriptor_ = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor_ < 0) {
    reason_ = std::strerror(errno);
    return;
  }
  struct stat status;
  reason_ = fstat(descriptor_, &status) == 0 ? why_unsafe(status) : std::strerror(errno);
  if (reason_.empty()) return;
  close(descriptor_);
  descriptor_ = -1;
}

Cache::Cache(Cache&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      folder_(std::move(other.folder_)),
      reason_(std::move(other.reason_)) {}

Cache& Cache::operator=(Cache&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(folder_, other.folder_);
  std::swap(reason_, other.reason_);
  return *this;
}

Cache::~Cache() {
  if (descriptor_ >= 0) close(descriptor_);
}

std::optional<CacheHit> Cache::lookup(const std::string& key) const {
  TW_CHECK(valid_key(key), "not a cache key: " + key);
  if (!usable()) return std::nullopt;
  const std::string name = key + std::string(entry_suffix);
  struct stat status;
  auto content = read_file(descriptor_, name, &status);
  if (!content) return std::nullopt;
  auto entry = decode_entry(key, *content);
  if (!entry) {
    unlinkat(descriptor_, name.c_str(), 0);
    return std::nullopt;
  }
  // From its own file, for the sake of gdb and perf; from memory where the file system forbids execution.
  auto code = load_file(folder_ + "/" + name);
  if (!code) code = load(entry->shared_object);
  if (!code) return std::nullopt;
  return CacheHit{std::move(*code), std::string(entry->metadata)};
}

// Temporary files of writers that were killed: nobody writes for an hour. Looked for at a process's first store, then
// now and then.
void Cache::remove_leftovers() const {
  const time_t now = time(nullptr);
  for (const std::string& name : file_names()) {
    struct stat status;
    if (name.ends_with(temporary_suffix) && fstatat(descriptor_, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
        status.st_mtime + kLongestWrite < now) {
      unlinkat(descriptor_, name.c_str(), 0);
    }
  }
}

bool Cache::store(const std::string& key, std::string_view shared_object, std::string_view metadata) const {
  TW_CHECK(valid_key(key), "not a cache key: " + key);
  if (!usable()) return false;
  static std::atomic<uint32_t> counter{0};
  const uint32_t number = ++counter;
  const std::string temporary =
      key + "." + std::to_string(getpid()) + "." + std::to_string(number) + std::string(temporary_suffix);
  const std::string name = key + std::string(entry_suffix);
  bool good = write_file(descriptor_, temporary, encode_entry(key, shared_object, metadata)) &&
              renameat(descriptor_, temporary.c_str(), descriptor_, name.c_str()) == 0;
  if (!good) unlinkat(descriptor_, temporary.c_str(), 0);
  if (number % kStoresPerSweep == 1) remove_leftovers();
  return good;
}

std::vector<std::string> Cache::file_names() const {
  std::vector<std::string> names;
  int copy = usable() ? openat(descriptor_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  DIR* folder = copy >= 0 ? fdopendir(copy) : nullptr;
  if (!folder) return names;
  while (const dirent* item = readdir(folder)) {
    std::string name = item->d_name;
    // Only what looks like ours: clear() must not empty a folder that was named by mistake.
    bool ours = name.ends_with(entry_suffix) || name.ends_with(temporary_suffix);
    if (ours && valid_key(name.substr(0, name.find('.')))) names.push_back(name);
  }
  closedir(folder);
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<CacheListing> Cache::list() const {
  std::vector<CacheListing> result;
  for (const std::string& name : file_names()) {
    if (!name.ends_with(entry_suffix)) continue;
    CacheListing listing;
    listing.key = name.substr(0, name.size() - entry_suffix.size());
    struct stat status;
    auto content = read_file(descriptor_, name, &status);
    if (!content) continue;
    auto entry = decode_entry(listing.key, *content);
    listing.damaged = !entry;
    if (entry) listing.metadata = entry->metadata;
    listing.bytes = content->size();
    listing.stored_at = status.st_mtime;
    result.push_back(std::move(listing));
  }
  return result;
}

uint64_t Cache::size() const {
  uint64_t bytes = 0;
  for (const std::string& name : file_names()) {
    struct stat status;
    if (fstatat(descriptor_, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) bytes += uint64_t(status.st_size);
  }
  return bytes;
}

uint64_t Cache::clear() const {
  uint64_t removed = 0;
  for (const std::string& name : file_names()) {
    if (unlinkat(descriptor_, name.c_str(), 0) == 0) ++removed;
  }
  return removed;
}

}  // namespace thalweg::jit
