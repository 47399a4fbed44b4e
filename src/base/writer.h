// A text buffer that indents: the one way every printer in the house writes lines.
#pragma once
#include <string>
#include <string_view>

namespace thalweg::base {

class Writer {
 public:
  explicit Writer(int indent_width = 2) : width_(indent_width) {}
  // Writes one whole line at the current indentation; an empty line carries no blanks.
  Writer& line(std::string_view text = "");
  // "text {" ... "}" : opens and closes a block.
  void open(std::string_view text);
  void close(std::string_view text = "}");
  void indent() { ++depth_; }
  void dedent() { --depth_; }
  // A scope guard: `auto block = writer.block("for (...) {");`
  struct Block {
    Writer* writer;
    std::string end;
    ~Block() { writer->close(end); }
  };
  [[nodiscard]] Block block(std::string_view text, std::string end = "}") {
    open(text);
    return {this, std::move(end)};
  }
  const std::string& str() const { return text_; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  int width_, depth_ = 0;
};

}  // namespace thalweg::base
