#include "transforms/unordered.h"

#include <algorithm>
#include <map>
#include <set>

#include "analysis/symbols.h"
#include "ir/scopes.h"
#include "transforms/carries.h"
#include "transforms/overlap.h"
#include "transforms/reach.h"

namespace thalweg::transforms {

using namespace ir;
using symbolic::Subset;

namespace {

struct Touch {
  std::string container;
  std::optional<Subset> subset;  // none: any elements
  bool writes = false;
  Wcr wcr = Wcr::none;
};

// What happens at one time as its surroundings see it: a tasklet, a whole scope, the copies into an access node.
struct Operation {
  const Node *begin, *end;
  std::vector<Touch> touches;
};

bool sets_pointer(const Edge& edge) {
  return edge.target_connector() == "set" || edge.target_connector() == "views" || edge.source_connector() == "views";
}

// Which containers may share memory. A view shares what the edges that make it one lead to.
class Memory {
 public:
  explicit Memory(SDFG& graph) : overlap_(graph) {
    for (State* state : all_states(graph))
      for (const auto& edge : state->edges()) {
        const bool reads = edge->target_connector() == "views";
        if (!reads && edge->source_connector() != "views") continue;
        auto* view = as<AccessNode>(reads ? &edge->target() : &edge->source());
        auto* base = as<AccessNode>(reads ? &edge->source() : &edge->target());
        const std::string& data = base ? base->get().data : edge->memlet()->data;
        if (view && view->get().data != data) bases_[view->get().data].insert(data);
      }
  }
  bool meet(const std::string& a, const std::string& b) const {
    for (const std::string& x : roots(a))
      for (const std::string& y : roots(b))
        if (overlap_(x, y)) return true;
    return false;
  }

 private:
  // Itself, or what views lead to in the end.
  std::set<std::string> roots(const std::string& name) const {
    std::set<std::string> found, seen;
    std::vector<std::string> work{name};
    while (!work.empty()) {
      const std::string one = work.back();
      work.pop_back();
      if (!seen.insert(one).second) continue;
      auto at = bases_.find(one);
      if (at == bases_.end())
        found.insert(one);
      else
        work.insert(work.end(), at->second.begin(), at->second.end());
    }
    return found;
  }

  const Overlap overlap_;
  std::map<std::string, std::set<std::string>> bases_;
};

class Looker {
 public:
  Looker(const SDFG& graph, const State& state, const Memory& memory, std::vector<std::string>& found)
      : graph_(graph), state_(state), memory_(memory), scopes_(state), found_(found) {}

  void run() { look_into(nullptr); }

 private:
  void look_into(const Node* scope) {
    std::vector<Operation> operations;
    for (const Node* node : scopes_.children(scope)) {
      if (is_exit(*node)) continue;
      operations.push_back({node, is_entry(*node) ? scopes_.exit(*node) : node, {}});
      collect(operations.back());
      if (is_entry(*node)) look_into(node);
    }
    const symbolic::Facts facts = analysis::facts_in(state_, scopes_, scope);
    for (size_t x = 0; x < operations.size(); ++x)
      for (size_t y = x + 1; y < operations.size(); ++y) compare(operations[x], operations[y], facts);
  }

  // Reads where data arrives, writes where it leaves; a copy belongs to the access node that it goes to.
  void collect(Operation& operation) const {
    for (const Edge* edge : operation.begin->in_edges()) {
      if (!carries(edge) || sets_pointer(*edge)) continue;
      if (as<AccessNode>(const_cast<Node*>(operation.begin))) {
        if (as<AccessNode>(&edge->source())) copy(operation, *edge);
      } else {
        add(operation, *edge, as<AccessNode>(&edge->source()), false);
      }
    }
    if (as<AccessNode>(const_cast<Node*>(operation.begin))) return;
    for (const Edge* edge : operation.end->out_edges())
      if (carries(edge)) add(operation, *edge, as<AccessNode>(&edge->target()), true);
  }

  void copy(Operation& operation, const Edge& edge) const {
    const CopySubsets subsets = copy_subsets(graph_, edge);
    const auto data = [](Node& node) { return as<AccessNode>(&node)->get().data; };
    operation.touches.push_back({data(edge.source()), subsets.source});
    operation.touches.push_back({data(edge.target()), subsets.target, true, edge.memlet()->wcr});
  }

  void add(Operation& operation, const Edge& edge, const AccessNode* access, bool writes) const {
    const MemletFields& memlet = edge.memlet().get();
    Touch touch{memlet.data, memlet.subset, writes, memlet.wcr};
    if (access && access->get().data != memlet.data) {
      touch.container = access->get().data;
      touch.subset = memlet.other_subset;
    }
    const Container* container = graph_.find(touch.container);
    if (container && container->get().kind != ContainerKind::stream) operation.touches.push_back(std::move(touch));
  }

  void compare(const Operation& x, const Operation& y, const symbolic::Facts& facts) {
    for (const Touch& a : x.touches)
      for (const Touch& b : y.touches) {
        if (!a.writes && !b.writes) continue;
        if (a.writes && b.writes && a.wcr != Wcr::none && a.wcr == b.wcr) continue;
        if (!memory_.meet(a.container, b.container)) continue;
        if (a.container == b.container && a.subset && b.subset &&
            symbolic::intersects(*a.subset, *b.subset, facts) == symbolic::Truth::no)
          continue;
        if (reaches(*x.end, *y.begin) || reaches(*y.end, *x.begin)) return;
        found_.push_back(a.container + (a.container == b.container ? "" : ", which may be " + b.container) + ": " +
                         x.begin->label() + (a.writes ? " writes and " : " reads and ") + y.begin->label() +
                         (b.writes ? " writes" : " reads") + " in state " + state_.label());
        return;
      }
  }

  const SDFG& graph_;
  const State& state_;
  const Memory& memory_;
  const Scopes scopes_;
  std::vector<std::string>& found_;
};

}  // namespace

std::vector<std::string> unordered_accesses(const SDFG& graph) {
  std::vector<std::string> found;
  for (SDFG* one : all_sdfgs(const_cast<SDFG&>(graph))) {
    const Memory memory(*one);
    for (State* state : all_states(*one)) Looker(*one, *state, memory, found).run();
  }
  return found;
}

}  // namespace thalweg::transforms
