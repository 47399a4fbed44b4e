// Pushing and popping: the only places where something waits for data.
#include "interpret/run.h"

namespace thalweg::interpret {

Task pop(Machine& machine, Channel& channel, std::string who, std::string stream, Scalar& into) {
  co_await machine.scheduler.wait([&] { return !channel.queue.empty(); },
                                  [&] { return who + " waits to pop from empty '" + stream + "'"; });
  into = channel.queue.front();
  channel.queue.pop_front();
  co_return machine.failed() ? Flow::stop : Flow::next;
}

Task push(Machine& machine, Channel& channel, std::string who, std::string stream, Scalar value) {
  co_await machine.scheduler.wait(
      [&] { return !channel.full(); },
      [&] { return who + " waits to push into full '" + stream + "' (depth " + std::to_string(channel.depth) + ")"; });
  channel.queue.push_back(value);
  co_return machine.failed() ? Flow::stop : Flow::next;
}

Channel* channel_of(Machine& machine, const Place& place, const std::string& name) {
  const Array& array = place.variable->array;
  if (!array.channels || !place.box.is_element()) {
    machine.failure.bug("a memlet of the stream '" + name + "' must name one channel");
    return nullptr;
  }
  auto at = locate(array, place.box.begin, name, machine.failure);
  auto& channels = array.channels->channels;
  if (!at) return nullptr;
  if (*at < 0 || *at >= static_cast<int64_t>(channels.size())) {
    machine.failure.bug("'" + name + "' names a channel outside '" + array.channels->name + "'");
    return nullptr;
  }
  return &channels[static_cast<size_t>(*at)];
}

}  // namespace thalweg::interpret
