// Memory is asked for on the ways that use it: what a branch alone touches is allocated there, and what is first touched
// after a `return` or a call back (so a `raise`) is allocated after it. On other ways the extents may mean nothing, or more
// than there is.
//
//   allocate t; if c: t = ..; .. = t       before
//   if c: allocate t; t = ..; .. = t       after
//
// Legal: each assignment to a symbol of a layout is followed by an Allocate of what has that layout, so that the last one
// before the first touch saw the values that hold there. Inside a loop a temporary keeps what it holds, because an Allocate
// of no more bytes keeps the memory; a result's does not, so it does not go into loops.
#include <algorithm>

#include "base/planted.h"
#include "lower/lowering.h"

namespace thalweg::lower {

namespace {

// A body on the way down from the root, and a statement of it. In a loop, all above that have a turn are crossed.
struct Step {
  Body* body;
  size_t at;
  bool loop = false;    // the body of a loop of more than one turn
  bool branch = false;  // one of the two of an If
};
using Path = std::vector<Step>;

struct Places {
  std::vector<Path> allocations, touches;
  bool fixed = false;  // shares memory with another one in turn, or belongs to an iteration of a map
};

class Finder {
 public:
  explicit Finder(const Program& program) : program_(program) {}

  std::map<std::string, Places> run(Body& root) {
    body(root, {&root, 0});
    for (const auto& result : program_.signature.results)
      if (auto at = found_.find(result.name); at != found_.end()) at->second.touches.push_back({{&root, root.size()}});
    return std::move(found_);
  }

 private:
  void body(Body& inside, Step step) {
    path_.push_back(step);
    for (path_.back().at = 0; path_.back().at < inside.size(); ++path_.back().at) statement(inside[path_.back().at]);
    path_.pop_back();
  }

  void statement(Statement& s) {
    if (auto* choice = std::get_if<If>(&s.node)) {
      condition(choice->condition);
      body(choice->then, {&choice->then, 0, false, true});
      body(choice->otherwise, {&choice->otherwise, 0, false, true});
    } else if (auto* loose = std::get_if<While>(&s.node); loose && (is_once(*loose) || !is_plain(s))) {
      if (loose->condition) condition(loose->condition);
      body(loose->body, {&loose->body, 0, !is_once(*loose)});
      body(loose->update, {&loose->update, 0, true});
    } else if (auto* loop = std::get_if<Loop>(&s.node); loop && loop->keep && !is_plain(s)) {
      body(loop->body, {&loop->body, 0, true});
    } else if (auto* allocate = std::get_if<Allocate>(&s.node)) {
      found_[allocate->buffer].allocations.push_back(path_);
      if (!allocate->takes.empty()) found_[allocate->buffer].fixed = found_[allocate->takes].fixed = true;
    } else {
      whole(s);
    }
  }

  // The one turn that a `return` leaves.
  static bool is_once(const While& loop) {
    return loop.test_last && !loop.poll && loop.condition->op == ir::code::Op::constant;
  }

  void condition(const Ptr& value) {
    each_leaf(value, [&](const ir::code::Expr& leaf) {
      if (leaf.op == ir::code::Op::element) found_[leaf.name].touches.push_back(path_);
    });
  }

  void whole(Statement& s) {
    Body one;
    one.push_back(std::move(s));
    Uses touched = uses(one, program_);
    s = std::move(one.front());
    for (const std::string& name : touched.buffers_allocated) found_[name].fixed = true;
    touched.buffers_read.merge(touched.buffers_written);
    for (const std::string& name : touched.buffers_read) found_[name].touches.push_back(path_);
  }

  const Program& program_;
  std::map<std::string, Places> found_;
  Path path_;
};

// How many bodies from the root down have all the touches: down to a branch, or to the root (the turn that a `return`
// leaves is one).
size_t depth_of(const std::vector<Path>& touches, bool into_loops) {
  const Path& first = touches.front();
  size_t depth = first.size();
  for (const Path& path : touches)
    for (size_t d = 0; d < depth; ++d)
      if (d == path.size() || path[d].body != first[d].body) depth = d;
  for (size_t d = 0; d < depth && !into_loops; ++d)
    if (first[d].loop) depth = d;
  while (first[depth - 1].loop) --depth;
  return depth;
}

// What others may see, or what ends the program without an error of its own, in statements of a body.
bool leaves(Body& body, size_t begin, size_t end) {
  bool found = false;
  auto visit = [&](Statement& s) {
    found |= std::holds_alternative<Jump>(s.node) || std::holds_alternative<Callback>(s.node);
  };
  for (size_t k = begin; k < end; ++k) {
    visit(body[k]);
    each_body(body[k], [&](Body& inner) { each_statement(inner, visit); });
  }
  return found;
}

struct Move {
  size_t depth;
  Step to;  // in front of this statement
  std::string buffer;
};

// Takes out the Allocates that name no buffer.
void sweep(Body& body) {
  std::erase_if(body, [](const Statement& s) {
    const auto* allocate = std::get_if<Allocate>(&s.node);
    return allocate && allocate->buffer.empty();
  });
  for (Statement& s : body) each_body(s, sweep);
}

}  // namespace

void place_memory(const Program& program, Body& root) {
  std::vector<Move> moves;
  std::vector<Statement*> gone;
  for (auto& [name, places] : Finder(program).run(root)) {
    auto buffer = program.buffers.find(name);
    if (buffer == program.buffers.end() || places.fixed || places.touches.empty()) continue;
    const Home home = buffer->second.home;
    if (home != Home::heap && home != Home::result) continue;
    const size_t depth = depth_of(places.touches, home == Home::heap);
    const Step to = places.touches.front()[depth - 1];
    // The Allocates that one in front of the first touch stands for, and whether that is another way than theirs.
    std::vector<const Path*> before;
    bool other_way = false;
    for (const Path& path : places.allocations) {
      const bool inside = path.size() >= depth && path[depth - 1].body == to.body;
      if (inside && path[depth - 1].at >= to.at) continue;
      before.push_back(&path);
      other_way |= !inside && to.branch;
    }
    if (before.empty()) continue;
    const Path& last = *before.back();
    const bool inside = last.size() >= depth && last[depth - 1].body == to.body;
    if (!other_way && !leaves(*to.body, inside ? last[depth - 1].at + 1 : 0, to.at)) continue;
    if (base::planted("lower.allocated_on_every_way")) continue;
    moves.push_back({depth, to, name});
    for (const Path* path : before) gone.push_back(&(*path->back().body)[path->back().at]);
  }
  for (Statement* allocate : gone) std::get<Allocate>(allocate->node).buffer.clear();
  // From the last and innermost on: the bodies and statements that are still to come stay where they are.
  std::stable_sort(moves.begin(), moves.end(), [](const Move& a, const Move& b) {
    return std::pair(a.depth, a.to.at) > std::pair(b.depth, b.to.at);
  });
  for (Move& move : moves)
    move.to.body->insert(move.to.body->begin() + static_cast<std::ptrdiff_t>(move.to.at),
                         Statement{Allocate{move.buffer, -1}});
  if (!gone.empty()) sweep(root);
}

}  // namespace thalweg::lower
