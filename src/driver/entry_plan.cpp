// EntryPlan to text and back: what the disk cache keeps beside the code.
#include "driver/entry_plan.h"

#include <nlohmann/json.hpp>

namespace thalweg::driver {

using nlohmann::json;

namespace {

json span_to_json(const base::Span& span) {
  json out = {{"file", span.file ? *span.file : ""}, {"at", {span.line, span.column, span.end_line, span.end_column}}};
  if (span.called_from) out["called_from"] = span_to_json(*span.called_from);
  return out;
}

base::Span span_from_json(const json& in) {
  base::Span span;
  span.file = std::make_shared<const std::string>(in.at("file").get<std::string>());
  const auto& at = in.at("at");
  span.line = at.at(0), span.column = at.at(1), span.end_line = at.at(2), span.end_column = at.at(3);
  if (in.contains("called_from"))
    span.called_from = std::make_shared<const base::Span>(span_from_json(in.at("called_from")));
  return span;
}

}  // namespace

std::string to_text(const EntryPlan& plan) {
  json out = {{"data", plan.data}, {"symbols", plan.symbols}, {"returns_tuple", plan.returns_tuple}};
  out["sites"] = json::array();
  for (const RaiseSite& site : plan.raise_sites)
    out["sites"].push_back(
        {{"kind", static_cast<int>(site.kind)}, {"message", site.message}, {"span", span_to_json(site.span)}});
  out["results"] = json::array();
  for (const EntryPlan::Result& result : plan.results)
    out["results"].push_back(
        {{"kind", static_cast<int>(result.kind)}, {"container", result.container}, {"dtype", result.dtype.name()}});
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

base::Result<EntryPlan> plan_from_text(const std::string& text) {
  try {
    json in = json::parse(text);
    EntryPlan plan;
    plan.data = in.at("data").get<std::vector<std::string>>();
    plan.symbols = in.at("symbols").get<std::vector<std::string>>();
    plan.returns_tuple = in.at("returns_tuple");
    for (const json& site : in.at("sites"))
      plan.raise_sites.push_back({static_cast<base::ErrorKind>(site.at("kind").get<int>()), site.at("message"),
                                  span_from_json(site.at("span"))});
    for (const json& result : in.at("results")) {
      auto dtype = ir::find_dtype(result.at("dtype").get<std::string>());
      if (!dtype) throw json::other_error::create(500, "unknown dtype", nullptr);
      plan.results.push_back(
          {static_cast<EntryPlan::Result::Kind>(result.at("kind").get<int>()), result.at("container"), *dtype});
    }
    return plan;
  } catch (const json::exception& error) {
    base::Diagnostic diagnostic;
    diagnostic.kind = base::ErrorKind::internal;
    diagnostic.message = std::string("damaged entry plan: ") + error.what();
    return diagnostic;
  }
}

}  // namespace thalweg::driver
