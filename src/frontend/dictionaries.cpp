// Dictionaries whose keys are known when compiling: made by {...}, read by key.
#include "frontend/builder.h"

namespace thalweg::frontend {

namespace {

// Keys that Python counts as one have one text; none for a key that is not known when compiling.
std::optional<std::string> text_of_key(const Value& key) {
  if (auto* text = key.as<Text>()) return "'" + text->value;
  if (auto whole = constant_integer(key)) return std::to_string(*whole);
  if (key.as<NoneObject>()) return "None";
  if (auto* tuple = key.as<TupleValue>(); tuple && !tuple->is_list) {
    std::string out = "(";
    for (const Value& item : tuple->items) {
      auto text = text_of_key(item);
      if (!text) return std::nullopt;
      out += std::to_string(text->size()) + ":" + *text + ",";
    }
    return out + ")";
  }
  return std::nullopt;
}

}  // namespace

Status Builder::put(DictValue& into, Value key, Value value, const Span& span) {
  const auto text = text_of_key(key);
  if (!text)
    return error("TW1092", span, describe(key) + " as the key of a dictionary is not supported",
                 "strings, integers and tuples of them that are written in the program can be keys");
  for (size_t i = 0; i < into.keys.size(); ++i)
    if (text_of_key(into.keys[i]) == text) {  // the first key stays, with the last value
      into.values[i] = std::move(value);
      return base::success();
    }
  into.keys.push_back(std::move(key));
  into.values.push_back(std::move(value));
  return base::success();
}

ValueResult Builder::evaluate_dict(const syntax::Dict& dict, const Span& span) {
  DictValue out{{}, {}, ++lists_made_, depth()};
  for (size_t i = 0; i < dict.keys.size(); ++i) {
    if (!dict.keys[i]) {  // **other
      TW_TRY(Value other, evaluate(*dict.values[i]));
      auto* items = other.as<DictValue>();
      if (!items) return error("TW1021", dict.values[i]->span, "unpacking " + describe(other) + " is not supported");
      for (size_t k = 0; k < items->keys.size(); ++k) TW_TRY_VOID(put(out, items->keys[k], items->values[k], span));
      continue;
    }
    TW_TRY(Value key, evaluate(*dict.keys[i]));
    TW_TRY(Value value, evaluate(*dict.values[i]));
    TW_TRY(value, settle(std::move(value), "item", span));
    TW_TRY_VOID(put(out, std::move(key), std::move(value), dict.keys[i]->span));
  }
  return Value(std::move(out));
}

ValueResult Builder::look_up(const DictValue& dict, const Value& key, const Span& span) {
  const auto text = text_of_key(key);
  if (!text)
    return error("TW1092", span, describe(key) + " as the key of a dictionary is not supported",
                 "use a key that is written in the program");
  for (size_t i = 0; i < dict.keys.size(); ++i)
    if (text_of_key(dict.keys[i]) == text) return taken_from(dict.values, i, span);
  auto* name = key.as<Text>();
  return error("TW1092", span, "KeyError: the dictionary has no key " + (name ? "'" + name->value + "'" : *text));
}

ValueResult Builder::call_dict_method(const DictValue& dict, const std::string& name, const CallArguments& arguments,
                                      const Span& span) {
  const size_t given = arguments.positional.size();
  if (!arguments.keywords.empty() || (name == "get" ? given < 1 || given > 2 : given != 0))
    return error("TW1026", span, "the method " + name + "() of a dictionary does not take these arguments");
  if (name == "keys") return Value(TupleValue{dict.keys, false, 0, 0, nullptr, -1, true});
  if (name == "values") return Value(TupleValue{dict.values, false, 0, 0, nullptr, -1, true});
  if (name == "get") {
    const auto text = text_of_key(arguments.positional[0]);
    if (given == 2) TW_TRY_VOID(evaluate_only(arguments.positional[1], span));
    for (size_t i = 0; text && i < dict.keys.size(); ++i)
      if (text_of_key(dict.keys[i]) == text) return taken_from(dict.values, i, span);
    if (text) return given == 2 ? arguments.positional[1] : Value(NoneObject{});
    return look_up(dict, arguments.positional[0], span);
  }
  TupleValue items{{}, false, 0, 0, nullptr, -1, true};
  for (size_t i = 0; i < dict.keys.size(); ++i)
    items.items.push_back(Value(TupleValue{{dict.keys[i], dict.values[i]}}));
  return Value(std::move(items));
}

}  // namespace thalweg::frontend
