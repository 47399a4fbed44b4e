#include "driver/explain_parts.h"

#include <cctype>

#include "transforms/registry.h"

namespace thalweg::driver {

std::vector<Declined> reasons_against(const std::string& transformation, ir::SDFG& graph) {
  std::vector<Declined> found;
  const rewrite::Transformation* one = transforms::find_transformation(transformation);
  if (!one) return found;
  for (ir::SDFG* sdfg : ir::all_sdfgs(graph))
    for (const rewrite::Candidate& candidate : one->candidates(*sdfg))
      if (!candidate.declined.empty()) found.emplace_back(candidate.location, candidate.declined);
  return found;
}

std::vector<int> lines_in(const std::string& text) {
  std::vector<int> found;
  for (size_t at = text.find("line"); at != std::string::npos; at = text.find("line", at)) {
    at += 4;
    if (at < text.size() && text[at] == 's') ++at;
    // "line 3", "lines 3, 4 and 5"
    while (at < text.size()) {
      if (std::isdigit(static_cast<unsigned char>(text[at]))) {
        int number = 0;
        while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) && number < 10'000'000)
          number = number * 10 + (text[at++] - '0');
        found.push_back(number);
      } else if (text[at] == ' ' || text[at] == ',') {
        ++at;
      } else if (text.compare(at, 4, "and ") == 0) {
        at += 4;
      } else {
        break;
      }
    }
  }
  return found;
}

std::string json_text(const std::string& text) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out = "\"";
  for (char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (code < 0x20) {
      out += std::string("\\u00") + digits[code >> 4] + digits[code & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

namespace {

template <class List, class Print>
std::string json_list(const List& list, Print print) {
  std::string out = "[";
  for (const auto& item : list) out += (out.size() > 1 ? ", " : "") + print(item);
  return out + "]";
}

std::string json_numbers(const std::vector<int>& list) {
  return json_list(list, [](int number) { return std::to_string(number); });
}

std::string json_bool(bool value) { return value ? "true" : "false"; }

std::string json_guard(const Guard& guard) {
  return "{\"condition\": " + json_text(symbolic::to_string(guard.condition)) +
         ", \"file\": " + json_text(guard.span.file ? *guard.span.file : "") +
         ", \"line\": " + std::to_string(guard.span.line) + ", \"reason\": " + json_text(guard.reason) + "}";
}

std::string json_nest(const NestReport& nest) {
  return "{\"file\": " + json_text(nest.file) + ", \"line\": " + std::to_string(nest.line) +
         ", \"end_line\": " + std::to_string(nest.end_line) + ", \"kind\": " + json_text(nest.kind) +
         ", \"variable\": " + json_text(nest.variable) + ", \"verdict\": " + json_text(nest.verdict) +
         ", \"vectorised\": " + json_bool(nest.vectorised) + ", \"tiled\": " + json_bool(nest.tiled) +
         ", \"fused_with\": " + json_numbers(nest.fused_with) + ", \"reason\": " + json_text(nest.reason) +
         ", \"lines\": " + json_numbers(nest.lines) +
         ", \"transformations\": " + json_list(nest.transformations, json_text) + "}";
}

}  // namespace

base::Result<std::string> explain_json(const Build& build) {
  TW_TRY(std::vector<NestReport> nests, explain_nests(build));
  return "{\"why\": " + json_text(build.why) + ", \"general\": " + json_bool(build.general) +
         ", \"guards\": " + json_list(build.guards, json_guard) + ", \"nests\": " + json_list(nests, json_nest) + "}";
}

}  // namespace thalweg::driver
