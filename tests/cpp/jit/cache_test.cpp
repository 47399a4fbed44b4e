// The cache on disk: hits, damage, unsafe folders, many writers, and that a digest is SHA-256.
#include "jit/cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "jit/digest.h"
#include "support.h"

namespace thalweg::jit {
namespace {

namespace fs = std::filesystem;

class CacheTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "thalweg-cache-test-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { fs::remove_all(root_); }
  std::string folder() const { return (root_ / "a" / "cache").string(); }

  fs::path root_;
};

const std::string key = digest("key");

std::string answer(int value) { return compiled("int f(void) { return " + std::to_string(value) + "; }"); }

TEST_F(CacheTest, gives_back_what_was_stored) {
  Cache cache(folder());
  ASSERT_TRUE(cache.usable()) << cache.reason();
  EXPECT_FALSE(cache.lookup(key).has_value());
  ASSERT_TRUE(cache.store(key, answer(5), "meta\ndata"));
  auto hit = Cache(folder()).lookup(key);
  ASSERT_TRUE(hit.has_value());
  EXPECT_EQ(hit->metadata, "meta\ndata");
  EXPECT_EQ(hit->code.function<int(void)>("f")(), 5);
  struct stat status;
  ASSERT_EQ(stat(folder().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
}

TEST_F(CacheTest, lists_measures_and_clears) {
  Cache cache(folder());
  std::string other = digest("other");
  ASSERT_TRUE(cache.store(key, answer(1), "first"));
  ASSERT_TRUE(cache.store(other, answer(2), "second"));
  std::ofstream(fs::path(folder()) / "notes.txt") << "not ours";
  std::ofstream(fs::path(folder()) / (key + ".1.1.tmp")) << "left over";
  auto list = cache.list();
  ASSERT_EQ(list.size(), 2u);
  EXPECT_LT(list[0].key, list[1].key);
  const CacheListing& first = list[0].key == key ? list[0] : list[1];
  EXPECT_EQ(first.metadata, "first");
  EXPECT_FALSE(first.damaged);
  EXPECT_EQ(cache.size(), list[0].bytes + list[1].bytes + 9);
  EXPECT_EQ(cache.clear(), 3u);
  EXPECT_TRUE(cache.list().empty());
  EXPECT_TRUE(fs::exists(fs::path(folder()) / "notes.txt"));
}

TEST_F(CacheTest, a_damaged_entry_is_never_loaded) {
  Cache cache(folder());
  const fs::path file = fs::path(folder()) / (key + ".so");
  ASSERT_TRUE(cache.store(key, answer(5), "meta"));
  std::string whole(fs::file_size(file), '\0');
  std::ifstream(file, std::ios::binary).read(whole.data(), std::streamsize(whole.size()));
  // Every place in turn: code, metadata, key, sizes, checksum, mark; and cut off at each of them.
  for (size_t at = 0; at < whole.size(); at += at + 200 < whole.size() ? 97 : 1) {
    std::string damaged = whole;
    damaged[at] = char(damaged[at] ^ 0x10);
    std::ofstream(file, std::ios::binary) << damaged;
    ASSERT_FALSE(cache.lookup(key).has_value()) << "byte " << at;
    ASSERT_FALSE(fs::exists(file)) << "a damaged entry makes room for a new one";
    std::ofstream(file, std::ios::binary) << whole.substr(0, at);
    ASSERT_FALSE(cache.lookup(key).has_value()) << "cut at " << at;
  }
  ASSERT_TRUE(cache.store(key, answer(6), "meta"));
  EXPECT_EQ(cache.lookup(key)->code.function<int(void)>("f")(), 6);
}

TEST_F(CacheTest, an_entry_under_another_name_is_damaged) {
  Cache cache(folder());
  ASSERT_TRUE(cache.store(key, answer(5), "meta"));
  std::string other = digest("other");
  fs::rename(fs::path(folder()) / (key + ".so"), fs::path(folder()) / (other + ".so"));
  EXPECT_FALSE(cache.lookup(other).has_value());
}

TEST_F(CacheTest, a_link_is_no_entry) {
  Cache cache(folder());
  ASSERT_TRUE(cache.store(key, answer(5), "meta"));
  fs::rename(fs::path(folder()) / (key + ".so"), root_ / "elsewhere.so");
  fs::create_symlink(root_ / "elsewhere.so", fs::path(folder()) / (key + ".so"));
  EXPECT_FALSE(cache.lookup(key).has_value());
}

TEST_F(CacheTest, a_folder_that_others_may_write_to_is_not_used) {
  fs::create_directories(folder());
  for (mode_t mode : {0777, 0770, 0720, 0702}) {
    ASSERT_EQ(chmod(folder().c_str(), mode), 0);
    Cache cache(folder());
    EXPECT_FALSE(cache.usable());
    EXPECT_EQ(cache.reason(), "others may write to it");
    EXPECT_FALSE(cache.store(key, "x", ""));
    EXPECT_FALSE(cache.lookup(key).has_value());
  }
}

TEST_F(CacheTest, a_folder_of_another_user_is_not_used) {
  fs::create_directories(folder());
  if (geteuid() == 0) {
    ASSERT_EQ(chown(folder().c_str(), 12345, 12345), 0);
    Cache cache(folder());
    EXPECT_FALSE(cache.usable());
    EXPECT_EQ(cache.reason(), "it belongs to another user");
  } else {
    EXPECT_FALSE(Cache("/usr").usable());
  }
}

TEST_F(CacheTest, no_folder_no_cache) {
  std::ofstream(root_ / "file") << "in the way";
  Cache cache((root_ / "file" / "cache").string());
  EXPECT_FALSE(cache.usable());
  EXPECT_FALSE(cache.store(key, "x", ""));
  EXPECT_TRUE(cache.list().empty());
  EXPECT_EQ(cache.clear(), 0u);
}

TEST_F(CacheTest, the_environment_decides) {
  setenv("THALWEG_CACHE", "off", 1);
  EXPECT_FALSE(Cache::from_environment().usable());
  setenv("THALWEG_CACHE", folder().c_str(), 1);
  EXPECT_EQ(Cache::from_environment().folder(), folder());
  unsetenv("THALWEG_CACHE");
  setenv("XDG_CACHE_HOME", (root_ / "xdg").c_str(), 1);
  EXPECT_EQ(Cache::from_environment().folder(), (root_ / "xdg" / "thalweg").string());
  unsetenv("XDG_CACHE_HOME");
  std::string home = std::getenv("HOME") ? std::getenv("HOME") : "";
  setenv("HOME", (root_ / "home").c_str(), 1);
  EXPECT_EQ(Cache::from_environment().folder(), (root_ / "home" / ".cache" / "thalweg").string());
  setenv("HOME", home.c_str(), 1);
}

TEST_F(CacheTest, an_unsafe_folder_is_told_once) {
  fs::create_directories(folder());
  ASSERT_EQ(chmod(folder().c_str(), 0777), 0);
  setenv("THALWEG_CACHE", folder().c_str(), 1);
  testing::internal::CaptureStderr();
  EXPECT_FALSE(Cache::from_environment().usable());
  EXPECT_FALSE(Cache::from_environment().usable());
  unsetenv("THALWEG_CACHE");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "thalweg: the cache folder " + folder() + " is not used: others may write to it\n");
}

TEST_F(CacheTest, many_processes_store_at_once) {
  std::string object = answer(5);
  std::vector<pid_t> children;
  for (int k = 0; k < 4; ++k) {
    pid_t child = fork();
    if (child == 0) {
      Cache cache(folder());
      bool good = true;
      for (int i = 0; i < 50; ++i) {
        good = good && cache.store(key, object, "meta");
        auto hit = cache.lookup(key);
        good = good && hit && hit->metadata == "meta" && hit->code.function<int(void)>("f")() == 5;
      }
      _exit(good ? 0 : 1);
    }
    children.push_back(child);
  }
  for (pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(Cache(folder()).list().size(), 1u) << "no temporary file may stay";
}

TEST_F(CacheTest, cached_code_runs_where_the_compiler_was_never_opened) {
  std::string object = answer(9);
  ASSERT_TRUE(Cache(folder()).store(key, object, ""));
  // The test program itself, started anew, with only this in it.
  std::string command = "THALWEG_CACHE_TEST_FOLDER=" + folder() + " /proc/" + std::to_string(getpid()) +
                        "/exe --gtest_filter=CacheAlone.* --gtest_also_run_disabled_tests > /dev/null";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

// Run by the test above.
TEST(CacheAlone, DISABLED_loads) {
  const char* folder = std::getenv("THALWEG_CACHE_TEST_FOLDER");
  ASSERT_NE(folder, nullptr);
  auto hit = Cache(folder).lookup(key);
  ASSERT_TRUE(hit.has_value());
  EXPECT_EQ(hit->code.function<int(void)>("f")(), 9);
  EXPECT_FALSE(compiler_is_open());
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) EXPECT_EQ(line.find("libthalweg_jit.so"), std::string::npos);
}

TEST(Digest, is_sha_256) {
  EXPECT_EQ(digest(""), "e3b0c44298fc1c149afbf4c8996fb924");
  EXPECT_EQ(digest("abc"), "ba7816bf8f01cfea414140de5dae2223");
  EXPECT_EQ(digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), "248d6a61d20638b8e5c026930c3e6039");
  EXPECT_EQ(digest(std::string(1000000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67");
}

}  // namespace
}  // namespace thalweg::jit
