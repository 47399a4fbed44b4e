// One function of the loop IR as C text (internal to emit/).
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/writer.h"
#include "emit/emit.h"
#include "emit/expression_text.h"
#include "lower/loop_ir.h"

namespace thalweg::emit {

class FunctionWriter {
 public:
  FunctionWriter(const lower::Program& program, const lower::Function& function, const Dialect& dialect,
                 const SourceLine& source_line);
  // The function, and for parallel ones the struct of its arguments and the body for the runtime.
  std::string write();

 private:
  std::string signature() const;
  std::vector<std::string> entry_parameters() const;
  void declarations(base::Writer& out);
  void epilogue(base::Writer& out);
  void parallel_wrapper(base::Writer& out) const;

  void write_body(const lower::Body& body);
  void write(const lower::Assign& s);
  void write(const lower::Store& s);
  void write(const lower::Declare& s);
  void write(const lower::Allocate& s);
  void write(const lower::SetPointers& s);
  void write(const lower::Loop& s);
  void write(const lower::While& s);
  void write(const lower::If& s);
  void write(const lower::Jump& s);
  void write(const lower::Check& s);
  void write(const lower::Reduce& s);
  void write(const lower::MatMul& s);
  void write(const lower::Callback& s);
  void write(const lower::Invoke& s);
  void write(const lower::SetResult& s);
  void write(const lower::Source& s);

  // -- expressions
  Text text(const lower::Ptr& value) const;
  Text variable_text(const std::string& name) const;
  Text element_text(const std::string& buffer, const std::vector<lower::Ptr>& index) const;
  std::string address_text(const std::string& buffer, const std::vector<lower::Ptr>& index) const;
  const lower::Buffer& buffer(const std::string& name) const { return program_.buffers.at(name); }
  std::string c_type(const std::string& variable) const;
  std::string pointer_type(const std::string& buffer, bool constant) const;
  bool is_const(const std::string& buffer) const { return const_.contains(buffer); }
  void check_flags(const lower::FlagSites& sites);
  std::string stop_text();  // "goto done;" or "return;"
  // -- innermost loops
  void open_rows(const lower::Body& body, const std::string& variable);
  std::optional<symbolic::Expr> row_part(const symbolic::Expr& offset) const;
  void loop_text(const lower::Loop& s, const std::string& head);
  void look(const std::string& work);
  void grid_loop(const lower::Loop& s);
  void labelled_body(const lower::Body& body, int id);
  void strip_mined(const lower::Loop& s);
  std::string loop_head(const lower::Loop& s, bool declare) const;
  void reduce_chunks(const lower::Reduce& s);
  void reduce_blocks(const lower::Reduce& s);
  void fill_block(const lower::Reduce& s, const std::string& count);
  void push_block(const lower::Reduce& s, const std::string& size);
  std::string target_text(const lower::Reduce& s) const;

  const lower::Program& program_;
  const lower::Function& function_;
  const Dialect& dialect_;
  const SourceLine& source_line_;
  base::Writer out_;
  std::set<std::string> const_, through_pointer_;                       // const buffers; inout variables
  std::map<std::pair<std::string, symbolic::Expr>, std::string> rows_;  // (buffer, row part) -> row pointer
  std::set<std::string> varying_;                                       // what changes in the innermost loop
  std::vector<int> loops_;          // C loops around the current place, innermost last; -1: made by the writer
  std::set<int> left_, continued_;  // loops that jumps leave or continue by label
  std::set<int> with_update_;
  std::set<std::string> taken_rows_;
  bool goes_to_done_ = false, has_cleanup_ = false, uses_flags_ = false;
  bool looks_ = false;  // inside a parallel region, with loops that look for interrupts
  std::string last_comment_;
};

}  // namespace thalweg::emit
