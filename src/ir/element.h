// Identity and change of graph elements.
//
// An element is a cell that keeps one identity for life: a birth number (given by the first graph it enters; never an
// address), and an owner that may be none (built, not yet added; or removed) and may change (moved by fusion).
// Cells never move in memory; edits through old handles are seen by everyone.
//
// Fields of an element are plain structs described once (describe()); the only way to write one is Described::set, and
// the only ways to change structure are the add/remove/move functions of the owner. Both append to the edit log of the
// outermost graph, so that undo, journal and invalidation see every write, from passes and from user code alike.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/counted.h"
#include "base/location.h"

namespace thalweg::ir {

using base::make_ref;
using base::Ref;

class EditLog;

class Element : public base::Counted {
 public:
  // 0 while the element has never been part of a graph.
  uint64_t birth() const;
  Element* owner() const { return owner_; }
  // The log of the outermost graph that (transitively) owns this element, or null when free.
  EditLog* log() const;

  const base::Location& location() const { return location_; }
  void set_location(base::Location location);

 protected:
  friend class State;
  friend class ControlFlowRegion;
  friend class ConditionalBlock;
  friend class SDFG;
  friend class NestedSDFG;
  friend class Edge;
  template <class, class>
  friend class ScopeNode;
  // Takes the element into an owner (null: sets it free).
  void set_owner(Element* owner) { owner_ = owner; }
  virtual EditLog* own_log() const { return nullptr; }

 private:
  Element* owner_ = nullptr;
  mutable uint64_t birth_ = 0;  // given when it is first asked for inside a graph
  base::Location location_;
};

struct Edit {
  enum class Kind : uint8_t { set, add, remove } kind;
  Ref<const Element> subject;
  std::string field;           // for set: the field's name; else what was added or removed ("node", "edge" ...)
  std::function<void()> undo;  // puts back what was before
};

// Everything that was written to one graph, in order. Rolling back to a mark undoes what came after it.
class EditLog {
 public:
  explicit EditLog(const Element* owner) : owner_(owner) {}
  size_t mark() const { return edits_.size(); }
  void rollback(size_t mark);
  void record(Edit edit);
  // Forgets the undo information before now (the count of edits goes on).
  void forget();
  const std::vector<Edit>& edits() const { return edits_; }
  // Changes with every edit and every rollback: what analyses remember to know that they are stale.
  uint64_t version() const { return version_; }
  uint64_t next_birth() { return ++births_; }

 private:
  const Element* owner_;  // the graph; entries about itself hold no reference to it (that would be a cycle)
  std::vector<Edit> edits_;
  uint64_t version_ = 0, births_ = 0;
  bool undoing_ = false;
};

// One described field: its name and where it is in the struct.
template <class Struct, class T>
struct Field {
  std::string_view name;
  T Struct::* member;
};
template <class Struct, class T>
constexpr Field<Struct, T> field(std::string_view name, T Struct::* member) {
  return {name, member};
}

// Calls visit(name, value) for each described field of a struct that has `static constexpr auto describe()`.
template <class Struct, class Visitor>
void for_each_field(Struct& object, Visitor&& visit) {
  std::apply([&](auto... fields) { (visit(fields.name, object.*(fields.member)), ...); },
             std::remove_const_t<Struct>::describe());
}

// Mixin for an element with described fields: read with `->` style accessor get(), write with set<&Fields::x>(v).
template <class Fields, class Base>
class Described : public Base {
 public:
  using FieldsType = Fields;
  template <class... BaseArguments>
  explicit Described(Fields fields = {}, BaseArguments&&... base)
      : Base(std::forward<BaseArguments>(base)...), fields_(std::move(fields)) {}
  const Fields& get() const { return fields_; }
  const Fields* operator->() const { return &fields_; }

  template <auto Member, class Value>
  void set(Value&& value) {
    using T = std::remove_cvref_t<decltype(fields_.*Member)>;
    T old = std::exchange(fields_.*Member, T(std::forward<Value>(value)));
    record(name_of<Member>(), [this, old = std::move(old)]() mutable { std::swap(fields_.*Member, old); });
  }
  // Replaces all fields at once (one log entry).
  void assign(Fields fields) {
    Fields old = std::exchange(fields_, std::move(fields));
    record("*", [this, old = std::move(old)]() mutable { std::swap(fields_, old); });
  }

 private:
  template <auto Member>
  static std::string_view name_of() {
    std::string_view found;
    std::apply([&](auto... fields) { ((same(fields.member, Member) ? void(found = fields.name) : void()), ...); },
               Fields::describe());
    return found;
  }
  template <class A, class B>
  static constexpr bool same(A a, B b) {
    if constexpr (std::is_same_v<A, B>)
      return a == b;
    else
      return false;
  }
  void record(std::string_view name, std::function<void()> undo);

  Fields fields_;
};

template <class Fields, class Base>
void Described<Fields, Base>::record(std::string_view name, std::function<void()> undo) {
  if (EditLog* log = this->log())
    log->record({Edit::Kind::set, Ref<const Element>(this), std::string(name), std::move(undo)});
}

}  // namespace thalweg::ir
