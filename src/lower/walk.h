// Walks over loop IR: every expression, every nested body, what a body reads and writes, renaming.
#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>

#include "base/match.h"
#include "lower/loop_ir.h"

namespace thalweg::lower {

// Calls back for each scalar expression / index expression / body directly inside a statement (not in nested bodies).
void each_expression(Statement& statement, const std::function<void(Ptr&)>& visit);
void each_index(Statement& statement, const std::function<void(symbolic::Expr&)>& visit);
void each_body(Statement& statement, const std::function<void(Body&)>& visit);
// The statement and all below it, outside in.
void each_statement(Body& body, const std::function<void(Statement&)>& visit);

// Calls back for each leaf of an expression tree: input, element (before its arguments), symbol.
void each_leaf(const Ptr& expression, const std::function<void(const ir::code::Expr&)>& visit);
// Rebuilds a tree: `change` returns a replacement for a node whose arguments are already done, or null to keep it.
Ptr rewrite(const Ptr& expression, const std::function<Ptr(const Ptr&)>& change);

struct Uses {
  std::set<std::string> read, written;  // variables
  std::set<std::string> declared;       // variables and stack buffers declared inside; loop variables
  std::set<std::string> buffers_read, buffers_written, buffers_allocated, pointers_set;
  bool stops = false;  // may raise or be interrupted
  bool context = false;
};
// What the statements touch, with everything that buffer layouts of touched buffers mention (strides, offsets).
Uses uses(const Body& body, const Program& program);
void add_layout_symbols(const Buffer& buffer, bool shape, std::set<std::string>& into);

// Variables of the loops and reductions of a body.
std::set<std::string> loop_variables(const Body& body);
// `base`, or base_1 ...: a name that is neither taken nor a variable or buffer of the program.
std::string fresh_name(const Program& program, const std::set<std::string>& taken, const std::string& base);

// A map loop and those that are the whole body of the one before, outermost first.
std::vector<Loop*> chain_of(Loop& loop);
// No range of a chain depends on another's variable.
bool independent_ranges(const std::vector<Loop*>& chain);
// The loops change places; their bodies stay.
void swap_headers(Loop& a, Loop& b);

// One access to an element of a buffer.
struct Access {
  std::string buffer;
  const std::vector<Ptr>* index;
  bool write, conflict;
};
void each_access(const Body& body, const std::function<void(const Access&)>& visit);

// Replaces symbols everywhere below (loop variables of other loops are left alone).
void substitute(Body& body, const symbolic::Substitution& by);
// The same in the layouts of the buffers that it touches: what mentions a loop's variable is made inside that loop.
void substitute_layouts(Program& program, const Body& body, const symbolic::Substitution& by);
// Replaces variables read as scalars and index symbols by name.
void rename_variable(Body& body, const std::string& from, const std::string& to);

// An index leaf, and the index expression of one (nothing for computed indices).
Ptr index_of(const symbolic::Expr& expr);
const symbolic::Expr* plain_index(const Ptr& index);

// Buffer element (index) as one offset from its pointer.
Ptr linear_index(const Buffer& buffer, const std::vector<Ptr>& index);

}  // namespace thalweg::lower
