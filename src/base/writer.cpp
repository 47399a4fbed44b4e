#include "base/writer.h"

namespace thalweg::base {

Writer& Writer::line(std::string_view text) {
  if (!text.empty()) text_.append(static_cast<size_t>(depth_ * width_), ' ').append(text);
  text_ += '\n';
  return *this;
}

void Writer::open(std::string_view text) {
  line(text);
  ++depth_;
}

void Writer::close(std::string_view text) {
  --depth_;
  line(text);
}

}  // namespace thalweg::base
