// The cache under fire: writers killed in the middle of a write, processes that store, read and clear at once, every
// kind of one-byte damage. THALWEG_LONG=1 does all that docs/process.md promises.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "jit/cache.h"
#include "jit/digest.h"
#include "support.h"

namespace thalweg::jit {
namespace {

namespace fs = std::filesystem;

constexpr int kEntries = 6;

int scaled(int small, int full) {
  const char* wish = std::getenv("THALWEG_LONG");
  return wish != nullptr && std::string(wish) == "1" ? full : small;
}

class CacheFire : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "thalweg-cache-fire-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    for (int k = 0; k < kEntries; ++k) {
      objects_.push_back(compiled("int f(void) { return " + std::to_string(k) + "; }"));
      metadata_.push_back(std::string(size_t(40'000 << k), char('a' + k)));  // so that writing takes a while
    }
  }
  void TearDown() override { fs::remove_all(folder_); }

  static std::string key(int k) { return digest("entry " + std::to_string(k)); }
  void store(const Cache& cache, int k) const { cache.store(key(k), objects_[size_t(k)], metadata_[size_t(k)]); }
  // No entry, or the one that was stored.
  bool is_right(const std::optional<CacheHit>& hit, int k) const {
    return !hit || (hit->metadata == metadata_[size_t(k)] && hit->code.function<int(void)>("f")() == k);
  }
  int files_with(std::string_view ending) const {
    int count = 0;
    for (const auto& file : fs::directory_iterator(folder_)) count += file.path().string().ends_with(ending);
    return count;
  }
  int remove_temporaries() const {
    int count = 0;
    for (const auto& file : fs::directory_iterator(folder_))
      if (file.path().extension() == ".tmp") count += fs::remove(file.path());
    return count;
  }

  std::string folder_;
  std::vector<std::string> objects_, metadata_;
};

TEST_F(CacheFire, writers_are_killed) {
  const int kills = scaled(60, 1000);
  int in_a_write = 0;
  std::mt19937 random(1);
  const Cache cache(folder_);
  for (int round = 0; round < kills; ++round) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const Cache own(folder_);
      for (int k = round;; ++k) store(own, k % kEntries);
    }
    usleep(std::uniform_int_distribution<useconds_t>(500, 6000)(random));
    // Every other time at once when a write has begun: most of the time goes into checksums.
    for (int look = 0; round % 2 == 0 && look < 300 && files_with(".tmp") == 0; ++look) usleep(20);
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    in_a_write += remove_temporaries();
    for (const CacheListing& entry : cache.list()) ASSERT_FALSE(entry.damaged) << "after kill " << round;
    for (int k = 0; k < kEntries; ++k) ASSERT_TRUE(is_right(cache.lookup(key(k)), k)) << "after kill " << round;
  }
  std::cout << kills << " writers killed, " << in_a_write << " of them in the middle of a write\n";
  EXPECT_GT(in_a_write, 0);
}

TEST_F(CacheFire, eight_processes_at_once) {
  const int rounds = scaled(200, 5000);
  std::vector<pid_t> children;
  for (int number = 0; number < 8; ++number) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      std::mt19937 random(static_cast<unsigned>(number));
      const Cache own(folder_);
      bool good = true;
      for (int round = 0; good && round < rounds; ++round) {
        const int k = std::uniform_int_distribution<int>(0, kEntries - 1)(random);
        const int what = std::uniform_int_distribution<int>(0, 99)(random);
        if (what < 40) store(own, k);
        if (what >= 40) good = is_right(own.lookup(key(k)), k);
        if (what == 99) own.clear();
      }
      _exit(good ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "status " << status;
  }
}

TEST_F(CacheFire, any_byte_is_damaged) {
  const int damages = scaled(100, 1000);
  std::mt19937 random(3);
  const Cache cache(folder_);
  store(cache, 0);
  const std::string path = folder_ + "/" + key(0) + ".so";
  std::ostringstream whole;
  whole << std::ifstream(path, std::ios::binary).rdbuf();
  const std::string stored = whole.str();
  ASSERT_TRUE(cache.lookup(key(0)).has_value());
  // Metadata is most of the file: half of the damages go into the code and the tail.
  const size_t code = objects_[0].size(), tail = stored.size() - 200;
  for (int round = 0; round < damages; ++round) {
    auto pick = [&](size_t from, size_t to) { return std::uniform_int_distribution<size_t>(from, to - 1)(random); };
    const size_t at = round % 4 == 0   ? pick(0, code)
                      : round % 4 == 1 ? pick(tail, stored.size())
                                       : pick(0, stored.size());
    std::string bytes = stored;
    bytes[at] = static_cast<char>(bytes[at] ^ std::uniform_int_distribution<int>(1, 255)(random));
    fs::remove(path);  // code that this process has mapped is the old file's
    std::ofstream(path, std::ios::binary) << bytes;
    ASSERT_FALSE(cache.lookup(key(0)).has_value()) << "byte " << at;
    ASSERT_FALSE(fs::exists(path)) << "byte " << at;
    store(cache, 0);
    auto hit = cache.lookup(key(0));
    ASSERT_TRUE(hit.has_value() && is_right(hit, 0));
  }
}

TEST_F(CacheFire, what_killed_writers_left_is_removed) {
  auto leave = [&](const std::string& name, int seconds_ago) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path) << "half";
    const timespec then{time(nullptr) - seconds_ago, 0}, times[2] = {then, then};
    ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  };
  leave(key(1) + ".123.1.tmp", 2 * 3600);
  leave(key(2) + ".124.1.tmp", 60);  // its writer may be alive
  leave("notes.tmp", 2 * 3600);      // not ours
  const Cache cache(folder_);
  for (int round = 0; round < 64; ++round) store(cache, 0);
  EXPECT_FALSE(fs::exists(folder_ + "/" + key(1) + ".123.1.tmp"));
  EXPECT_TRUE(fs::exists(folder_ + "/" + key(2) + ".124.1.tmp"));
  EXPECT_TRUE(fs::exists(folder_ + "/notes.tmp"));
}

}  // namespace
}  // namespace thalweg::jit
