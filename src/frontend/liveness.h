// Which names a function reads after each statement, by its text alone: what loops must carry and branches must join.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "syntax/ast.h"

namespace thalweg::frontend {

using NameSet = std::set<std::string>;

class Liveness {
 public:
  Liveness() = default;
  explicit Liveness(const std::vector<syntax::StmtPtr>& body, const NameSet& after = {});
  // Names whose value may be read after this statement (for a loop: after it has ended).
  const NameSet& after(const syntax::Stmt& statement) const { return after_.at(&statement); }
  // Names whose value may be read at the head of this loop (by its condition, its body or what follows).
  const NameSet& at_head(const syntax::Stmt& loop) const { return head_.at(&loop); }

 private:
  struct Targets {
    NameSet after_loop, next_iteration;
  };
  void find_captures(const std::vector<syntax::StmtPtr>& body);
  void holds(const NameSet& bound, const syntax::Expr& value);
  NameSet block(const std::vector<syntax::StmtPtr>& body, NameSet live);
  void behind(const syntax::Stmt& statement, const std::vector<syntax::StmtPtr>& orelse, NameSet& live);
  NameSet statement(const syntax::Stmt& statement, NameSet live);
  NameSet loop(const syntax::Stmt& statement, const std::vector<syntax::StmtPtr>& body, const NameSet& used,
               const NameSet& bound, const NameSet& after);
  std::map<const syntax::Stmt*, NameSet> after_, head_;
  std::vector<Targets> loops_;
  // A name that may be bound to a function of this body: what that function reads here when it is called.
  std::map<std::string, NameSet> captures_;
};

// Names that these statements bind (assignment, augmented assignment, loop targets), in any branch.
NameSet assigned_names(const std::vector<syntax::StmtPtr>& body);
NameSet target_names(const syntax::Expr& target);
NameSet walrus_names(const syntax::Expr& expr);  // bound by := somewhere inside
void collect_reads(const syntax::Expr& expr, NameSet& into);
// Names that a function inside another one takes from around it.
NameSet free_names(const syntax::Function& function);
// Does every way through these statements end in return, break or continue?
bool always_leaves(const std::vector<syntax::StmtPtr>& body);
bool contains_return(const std::vector<syntax::StmtPtr>& body);
// Does it leave the loop that it is the body of by break?
bool contains_break(const std::vector<syntax::StmtPtr>& body);

}  // namespace thalweg::frontend
