// Does what arrives at a loop's head (or leaves the loop) fit the plan? If not, the plan is changed and the loop is
// built again.
#include <algorithm>

#include "frontend/builder.h"

namespace thalweg::frontend {

namespace {

// What a buffer of `made` is like: the entry's extents, as the container has its dimensions.
Array in_memory(Array entry, const Array& made) {
  const std::vector<Expr> shape = entry.shape;
  for (size_t c = 0; c < made.axes.size() && made.axes.size() == shape.size(); ++c)
    if (made.axes[c].dim >= 0) entry.shape[c] = shape[static_cast<size_t>(made.axes[c].dim)];
  return entry;
}

}  // namespace

Result<bool> Builder::settle_arrivals(LoopPlan& plan, LoopFrame& frame, const Scope& before, const Span& span) {
  TW_TRY(bool settled, settle_objects(plan, frame, before, span));
  if (!settled) return false;
  for (const auto& arrival : frame.arrivals) {
    for (const auto& name : plan.names) {
      const Value& value = arrival.at(name);
      if (value.as<Unbound>()) continue;
      bool fits = true;
      if (plan.arrays.count(name)) {
        TW_TRY(fits, settle_array(plan, frame, name, arrival, span));
      } else if (plan.scalars.count(name)) {
        TW_TRY(fits, settle_scalar(plan, name, value, span));
      } else if (auto entry = before.names.find(name); entry != before.names.end() && !entry->second.as<Unbound>()) {
        if (plan.objects.count(name)) continue;
        if (!same_value(value, entry->second))  // what is known when compiling only
          return error("TW1050", span,
                       "'" + name + "' is " + describe(entry->second) + " before an iteration and " + describe(value) +
                           " after it, which a loop carries only for arrays and numbers",
                       "use another name for one of them, and a name of its own for each item of a tuple");
      } else if (value.as<Computed>() &&
                 (holds_carried(frame, value) || !same_value(value, frame.arrivals.front().at(name)))) {
        plan.scalars[name] = *value.as<Computed>();  // first bound inside, in more than one way, or before it changes
        fits = false;
      } else if (holds_carried(frame, value)) {
        return error("TW1058", span, "'" + name + "' is read behind this loop and holds a number that the loop changes",
                     "bind the number to a name of its own");
      }
      settled &= fits;
    }
  }
  for (const auto& arrival : frame.returns)
    for (const auto& name : plan.names) {
      if (!is_field(name) || arrival.at(name).as<Unbound>()) continue;
      bool fits = true;
      if (plan.arrays.count(name)) {
        TW_TRY(fits, settle_array(plan, frame, name, arrival, span));
      } else if (plan.scalars.count(name)) {
        TW_TRY(fits, settle_scalar(plan, name, arrival.at(name), span));
      } else if (auto entry = before.names.find(name);
                 entry != before.names.end() && !same_value(arrival.at(name), entry->second)) {
        return error("TW1050", span,
                     "'" + name + "' is " + describe(entry->second) + " before an iteration and " +
                         describe(arrival.at(name)) +
                         " where it returns, which a loop carries only for arrays and numbers",
                     "return behind the loop");
      }
      settled &= fits;
    }
  if (!settled) return false;
  TW_TRY(settled, settle_others(plan, frame, span));
  if (!settled) return false;
  return settle_generations(plan, frame, span);
}

// Does the value, which was taken before the end of the turn, mean what the turn's end writes?
bool Builder::holds_carried(const LoopFrame& frame, const Value& value) const {
  return std::any_of(frame.homes.begin(), frame.homes.end(),
                     [&](const auto& home) { return mentions(value, home.second.container); });
}

Result<bool> Builder::settle_scalar(LoopPlan& plan, const std::string& name, const Value& value, const Span& span) {
  Computed& planned = plan.scalars[name];
  auto* found = value.as<Computed>();
  if (!found || !found->scalar())
    return error(
        "TW1050", span,
        "'" + name + "' is " + describe(Value(planned)) + " before an iteration and " + describe(value) + " after it",
        "use another name for one of them");
  // The entry's constant matters for exactness; later arrivals are compared by type.
  TW_TRY(Computed joined, join_type(name, planned, *found, span));
  const bool same = joined.dtype == planned.dtype && joined.mixed == planned.mixed;
  joined.tree = nullptr;
  if (!same) planned = joined;
  return same;
}

Result<bool> Builder::settle_array(LoopPlan& plan, LoopFrame& frame, const std::string& name,
                                   const std::map<std::string, Value>& arrival, const Span& span) {
  const Array& entry = plan.arrays[name];
  const Value& value = arrival.at(name);
  auto* found = value.as<Array>();
  if (!found || found->dtype != entry.dtype || found->rank() != entry.rank())
    return error(
        "TW1050", span,
        "'" + name + "' is " + describe(Value(entry)) + " before an iteration and " + describe(value) + " after it",
        "use another name for one of them");
  if (!(*found == entry))
    for (const Array* array : {found, &entry})
      TW_TRY_VOID(check_exchangeable(*array, "let '" + name + "' mean another array in the next iteration", span));
  if (!plan.targets.count(name)) {
    if (*found == entry) return true;
    plan.targets[name] = memory_of(entry.container);
    return false;
  }
  auto carried =
      std::find_if(frame.arrays.begin(), frame.arrays.end(), [&](const CarriedArray& c) { return c.name == name; });
  if (carried == frame.arrays.end()) return false;  // another arrival of this round has just planned it
  TW_TRY(const bool fits, settle_varying(plan, frame, *carried, *found, arrival, span));
  if (!fits) return false;
  if (goes_to_room(frame, *carried, *found)) return true;
  const bool made_here = frame.born.count(found->container) > 0;
  if (made_here && !plan.buffers.count(found->container)) {
    plan.buffers[found->container] = {2, in_memory(entry, *found)};
    return false;
  }
  bool known = true;
  for (const auto& memory : memory_of(found->container)) {
    const Array* handed_on = nullptr;
    for (const auto& arrived : frame.arrivals)
      for (const CarriedArray& other : frame.arrays)
        if (auto* bound = arrived.at(other.name).as<Array>(); bound && bound->container == memory) handed_on = bound;
    if (frame.born.count(memory) && handed_on) {
      plan.buffers.emplace(memory, LoopPlan::Buffer{2, in_memory(entry, *handed_on)});
      return false;
    }
    if (frame.born.count(memory))
      return error("TW1058", span, "'" + name + "' means one of several arrays that this loop makes, by the way taken",
                   "write into one array: " + name + "[:] = ...");
    known &= plan.targets[name].insert(memory).second == false;
  }
  return known;
}

// How many generations of an array made in the body may be alive at once, and do carried arrays stay apart?
Result<bool> Builder::settle_generations(LoopPlan& plan, LoopFrame& frame, const Span& span) {
  std::vector<const std::map<std::string, Value>*> ways;  // to the head: from before the loop, and around it
  std::map<std::string, Value> entry;
  for (const CarriedArray& carried : frame.arrays) entry[carried.name] = Value(plan.arrays.at(carried.name));
  ways.push_back(&entry);
  for (const auto& arrival : frame.arrivals) ways.push_back(&arrival);
  for (const auto* way : ways) {
    std::vector<const Array*> held;
    for (const CarriedArray& carried : frame.arrays) {
      auto* value = way->at(carried.name).as<Array>();
      if (!value) continue;
      auto meets_it = [&](const Array* other) { return share_memory(*other, *value); };
      if (plan.distinct && std::any_of(held.begin(), held.end(), meets_it)) {
        plan.distinct = false;
        return false;
      }
      held.push_back(value);
    }
  }
  for (auto& [made, buffer] : plan.buffers) {
    std::set<std::string> holders;  // names that may hold some generation
    for (bool grown = true; grown;) {
      grown = false;
      for (const auto& arrival : frame.arrivals)
        for (const CarriedArray& carried : frame.arrays) {
          auto* value = arrival.at(carried.name).as<Array>();
          if (!value) continue;
          bool holds = value->container == made;
          for (const CarriedArray& other : frame.arrays)
            holds |= value->container == other.reference && holders.count(other.name);
          if (holds) grown |= holders.insert(carried.name).second;
        }
    }
    const int needed = static_cast<int>(holders.size()) + 1;
    if (holders.size() > 1) {
      for (const auto& arrival : frame.arrivals)
        for (const CarriedArray& carried : frame.arrays)
          if (auto* value = arrival.at(carried.name).as<Array>();
              value && holders.count(carried.name) && value->container == carried.reference)
            return error("TW1058", span, "'" + carried.name + "' may keep an array of an earlier iteration for long",
                         "copy it: " + carried.name + "[:] = ...");
    }
    if (needed > buffer.generations) {
      buffer.generations = needed;
      return false;
    }
  }
  return true;
}

}  // namespace thalweg::frontend
