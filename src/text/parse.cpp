// Text to graphs: control flow, line by line.
#include "text/parser.h"

namespace thalweg::text {

base::Status parse_place(Cursor& cursor, ir::Element& element) {
  if (cursor.take("@")) {
    TW_TRY(base::Location location, parse_location(cursor));
    element.set_location(std::move(location));
  }
  return cursor.expect_end();
}

namespace {

class RegionParser {
 public:
  RegionParser(const Source& source, const ir::SDFG& sdfg)
      : source_(source), sdfg_(sdfg), types_(container_types(sdfg)) {}

  // Blocks one below the other, with "set" lines between them, or blocks and a "transitions" list.
  base::Status content(const Lines& lines, size_t first, ir::ControlFlowRegion& into) {
    const bool listed = lines.size() > first && lines.back().text.substr(0, 11) == "transitions";
    const size_t last = lines.size() - (listed ? 1 : 0);
    ir::ControlFlowBlock* before = nullptr;
    const Line* pending = nullptr;
    for (size_t k = first; k < last; ++k) {
      const Line& line = lines[k];
      if (line.text.substr(0, 4) == "set ") {
        if (listed || !before || pending)
          return source_.error("TW0402", "a set line stands between two blocks", line.text);
        pending = &line;
        continue;
      }
      TW_TRY(ir::Ref<ir::ControlFlowBlock> block, this->block(line));
      into.add_block(block);
      if (before && !listed) TW_TRY_VOID(join(*before, *block, pending, into));
      before = block.get();
      pending = nullptr;
    }
    if (pending) return source_.error("TW0402", "a set line stands between two blocks", pending->text);
    return listed ? transitions(lines.back(), into) : base::success();
  }

 private:
  base::Status join(ir::ControlFlowBlock& from, ir::ControlFlowBlock& to, const Line* line,
                    ir::ControlFlowRegion& into) {
    ir::InterstateEdge& edge = into.add_edge(from, to);
    if (!line) return base::success();
    TW_TRY(Cursor cursor, Cursor::over(source_, line->text));
    TW_TRY_VOID(cursor.expect("set"));
    ir::InterstateEdgeFields fields;
    if (!cursor.at("@")) TW_TRY_VOID(assignments(cursor, fields));
    edge.assign(std::move(fields));
    return parse_place(cursor, edge);
  }

  base::Status assignments(Cursor& cursor, ir::InterstateEdgeFields& into) {
    do {
      TW_TRY(std::string name, cursor.name());
      TW_TRY_VOID(cursor.expect("="));
      TW_TRY(ir::code::Ptr value, code(cursor));
      into.assignments.emplace_back(std::move(name), std::move(value));
    } while (cursor.take(","));
    return base::success();
  }

  base::Result<ir::code::Ptr> code(Cursor& cursor) {
    TW_TRY(std::string_view piece, cursor.expression({",", "@"}));
    return parse_code(source_, piece, types_);
  }

  base::Result<ir::ControlFlowBlock*> labelled(Cursor& cursor, const ir::ControlFlowRegion& region) {
    std::string_view where = cursor.here();
    TW_TRY(std::string label, cursor.name());
    ir::ControlFlowBlock* found = nullptr;
    for (const auto& block : region.blocks()) {
      if (block->label() != label) continue;
      if (found) return source_.error("TW0404", "two blocks are called '" + label + "'", where);
      found = block.get();
    }
    if (!found) return source_.error("TW0404", "no block here is called '" + label + "'", where);
    return found;
  }

  base::Status transitions(const Line& line, ir::ControlFlowRegion& into) {
    for (const Line& child : line.children) {
      TW_TRY(Cursor cursor, Cursor::over(source_, child.text));
      if (cursor.take("start")) {
        TW_TRY(ir::ControlFlowBlock * start, labelled(cursor, into));
        into.set_start(*start);
        TW_TRY_VOID(cursor.expect_end());
        continue;
      }
      TW_TRY(ir::ControlFlowBlock * from, labelled(cursor, into));
      TW_TRY_VOID(cursor.expect("->"));
      TW_TRY(ir::ControlFlowBlock * to, labelled(cursor, into));
      ir::InterstateEdgeFields fields;
      if (cursor.take("if")) {
        TW_TRY(fields.condition, code(cursor));
      }
      if (cursor.take("set")) TW_TRY_VOID(assignments(cursor, fields));
      TW_TRY_VOID(parse_place(cursor, into.add_edge(*from, *to, std::move(fields))));
    }
    return base::success();
  }

  base::Result<ir::Ref<ir::ControlFlowBlock>> block(const Line& line) {
    using Made = ir::Ref<ir::ControlFlowBlock>;
    TW_TRY(Cursor cursor, Cursor::over(source_, line.text));
    TW_TRY(std::string word, cursor.word());
    if (word == "state" || word == "region" || word == "conditional" || word == "loop") {
      TW_TRY(std::string label, cursor.name());
      if (word == "loop") return loop(cursor, std::move(label), line);
      Made made;
      if (word == "state") made = ir::make_ref<ir::State>(std::move(label));
      if (word == "region") made = ir::make_ref<ir::ControlFlowRegion>(std::move(label));
      if (word == "conditional") made = ir::make_ref<ir::ConditionalBlock>(std::move(label));
      TW_TRY_VOID(parse_place(cursor, *made));
      if (word == "state") TW_TRY_VOID(parse_state(source_, line, sdfg_, *ir::as<ir::State>(made.get())));
      if (word == "region") TW_TRY_VOID(content(line.children, 0, *ir::as<ir::ControlFlowRegion>(made.get())));
      if (word == "conditional") TW_TRY_VOID(branches(line, *ir::as<ir::ConditionalBlock>(made.get())));
      return made;
    }
    for (auto [name, jump] :
         {std::pair{"break", ir::Jump::break_}, {"continue", ir::Jump::continue_}, {"return", ir::Jump::return_}}) {
      if (word != name) continue;
      TW_TRY(std::string label, cursor.name());
      Made made = ir::make_ref<ir::JumpBlock>(std::move(label), jump);
      TW_TRY_VOID(parse_place(cursor, *made));
      return made;
    }
    return source_.error("TW0402",
                         "found '" + word + "', expected state, loop, conditional, region, break, continue or return",
                         line.text.substr(0, word.size()));
  }

  base::Result<ir::Ref<ir::ControlFlowBlock>> loop(Cursor& cursor, std::string label, const Line& line) {
    ir::LoopFields fields;
    while (!cursor.at_end() && !cursor.at("@")) {
      if (cursor.take("var")) {
        TW_TRY(fields.variable, cursor.name());
      } else if (cursor.take("from")) {
        TW_TRY(fields.init, code(cursor));
      } else if (cursor.take("while")) {
        TW_TRY(fields.condition, code(cursor));
      } else if (cursor.take("update")) {
        TW_TRY(fields.update, code(cursor));
      } else if (cursor.take("inverted")) {
        fields.inverted = true;
      } else if (cursor.take("condition_before_update")) {
        fields.update_before_condition = false;
      } else if (cursor.take("unroll")) {
        fields.unroll = true;
      } else {
        return cursor.expected("var, from, while, update, inverted, condition_before_update or unroll");
      }
    }
    auto made = ir::make_ref<ir::LoopRegion>(std::move(label), std::move(fields));
    TW_TRY_VOID(parse_place(cursor, *made));
    TW_TRY_VOID(content(line.children, 0, *made));
    return ir::Ref<ir::ControlFlowBlock>(made);
  }

  base::Status branches(const Line& line, ir::ConditionalBlock& into) {
    for (const Line& child : line.children) {
      TW_TRY(Cursor cursor, Cursor::over(source_, child.text));
      TW_TRY_VOID(cursor.expect("branch"));
      TW_TRY(std::string label, cursor.name());
      ir::code::Ptr condition;
      if (cursor.take("if")) {
        TW_TRY(condition, code(cursor));
      }
      auto body = ir::make_ref<ir::ControlFlowRegion>(std::move(label));
      TW_TRY_VOID(parse_place(cursor, *body));
      TW_TRY_VOID(content(child.children, 0, *body));
      into.add_branch(std::move(condition), body);
    }
    return base::success();
  }

  const Source& source_;
  const ir::SDFG& sdfg_;
  ir::code::NameTypes types_;
};

}  // namespace

base::Result<ir::Ref<ir::SDFG>> parse_sdfg(const Source& source, const Line& line) {
  TW_TRY(Cursor cursor, Cursor::over(source, line.text));
  TW_TRY_VOID(cursor.expect("sdfg"));
  ir::SDFGFields fields;
  TW_TRY(fields.name, cursor.name());
  TW_TRY(fields.arguments, parse_names(cursor));
  auto sdfg = ir::make_ref<ir::SDFG>(std::move(fields));
  TW_TRY_VOID(parse_place(cursor, *sdfg));
  TW_TRY(size_t declared, parse_declarations(source, line.children, *sdfg));
  TW_TRY_VOID(RegionParser(source, *sdfg).content(line.children, declared, *sdfg));
  return sdfg;
}

base::Result<ir::Ref<ir::SDFG>> parse(std::string_view text) {
  const Source source(text);
  TW_TRY(Lines lines, source.lines());
  if (lines.empty()) return source.error("TW0402", "found nothing, expected an sdfg", text.substr(0, 0));
  if (lines.size() > 1)
    return source.error("TW0402", "one sdfg is expected, a second thing stands here", lines[1].text);
  TW_TRY(ir::Ref<ir::SDFG> sdfg, parse_sdfg(source, lines[0]));
  if (ir::EditLog* log = sdfg->log()) log->forget();
  return sdfg;
}

}  // namespace thalweg::text
