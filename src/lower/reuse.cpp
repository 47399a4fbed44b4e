// Temporaries of the entry are born where they are first used, and take over the memory of one that is no longer
// needed: a program needs less memory, and finds pages that the system has cleared already.
//
//   allocate t; allocate u; t = ..; .. = t; u = ..; .. = u     before
//   allocate t; t = ..; .. = t; u takes the memory of t; u = ..; .. = u     after
#include <algorithm>

#include "base/planted.h"
#include "lower/lowering.h"

namespace thalweg::lower {

namespace {

class Reuse {
 public:
  Reuse(Program& program, Body& body) : program_(program), body_(body) {}

  void run() {
    collect_candidates();
    if (candidates_.empty()) return;
    for (Statement& s : body_) touched_.push_back(touched_by(s));
    std::vector<Life> lives = find_lives();
    if (lives.empty()) return;
    hand_over(lives);
    rebuild(lives);
  }

 private:
  // Positions in the body: of the Allocate, of the first and of the last statement that touches the buffer.
  struct Life {
    std::string name;
    size_t allocated, first, last;
  };

  // Temporaries that are allocated once, at this level, and that no pointer or result stands for.
  void collect_candidates() {
    std::map<std::string, int> count;
    std::set<std::string> pinned;
    each_statement(body_, [&](Statement& s) {
      if (auto* allocate = std::get_if<Allocate>(&s.node)) ++count[allocate->buffer];
      if (auto* set = std::get_if<SetPointers>(&s.node))
        for (auto& one : set->sets) pinned.insert(one.base);
    });
    for (const auto& result : program_.signature.results) pinned.insert(result.name);
    for (size_t k = 0; k < body_.size(); ++k) {
      auto* allocate = std::get_if<Allocate>(&body_[k].node);
      if (!allocate || count[allocate->buffer] != 1 || pinned.contains(allocate->buffer)) continue;
      if (!allocate->takes.empty()) continue;  // an exchange: it stays where it is
      if (program_.buffers.at(allocate->buffer).home == Home::heap) candidates_[allocate->buffer] = k;
    }
  }

  Uses touched_by(Statement& s) {
    Body one;
    one.push_back(std::move(s));
    Uses touched = uses(one, program_);
    s = std::move(one.front());
    return touched;
  }

  // In the order of their first use, those whose Allocate may wait for it.
  std::vector<Life> find_lives() {
    std::vector<Life> lives;
    for (const auto& [name, allocated] : candidates_) {
      Life life{name, allocated, body_.size(), allocated};
      for (size_t k = 0; k < body_.size(); ++k) {
        if (k == allocated || !(touched_[k].buffers_read.contains(name) || touched_[k].buffers_written.contains(name)))
          continue;
        life.first = std::min(life.first, k);
        life.last = k;
      }
      if (life.first < body_.size() && life.first > allocated && may_wait(life)) lives.push_back(life);
    }
    std::sort(lives.begin(), lives.end(), [](const Life& a, const Life& b) {
      return std::pair(a.first, a.allocated) < std::pair(b.first, b.allocated);
    });
    return lives;
  }

  bool may_wait(const Life& life) const {
    std::set<std::string> layout;
    add_layout_symbols(program_.buffers.at(life.name), true, layout);
    for (size_t k = life.allocated + 1; k < life.first; ++k)
      for (const std::string& name : layout)
        if (touched_[k].written.contains(name)) return false;
    return true;
  }

  bool same_layout(const Buffer& a, const Buffer& b) const {
    return a.dtype == b.dtype && a.shape == b.shape && a.strides == b.strides && a.offset == b.offset &&
           a.space == b.space;
  }

  // Each takes the memory of the one that died last among those of its layout.
  void hand_over(const std::vector<Life>& lives) {
    std::set<std::string> gone;
    for (const Life& life : lives) {
      const Buffer& buffer = program_.buffers.at(life.name);
      const Life* donor = nullptr;
      for (const Life& other : lives) {
        bool dead = other.last < life.first || (base::planted("lower.memory_taken_early") && other.first < life.first);
        if (!dead || gone.contains(other.name) || !same_layout(program_.buffers.at(other.name), buffer)) continue;
        if (!donor || donor->last < other.last) donor = &other;
      }
      if (!donor) continue;
      gone.insert(donor->name);
      std::get<Allocate>(body_[life.allocated].node).takes = donor->name;
    }
  }

  void rebuild(const std::vector<Life>& lives) {
    std::map<size_t, std::vector<size_t>> before;  // statement -> Allocates that go in front of it
    std::set<size_t> moved;
    for (const Life& life : lives) {
      before[life.first].push_back(life.allocated);
      moved.insert(life.allocated);
    }
    Body out;
    out.reserve(body_.size());
    for (size_t k = 0; k < body_.size(); ++k) {
      for (size_t from : before[k]) out.push_back(std::move(body_[from]));
      if (!moved.contains(k)) out.push_back(std::move(body_[k]));
    }
    body_ = std::move(out);
  }

  Program& program_;
  Body& body_;
  std::map<std::string, size_t> candidates_;
  std::vector<Uses> touched_;
};

}  // namespace

void reuse_memory(Program& program, Body& body) { Reuse(program, body).run(); }

}  // namespace thalweg::lower
