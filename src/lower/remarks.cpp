#include "lower/remarks.h"

#include <algorithm>

#include "lower/walk.h"

namespace thalweg::lower {

namespace {

std::string count(int64_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

class Reader {
 public:
  explicit Reader(const Program& program) : program_(program) {
    for (const Contraction& one : program.contractions) contracted_[one.buffer] = &one;
  }

  void read(const Body& body) {
    for (const Statement& statement : body) {
      if (auto* source = std::get_if<Source>(&statement.node)) line_ = source->span;
      if (auto* call = std::get_if<Invoke>(&statement.node)) nest(*call);
      if (auto* product = std::get_if<MatMul>(&statement.node))
        found.push_back({Remark::Decision::library,
                         line_,
                         {},
                         std::string("a call of ") + (product->solves ? "LAPACK (" : "BLAS (") + product->dtype.name() +
                             "), which has threads of its own",
                         false});
      if (std::holds_alternative<Callback>(statement.node))
        found.push_back({Remark::Decision::library, line_, {}, "a call back into CPython", false});
      each_body(const_cast<Statement&>(statement), [&](Body& inner) { read(inner); });
    }
  }

  std::vector<Remark> found;

 private:
  void nest(const Invoke& call) {
    const Function& function = program_.functions[static_cast<size_t>(call.function)];
    const Statement* first = nullptr;
    for (const Statement& statement : function.body) {
      if (auto* source = std::get_if<Source>(&statement.node)) {
        line_ = source->span;
      } else if (!first) {
        first = &statement;
      }
    }
    if (!first) return;
    Remark remark{Remark::Decision::serial, line_, lines_inside(function), "", false};
    auto* loop = std::get_if<Loop>(&first->node);
    if (auto* reduce = std::get_if<Reduce>(&first->node)) {
      remark.decision = Remark::Decision::reduction;
      remark.vectorised = !reduce->chunks;
      remark.reason = std::string("combined in ") +
                      (reduce->chunks ? "the order of its chunks" : "one fixed tree of lanes") +
                      ", on the calling thread";
    } else if (!loop || loop->keep) {
      return;  // a loop of the program, in order
    } else if (call.parallel) {
      remark.decision = Remark::Decision::parallel;
      remark.reason =
          "on all threads where it is worth " + count(call.threshold, "operation") + ", else on the calling one";
    } else {
      remark.reason = loop->simd_safe ? "on the calling thread: its schedule is sequential"
                                      : "in order: two iterations may update one element or share a scalar";
    }
    if (loop) inside(function, *loop, remark);
    found.push_back(std::move(remark));
  }

  static std::vector<base::Span> lines_inside(const Function& function) {
    std::vector<base::Span> lines;
    each_statement(const_cast<Body&>(function.body), [&](Statement& s) {
      if (auto* source = std::get_if<Source>(&s.node))
        if (std::find(lines.begin(), lines.end(), source->span) == lines.end()) lines.push_back(source->span);
    });
    return lines;
  }

  // What runs innermost, what is reduced, which temporaries shrank.
  void inside(const Function& function, const Loop& outermost, Remark& remark) const {
    std::string rows, scalars;
    bool reduces = false;
    remark.vectorised = outermost.simd_safe && is_innermost(outermost);
    each_statement(const_cast<Body&>(function.body), [&](Statement& s) {
      if (auto* loop = std::get_if<Loop>(&s.node)) remark.vectorised |= loop->simd_safe && is_innermost(*loop);
      reduces |= std::holds_alternative<Reduce>(s.node);
      auto* declared = std::get_if<Declare>(&s.node);
      auto* allocated = std::get_if<Allocate>(&s.node);
      auto at = contracted_.find(declared ? declared->name : allocated ? allocated->buffer : "");
      if (at == contracted_.end()) return;
      std::string& list = at->second->to_scalar ? scalars : rows;
      list += (list.empty() ? "" : ", ") + at->second->container;
    });
    if (function.side_by_side > 1)
      remark.reason += "; " + std::to_string(function.side_by_side) + " iterations run side by side";
    if (reduces) remark.reason += "; reductions inside go through one fixed tree of lanes";
    if (!scalars.empty()) remark.reason += "; kept in registers: " + scalars;
    if (!rows.empty()) remark.reason += "; kept as a slice of one iteration: " + rows;
  }

  static bool is_innermost(const Loop& loop) {
    bool inner = true;
    each_statement(const_cast<Body&>(loop.body), [&](Statement& s) {
      inner &= !std::holds_alternative<Loop>(s.node) && !std::holds_alternative<While>(s.node);
    });
    return inner;
  }

  const Program& program_;
  base::Span line_;
  std::map<std::string, const Contraction*> contracted_;
};

}  // namespace

std::vector<Remark> remarks(const Program& program) {
  Reader reader(program);
  if (!program.functions.empty()) reader.read(program.functions.back().body);
  return std::move(reader.found);
}

}  // namespace thalweg::lower
