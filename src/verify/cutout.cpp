// The file: a line a fact, bytes in hexadecimal, then the text form of the graph.
#include "verify/cutout.h"

#include <sstream>

#include "ir/results.h"
#include "text/text.h"
#include "transforms/registry.h"

namespace thalweg::verify {

namespace {

constexpr const char* kHead = "thalweg cut-out 1";

std::string to_hex(const std::vector<std::byte>& bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (std::byte byte : bytes) {
    text += digits[std::to_integer<unsigned>(byte) >> 4];
    text += digits[std::to_integer<unsigned>(byte) & 15];
  }
  return text.empty() ? "-" : text;
}

std::optional<std::vector<std::byte>> from_hex(const std::string& text) {
  std::vector<std::byte> bytes;
  if (text == "-") return bytes;
  auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  for (size_t k = 0; k < text.size(); k += 2) {
    if (k + 1 == text.size() || digit(text[k]) < 0 || digit(text[k + 1]) < 0) return std::nullopt;
    bytes.push_back(static_cast<std::byte>(digit(text[k]) * 16 + digit(text[k + 1])));
  }
  return bytes;
}

base::Diagnostic unreadable(const std::string& why) {
  base::Diagnostic error;
  error.code = "TW2006";
  error.kind = base::ErrorKind::value;
  error.message = "this is no cut-out of verify mode: " + why;
  return error;
}

std::string rest_of(std::istringstream& line) {
  std::string text;
  std::getline(line >> std::ws, text);
  return text;
}

// One line before the graph; false if it makes no sense.
bool read_fact(const std::string& text, CutOut& out) {
  std::istringstream line(text);
  std::string word, name;
  line >> word;
  if (word == "transformation") return static_cast<bool>(line >> out.transformation);
  if (word == "place") return out.place = rest_of(line), true;
  if (word == "found") return out.what = rest_of(line), true;
  if (word == "symbol") return static_cast<bool>(line >> name >> out.inputs.symbols[name]);
  if (word == "block") {
    line >> name;
    auto bytes = from_hex(name);
    if (bytes) out.inputs.blocks.push_back(std::move(*bytes));
    return bytes.has_value();
  }
  if (word != "container") return false;
  Place place;
  if (!(line >> name >> place.block >> place.offset)) return false;
  out.inputs.places[name] = place;
  return true;
}

}  // namespace

std::string to_text(const CutOut& cutout) {
  std::string text = std::string(kHead) + "\ntransformation " + cutout.transformation + "\nplace " + cutout.place +
                     "\nfound " + cutout.what + "\n";
  for (const auto& [name, value] : cutout.inputs.symbols) text += "symbol " + name + " " + std::to_string(value) + "\n";
  for (const auto& block : cutout.inputs.blocks) text += "block " + to_hex(block) + "\n";
  for (const auto& [name, place] : cutout.inputs.places)
    text += "container " + name + " " + std::to_string(place.block) + " " + std::to_string(place.offset) + "\n";
  return text + "graph\n" + text::print(*cutout.graph, {.locations = true});
}

base::Result<CutOut> cutout_from_text(const std::string& text) {
  CutOut out;
  std::istringstream lines(text);
  std::string line;
  if (!std::getline(lines, line) || line != kHead)
    return unreadable("its first line is not '" + std::string(kHead) + "'");
  while (std::getline(lines, line) && line != "graph")
    if (!read_fact(line, out)) return unreadable("the line '" + line.substr(0, 60) + "'");
  std::string rest(std::istreambuf_iterator<char>(lines), {});
  TW_TRY(out.graph, text::parse(rest));
  for (const ir::Container* container : ir::given_containers(*out.graph)) {
    auto place = out.inputs.places.find(container->get().name);
    if (place == out.inputs.places.end() || place->second.block >= out.inputs.blocks.size())
      return unreadable("there are no values for '" + container->get().name + "'");
  }
  return out;
}

base::Result<std::optional<Guilty>> replay(const std::string& text) {
  TW_TRY(CutOut cutout, cutout_from_text(text));
  const rewrite::Transformation* transformation = transforms::find_transformation(cutout.transformation);
  if (!transformation) return unreadable("there is no transformation '" + cutout.transformation + "'");
  return first_guilty(*cutout.graph, *transformation, cutout.inputs);
}

}  // namespace thalweg::verify
