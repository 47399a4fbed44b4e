// Arrays that a loop carries and whose size or stride changes from turn to turn. What changes is a symbol that each turn
// assigns last. An array that the body makes is copied to memory of the name's own, of as many elements (its room):
// what the next turn makes comes to lie where this one's was.
#include <algorithm>

#include "frontend/builder.h"

namespace thalweg::frontend {

LoopPlan::Varying& LoopPlan::varying_of(const std::string& name, size_t rank) {
  Varying& found = varying[name];
  found.sizes.resize(rank);
  found.strides.resize(rank);
  return found;
}

// Before the loop: symbols for what changes, which are the entry's so far, and room.
Status Builder::vary(const LoopPlan& plan, LoopFrame& frame, CarriedArray& carried, const Span& span) {
  auto found = plan.varying.find(carried.name);
  if (found == plan.varying.end()) return base::success();
  const LoopPlan::Varying& varying = found->second;
  SymbolBounds bounds;
  bounds.low = 0;
  auto symbol = [&](Expr& value, const std::string& base, const SymbolBounds& limits) {
    const std::string name = assign_symbol(base, code::symbol(value), limits, dtypes::int64);
    value = Expr::symbol(name);
    frame.varying.insert(name);
  };
  for (size_t d = 0; d < carried.like.rank(); ++d) {
    if (varying.sizes[d]) symbol(carried.like.shape[d], carried.name + "_size", bounds);
    if (varying.strides[d]) symbol(carried.strides[d], carried.name + "_stride", {});
  }
  if (!varying.made) return base::success();
  bounds.at_run_time = true;
  for (size_t d = 0; d < carried.like.rank(); ++d) {
    const std::string size = fresh(carried.name + "_room_size");
    declare_symbol(size, dtypes::int64, bounds);
    initial_.emplace_back(size, code::constant(int64_t{0}, dtypes::int64));
    carried.room_shape.push_back(Expr::symbol(size));
  }
  // Not an array "made inside" the loops around: what was there is lost when this loop runs again.
  carried.room = fresh(carried.name + "_room");
  cursor_.sdfg->add_array(carried.room, carried.like.dtype, carried.room_shape, true);
  return check_other_holders(plan, frame, carried.room, span);
}

// Does this turn copy the value to the name's room?
bool Builder::goes_to_room(const LoopFrame& frame, const CarriedArray& carried, const Array& value) const {
  return !carried.room.empty() && made_inside(frame, value);
}

// Is one of the extents among what each turn of the loop changes?
bool Builder::varies(const LoopFrame& frame, const std::vector<Expr>& shape) const {
  std::set<std::string> used;
  for (const Expr& extent : shape) symbolic::collect_symbols(extent, used);
  return std::any_of(used.begin(), used.end(), [&](const auto& name) { return frame.varying.count(name) > 0; });
}

bool Builder::made_inside(const LoopFrame& frame, const Array& value) const {
  const auto memory = memory_of(value.container);
  return std::any_of(memory.begin(), memory.end(), [&](const auto& each) { return frame.born.count(each) > 0; });
}

// Rooms := what this turn has made. Nothing is read from a room that is given another size here.
Status Builder::commit_rooms(LoopFrame& frame, const std::map<std::string, Value>& values, const Span& span) {
  std::vector<std::pair<Array, Array>> copies;
  Assignments sizes;
  for (const CarriedArray& carried : frame.arrays) {
    auto* value = values.at(carried.name).as<Array>();
    if (!value || !goes_to_room(frame, carried, *value)) continue;
    for (size_t d = 0; d < value->rank(); ++d)
      sizes.emplace_back(carried.room_shape[d].name(), code::symbol(value->shape[d]));
    Array made = *value;
    made.shape = carried.room_shape;  // of as many elements
    copies.emplace_back(std::move(made), whole_array(carried.room, value->dtype, carried.room_shape));
  }
  assign_together(std::move(sizes));
  for (const auto& [value, room] : copies) TW_TRY_VOID(emit_copy(value, room, span));
  return base::success();
}

// What changes := what it is at the end of this turn, all at once.
void Builder::commit_extents(LoopFrame& frame, const std::map<std::string, Value>& values) {
  Assignments assigned;
  auto assign = [&](const Expr& symbol, const Expr& value) {
    if (symbol.is_symbol() && frame.varying.count(symbol.name()) && symbol != value)
      assigned.emplace_back(symbol.name(), code::symbol(value));
  };
  for (const CarriedArray& carried : frame.arrays) {
    auto* value = values.at(carried.name).as<Array>();
    if (!value || value->rank() != carried.like.rank()) continue;
    const std::vector<Expr> strides = strides_behind(frame, carried, *value);
    for (size_t d = 0; d < value->rank(); ++d) {
      assign(carried.like.shape[d], value->shape[d]);
      assign(carried.strides[d], strides[d]);
    }
  }
  assign_together(std::move(assigned));
}

std::vector<Expr> Builder::strides_behind(const LoopFrame& frame, const CarriedArray& carried,
                                          const Array& value) const {
  return goes_to_room(frame, carried, value) ? ir::contiguous_strides(value.shape) : strides_of(value);
}

// Do the dimensions lie in memory as those of the array that the name means at the entry?
Result<bool> Builder::settle_order(LoopPlan& plan, const LoopFrame& frame, const CarriedArray& carried,
                                   const Array& value, const Span& span) {
  const std::vector<size_t>& planned = orders_.at(carried.reference);
  if (planned.empty()) return true;
  const auto order = order_of_copies({value}, span);
  const bool in_rows = order && std::is_sorted(order->begin(), order->end());
  if (goes_to_room(frame, carried, value) && !in_rows)  // which has rows
    return error("TW1058", span, "the dimensions of '" + carried.name + "' change places in memory from turn to turn",
                 "copy it: " + carried.name + " = " + carried.name + ".copy()");
  if (order && *order == planned) return true;
  plan.unordered.insert(carried.name);
  return false;
}

// Has the plan what arrives here? If not, it is changed, and the loop is built again.
Result<bool> Builder::settle_varying(LoopPlan& plan, const LoopFrame& frame, const CarriedArray& carried,
                                     const Array& value, const std::map<std::string, Value>& arrival,
                                     const Span& span) {
  const std::string& name = carried.name;
  const auto planned = plan.varying.find(name);
  bool sized = planned != plan.varying.end() &&
               std::any_of(planned->second.sizes.begin(), planned->second.sizes.end(), [](bool each) { return each; });
  bool fits = true;
  for (size_t d = 0; d < value.rank(); ++d) {
    if (planned != plan.varying.end() && planned->second.sizes[d]) continue;
    if (equal_extents(value.shape[d], carried.like.shape[d], span)) continue;
    plan.varying_of(name, value.rank()).sizes[d] = sized = true;
    fits = false;
  }
  if (!fits) {  // arrays of one size wait for their turn in buffers of that size
    const Array& entry = plan.arrays[name];
    std::erase_if(plan.buffers, [&](const auto& each) {
      const bool its_own = each.second.like.container == entry.container;
      const auto built = frame.buffers.find(each.first);
      if (its_own && built != frame.buffers.end())
        for (auto& [carried_name, memory] : plan.targets) memory.erase(built->second);
      return its_own;
    });
    return false;
  }
  const auto memory = memory_of(value.container);
  auto born = [&](const std::string& each) { return frame.born.count(each) > 0; };
  const bool made = std::any_of(memory.begin(), memory.end(), born);
  auto overwritten = [&](const CarriedArray& other) {  // by this turn's end
    auto* next = arrival.at(other.name).as<Array>();
    return next && memory.count(other.room) && goes_to_room(frame, other, *next);
  };
  auto refused = [&] {
    return error("TW1058", span,
                 "'" + name + "', whose size this loop changes, may share memory with another array at its end",
                 "copy it: " + name + " = " + name + ".copy()");
  };
  if (std::any_of(frame.arrays.begin(), frame.arrays.end(), overwritten)) return refused();
  auto whole = [&] {  // then it may wait in a buffer of its own shape
    if (!born(value.container) || value.axes.size() != value.rank()) return false;
    const std::vector<Expr>& shape = fields_of(value.container).shape;
    for (size_t c = 0; c < shape.size(); ++c) {
      const int d = value.axes[c].dim;
      if (d < 0 || !same(shape[c], carried.like.shape[static_cast<size_t>(d)])) return false;
    }
    return true;
  };
  TW_TRY(const bool ordered, settle_order(plan, frame, carried, value, span));
  if (!ordered) return false;
  if (made && (sized || !whole())) {
    auto shared = [&](const CarriedArray& other) {
      auto* held = arrival.at(other.name).as<Array>();
      if (other.name == name || !held) return false;
      const auto others = memory_of(held->container);
      return std::any_of(memory.begin(), memory.end(), [&](const auto& each) { return others.count(each) > 0; });
    };
    if (std::all_of(memory.begin(), memory.end(), born) &&
        std::none_of(frame.arrays.begin(), frame.arrays.end(), shared)) {
      LoopPlan::Varying& varying = plan.varying_of(name, value.rank());
      if (!std::exchange(varying.made, true)) return false;
    } else if (sized) {
      return refused();
    }
  }
  const std::vector<Expr> strides = strides_behind(frame, carried, value);
  for (size_t d = 0; d < value.rank(); ++d) {
    if (strides[d] == carried.strides[d]) continue;
    LoopPlan::Varying& varying = plan.varying_of(name, value.rank());
    if (!varying.strides[d]) fits = false;
    varying.strides[d] = true;
  }
  return fits;
}

// A name that is first bound inside keeps what this turn gives it: nothing that is said in terms of what changes, and no
// carried array that another one takes the place of.
Result<bool> Builder::settle_others(LoopPlan& plan, const LoopFrame& frame, const Span& span) {
  for (const auto& arrival : frame.arrivals)
    for (const auto& [name, value] : arrival) {
      const bool carried = std::any_of(frame.arrays.begin(), frame.arrays.end(),
                                       [&](const CarriedArray& each) { return each.name == name; });
      if (carried || plan.scalars.count(name)) continue;
      if (loses_array(frame, arrival, value))
        return error(
            "TW1058", span,
            "'" + name + "' is read behind this loop and means an array that '" + name + "' alone still has then",
            "bind '" + name + "' to an array before the loop, too");
      if (std::none_of(frame.varying.begin(), frame.varying.end(),
                       [&](const std::string& symbol) { return mentions_symbol(value, symbol); }))
        continue;
      auto* number = value.as<Computed>();
      if (!number || !number->scalar())
        return error("TW1051", span,
                     "'" + name + "' has the size of an array that this loop changes, and is read behind it",
                     "bind '" + name + "' to an array before the loop, too");
      plan.scalars[name] = *number;
      return false;
    }
  return true;
}

// Is it, or does it hold, (a part of) a carried array whose name means another one from here on?
bool Builder::loses_array(const LoopFrame& frame, const std::map<std::string, Value>& arrival,
                          const Value& value) const {
  auto held = [&](const Value& part) { return loses_array(frame, arrival, part); };
  if (auto* parts = parts_of(value)) return std::any_of(parts->begin(), parts->end(), held);
  if (auto* maybe = value.as<MaybeUnbound>()) return held(*maybe->value);
  if (auto* method = value.as<Method>()) return held(*method->object);
  auto* array = value.as<Array>();
  if (!array) return false;
  std::string base = array->container;
  for (auto viewed = views_.find(base); viewed != views_.end(); viewed = views_.find(base))
    base = viewed->second.container;
  return std::any_of(frame.arrays.begin(), frame.arrays.end(), [&](const CarriedArray& carried) {
    if (carried.reference != base) return false;
    auto* next = arrival.at(carried.name).as<Array>();
    return !next || !(*next == whole_array(base, carried.like.dtype, carried.like.shape));
  });
}

}  // namespace thalweg::frontend
