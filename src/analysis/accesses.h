// Every read and write of a loop's or map's body, innermost subsets first: what dependence questions are asked about.
//
// Subsets are over the iteration variables, symbols fixed outside, and names of their own ("j@3") for what varies inside
// of an iteration: variables of inner loops and maps, and symbols whose value is not known. Those are listed with each
// access, with the conditions under which it happens.
#pragma once
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "ir/sdfg.h"

namespace thalweg::analysis {

// An inner loop or map parameter around an access.
struct Frame {
  std::string variable;      // of its own name
  int enter = 0, leave = 0;  // in the order of what one iteration runs
};

struct BodyAccess {
  std::string container;
  symbolic::Subset subset;
  bool placed = true;  // else any elements of the container, perhaps none
  bool exact = true;   // touches all of the subset whenever its conditions hold; else a part of it, perhaps nothing
  bool exact_in_turn = true;  // the same, in those turns of the innermost loop around it that take place
  bool write = false;
  bool ordered = true;  // `order` means something
  ir::Wcr wcr = ir::Wcr::none;
  int order = 0;
  std::vector<const Frame*> frames;        // around it, outermost first
  std::vector<std::string> unknowns;       // symbols in the subset or conditions whose value is not known
  std::vector<symbolic::Expr> conditions;  // bounds of the frames, branches taken
  const ir::Edge* edge = nullptr;          // null: a condition or assignment reads
  base::Location location;
  std::string text;  // as people see it: "a[i - 1]"
};

struct Body {
  std::vector<BodyAccess> accesses;
  std::deque<Frame> frames;             // owned
  std::map<std::string, size_t> depth;  // of unknowns: how many frames were around where the symbol got its value
  std::set<std::string> carried;        // symbols that an earlier iteration may have assigned
  std::set<std::string> assigned;       // symbols assigned inside
  std::string obstacle;                 // what forbids any other order: effects, pointers, jumps; empty if nothing does
  base::Location obstacle_at;
};

// The accesses of one iteration. The iteration variable of a loop keeps its name.
Body body_of(const ir::LoopRegion& loop);
// Those of a part of it: blocks [from, to) of the chain that the body is.
Body body_of(const ir::LoopRegion& loop, size_t from, size_t to);
Body body_of(const ir::State& state, const ir::MapEntry& entry);

}  // namespace thalweg::analysis
