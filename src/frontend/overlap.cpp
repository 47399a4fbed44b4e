// Which containers may share memory, and when a computation may be written straight over what it reads.
#include <algorithm>
#include <functional>

#include "frontend/builder.h"

namespace thalweg::frontend {

// The containers whose memory a name of a container may mean: itself, what a view looks at, what a reference points to.
std::set<std::string> Builder::memory_of(const std::string& container) const {
  std::set<std::string> found, seen;
  std::function<void(const std::string&)> visit = [&](const std::string& name) {
    if (!seen.insert(name).second) return;
    if (auto view = views_.find(name); view != views_.end()) return visit(view->second.container);
    // A buffer of a loop inside this one may not have been made yet: it is memory of its own.
    const ir::ContainerFields* fields = find_fields(name);
    if (fields && (fields->kind == ir::ContainerKind::reference || !fields->targets.empty()))
      for (const auto& target : fields->targets) visit(target);
    else
      found.insert(name);
  };
  visit(container);
  return found;
}

bool Builder::may_overlap(const std::string& a, const std::string& b) const {
  if (a == b) return true;
  const ir::ContainerFields &first = fields_of(a), &second = fields_of(b);
  auto lists = [](const ir::ContainerFields& fields, const std::string& name) {
    return std::find(fields.distinct.begin(), fields.distinct.end(), name) != fields.distinct.end();
  };
  if (lists(first, b) || lists(second, a)) return false;
  auto aliases = [&](const std::string& name) {
    const ir::ContainerFields* fields = find_fields(name);
    return fields && fields->may_alias;
  };
  for (const auto& x : memory_of(a))
    for (const auto& y : memory_of(b))
      if (x == y || (aliases(x) && aliases(y))) return true;
  return false;
}

// May an element of one array be an element of the other?
bool Builder::share_memory(const Array& a, const Array& b) const {
  if (a.container != b.container) return may_overlap(a.container, b.container);
  return symbolic::intersects(subset_of(a), subset_of(b), facts_) != symbolic::Truth::no;
}

// The same, but for arrays that lie over one another element by element.
bool Builder::meets(const Array& read, const Array& target) const {
  if (read.container == target.container && read.axes == target.axes && read.shape == target.shape) return false;
  return share_memory(read, target);
}

namespace {

void leaves_of(const code::Expr& tree, std::vector<const code::Expr*>& into) {
  if (tree.op == code::Op::input || tree.op == code::Op::element) into.push_back(&tree);
  for (const auto& argument : tree.args) leaves_of(*argument, into);
}

}  // namespace

bool Builder::safe_in_place(const Computed& value, const Array& target) {
  if (target.rank() == 0) return true;  // one tasklet: reads all, then writes
  std::vector<const code::Expr*> leaves;
  leaves_of(*value.tree, leaves);
  for (const auto& check : value.checks) leaves_of(*check.condition, leaves);
  for (const code::Expr* leaf : leaves) {
    if (leaf->name[0] != '$') {
      if (may_overlap(leaf->name, target.container)) return false;
      continue;
    }
    const Array& read = reads_[std::stoul(leaf->name.substr(1))];
    if (!may_overlap(read.container, target.container)) continue;
    if (read.container != target.container) return false;
    if (leaf->op == code::Op::input && read.axes == target.axes && read.shape == target.shape) continue;
    if (symbolic::intersects(subset_of(read), subset_of(target), facts_) != symbolic::Truth::no) return false;
  }
  return true;
}

// Would this value change if the scalar container did?
bool Builder::mentions(const Value& value, const std::string& container) const {
  if (auto* maybe = value.as<MaybeUnbound>()) return mentions(*maybe->value, container);
  if (auto* computed = value.as<Computed>()) return reads_container(*computed, container);
  if (auto* parts = parts_of(value))
    return std::any_of(parts->begin(), parts->end(), [&](const Value& item) { return mentions(item, container); });
  if (auto* slice = value.as<SliceValue>())
    for (const auto& part : {slice->lower, slice->upper, slice->step})
      if (part && mentions(*part, container)) return true;
  return false;
}

bool Builder::reads_container(const Computed& value, const std::string& container) const {
  std::vector<const code::Expr*> leaves;
  if (value.tree) leaves_of(*value.tree, leaves);
  for (const code::Expr* leaf : leaves) {
    const std::string& name = leaf->name[0] == '$' ? reads_[std::stoul(leaf->name.substr(1))].container : leaf->name;
    if (name == container) return true;
  }
  return false;
}

}  // namespace thalweg::frontend
