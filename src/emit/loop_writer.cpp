// Loops as C text: counters, row pointers of innermost loops, polling, jumps.
#include <algorithm>

#include "base/planted.h"
#include "emit/function_writer.h"
#include "lower/walk.h"

namespace thalweg::emit {

using lower::Loop;
using symbolic::Expr;

namespace {

// Iterations of an innermost serial loop between two looks for an interrupt.
constexpr int poll_stride = 65536;

bool has_inner_loop(const lower::Body& body) {
  bool found = false;
  lower::each_statement(const_cast<lower::Body&>(body), [&](lower::Statement& s) {
    found |= std::holds_alternative<Loop>(s.node) || std::holds_alternative<lower::While>(s.node) ||
             std::holds_alternative<lower::Reduce>(s.node) || std::holds_alternative<lower::Invoke>(s.node) ||
             std::holds_alternative<lower::Callback>(s.node) || std::holds_alternative<lower::MatMul>(s.node);
  });
  return found;
}

std::vector<Expr> terms_of(const Expr& sum) {
  if (sum.kind() == symbolic::Kind::add) return {sum.operands().begin(), sum.operands().end()};
  return {sum};
}

}  // namespace

std::string FunctionWriter::loop_head(const Loop& s, bool declare) const {
  const std::string& i = s.variable;
  auto step = s.step.as_integer();
  bool down = step && *step < 0;
  std::string next = s.step.is(1)                                      ? "++" + i
                     : s.step.is(-1)                                   ? "--" + i
                     : down && base::planted("emit.steps_down_by_one") ? "--" + i
                     : down                                            ? i + " -= " + std::to_string(-*step)
                                                                       : i + " += " + index_text(s.step).text;
  std::string begin = index_text(s.begin).text;
  std::string init = declare ? "int64_t " + i + " = " + begin : begin == i ? "" : i + " = " + begin;
  return "for (" + init + "; " + i + (down ? " > " : " < ") + index_text(s.end).at(precedence_shift) + "; " + next +
         ")";
}

// The terms of an offset that stay the same in the innermost loop; nothing if none does or all do.
std::optional<Expr> FunctionWriter::row_part(const Expr& offset) const {
  Expr row = 0;
  bool moves = false;
  for (const Expr& term : terms_of(offset)) {
    std::set<std::string> symbols;
    symbolic::collect_symbols(term, symbols);
    if (std::any_of(symbols.begin(), symbols.end(), [&](const std::string& s) { return varying_.contains(s); }))
      moves = true;
    else if (!term.as_integer())
      row = row + term;
  }
  if (!moves || row.is(0)) return std::nullopt;
  return row;
}

// Pointers to what stays the same in an innermost loop: const double* A_row = A + N*i; then A_row[j + 1].
void FunctionWriter::open_rows(const lower::Body& body, const std::string& variable) {
  lower::Uses inside = lower::uses(body, program_);
  varying_ = inside.written;
  varying_.insert(inside.declared.begin(), inside.declared.end());
  varying_.insert(variable);
  lower::each_access(body, [&](const lower::Access& access) {
    if (!program_.buffers.contains(access.buffer) || inside.declared.contains(access.buffer) ||
        inside.pointers_set.contains(access.buffer) || inside.buffers_allocated.contains(access.buffer))
      return;
    lower::Ptr at = lower::linear_index(buffer(access.buffer), *access.index);
    const Expr* plain = lower::plain_index(at);
    if (!plain) return;
    auto row = row_part(*plain);
    if (!row || rows_.contains({access.buffer, *row})) return;
    std::string base = access.buffer + "_row", name = base;
    for (int k = 1; taken_rows_.contains(name) || program_.variables.contains(name) || program_.buffers.contains(name);
         ++k)
      name = base + std::to_string(k);
    taken_rows_.insert(name);
    rows_[{access.buffer, *row}] = name;
    out_.line(pointer_type(access.buffer, is_const(access.buffer)) + " " + name + " = " + access.buffer + " + " +
              index_text(*row).at(precedence_mul) + ";");
  });
}

// The body of a loop that jumps may continue by label. In C++ a jump may not pass a declaration that its label is in
// the scope of: there the body has a scope of its own.
void FunctionWriter::labelled_body(const lower::Body& body, int id) {
  bool continued = false;
  lower::each_statement(const_cast<lower::Body&>(body), [&](lower::Statement& s) {
    auto* jump = std::get_if<lower::Jump>(&s.node);
    continued |= jump && jump->kind == lower::Jump::Kind::continue_ && jump->loop == id;
  });
  const bool scoped = dialect_.cplusplus && continued;
  if (scoped) out_.open("{");
  write_body(body);
  if (scoped) out_.close();
  if (continued_.contains(id)) out_.line("loop_" + std::to_string(id) + "_next:;");
}

void FunctionWriter::loop_text(const Loop& s, const std::string& head) {
  out_.open(head + " {");
  loops_.push_back(s.id);
  labelled_body(s.body, s.id);
  loops_.pop_back();
  out_.close();
}

// Leaves the function if the call is to stop, asked now and then. In a region other threads count, too: by a local
// counter, which counts `work` innermost iterations.
void FunctionWriter::look(const std::string& work) {
  if (function_.ranged)
    out_.line("if (thw_look(context, &looks, " + work + ")) " + stop_text());
  else
    out_.line("if (--context->countdown <= 0 && context->runtime->poll(context)) " + stop_text());
}

// An innermost loop that may run long: pieces of poll_stride iterations, so that the inner loop stays clean.
void FunctionWriter::strip_mined(const Loop& s) {
  const std::string& i = s.variable;
  std::string part = i + "_part", stop = i + "_stop";
  auto step = s.step.as_integer();
  bool down = step && *step < 0;
  std::string end = index_text(s.end).at(precedence_mul);
  int64_t reach = poll_stride * (step ? std::abs(*step) : 1);
  std::string distance = down ? i + " - " + end : end + " - " + i;
  std::string ahead = i + (down ? " - " : " + ") + std::to_string(reach);
  std::string begin = index_text(s.begin).text;
  if (!s.keep) out_.open("{");
  if (begin != i || !s.keep) out_.line((s.keep ? "" : "int64_t ") + i + " = " + begin + ";");
  out_.open("while (" + i + (down ? " > " : " < ") + index_text(s.end).at(precedence_shift) + ") {");
  loops_.push_back(-1);
  out_.line("const int64_t " + stop + " = " + distance + " > " + std::to_string(reach) + " ? " + ahead + " : " +
            index_text(s.end).text + ";");
  if (function_.ranged) look(down ? i + " - " + stop : stop + " - " + i);
  Loop inner{i, Expr::symbol(i), Expr::symbol(stop), s.step};
  out_.open(loop_head(inner, false) + " {");
  // A break leaves both loops, so it goes by label.
  loops_.push_back(-1);
  labelled_body(s.body, s.id);
  loops_.pop_back();
  out_.close();
  if (!function_.ranged)
    out_.line("if (" + i + (down ? " > " : " < ") + index_text(s.end).at(precedence_shift) +
              " && context->runtime->poll(context)) " + stop_text());
  loops_.pop_back();
  out_.close();
  if (!s.keep) out_.close();
}

// A loop over the grid: the work item's own index, and nothing to do beyond the end. The innermost loop is x.
void FunctionWriter::grid_loop(const Loop& s) {
  int dimension = 0;
  const Loop* inner = &s;
  while (inner->body.size() == 1 && (inner = std::get_if<Loop>(&inner->body[0].node)) &&
         inner->level == lower::Level::grid)
    ++dimension;
  std::string index = dialect_.global_index[dimension];
  std::string at = s.step.is(1) ? index : "(" + index + ")*" + index_text(s.step).at(precedence_unary);
  out_.line("const int64_t " + s.variable + " = " + (s.begin.is(0) ? "" : index_text(s.begin).text + " + ") + at + ";");
  out_.open("if (" + s.variable + " < " + index_text(s.end).at(precedence_shift) + ") {");
  write_body(s.body);
  out_.close();
}

void FunctionWriter::write(const Loop& s) {
  if (s.level == lower::Level::grid) return grid_loop(s);
  bool innermost = !has_inner_loop(s.body);
  auto rows_before = rows_;
  if (innermost) open_rows(s.body, s.variable);
  bool constant_step = s.step.as_integer().has_value();
  if (innermost && s.poll && constant_step) {
    strip_mined(s);
  } else {
    if (s.poll) {
      out_.open(loop_head(s, !s.keep) + " {");
      look(index_text(s.work).text);
      loops_.push_back(s.id);
      labelled_body(s.body, s.id);
      loops_.pop_back();
      out_.close();
    } else {
      loop_text(s, loop_head(s, !s.keep));
    }
  }
  rows_ = std::move(rows_before);
  if (innermost) varying_.clear();
  if (left_.contains(s.id)) out_.line("loop_" + std::to_string(s.id) + "_end:;");
}

void FunctionWriter::write(const lower::While& s) {
  if (!s.update.empty()) with_update_.insert(s.id);
  std::string condition = s.condition ? text(s.condition).text : "1";
  out_.open(s.test_last ? "do {" : "while (" + condition + ") {");
  if (s.poll) look("1");
  loops_.push_back(s.id);
  labelled_body(s.body, s.id);
  write_body(s.update);
  loops_.pop_back();
  out_.close(s.test_last ? "} while (" + condition + ");" : "}");
  if (left_.contains(s.id)) out_.line("loop_" + std::to_string(s.id) + "_end:;");
}

void FunctionWriter::write(const lower::Jump& s) {
  using Kind = lower::Jump::Kind;
  if (s.kind == Kind::exit) {
    out_.line(stop_text());
    return;
  }
  bool innermost = !loops_.empty() && loops_.back() == s.loop;
  std::string label = "loop_" + std::to_string(s.loop);
  if (s.kind == Kind::break_) {
    if (!innermost) left_.insert(s.loop);
    out_.line(innermost ? "break;" : "goto " + label + "_end;");
    return;
  }
  bool plain = innermost && !with_update_.contains(s.loop);
  if (!plain) continued_.insert(s.loop);
  out_.line(plain ? "continue;" : "goto " + label + "_next;");
}

}  // namespace thalweg::emit
