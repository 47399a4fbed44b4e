// First-in first-out channels of stream containers.
#pragma once
#include <deque>
#include <string>
#include <vector>

#include "interpret/scalar.h"

namespace thalweg::interpret {

struct Channel {
  std::deque<Scalar> queue;
  int64_t depth = 0;  // 0: unbounded
  bool full() const { return depth > 0 && static_cast<int64_t>(queue.size()) >= depth; }
};

// The channels of one stream container (one, or as many as its shape says).
struct Channels {
  std::string name;
  std::vector<Channel> channels;
};

}  // namespace thalweg::interpret
