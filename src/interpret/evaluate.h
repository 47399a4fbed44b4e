// Evaluation of code trees and index expressions. Failures go to the machine; the value is then arbitrary.
#pragma once
#include <span>

#include "interpret/machine.h"
#include "interpret/operations.h"

namespace thalweg::interpret {

// What the leaves of a code tree stand for: connectors in a tasklet, containers between states, old and new in a
// write-conflict resolution.
class Leaves {
 public:
  virtual ~Leaves() = default;
  virtual Scalar input(const ir::code::Expr& leaf) = 0;
  virtual Scalar element(const ir::code::Expr& leaf, std::span<const int64_t> index) = 0;
};

// Containers by name, as conditions and assignments read them.
class ContainerLeaves final : public Leaves {
 public:
  ContainerLeaves(Machine& machine, Scope& scope) : machine_(machine), scope_(scope) {}
  Scalar input(const ir::code::Expr& leaf) override { return read(leaf.name, {}, leaf.type); }
  Scalar element(const ir::code::Expr& leaf, std::span<const int64_t> index) override {
    return read(leaf.name, index, leaf.type);
  }

 private:
  Scalar read(const std::string& name, std::span<const int64_t> index, ir::DType type);
  Machine& machine_;
  Scope& scope_;
};

Scalar evaluate(Machine& machine, Scope& scope, const ir::code::Expr& expr, Leaves& leaves);
int64_t evaluate(Machine& machine, Scope& scope, const symbolic::Expr& expr);
Box evaluate(Machine& machine, Scope& scope, const symbolic::Subset& subset);

// The element as the leaf's type (containers of int64 may be read as pyint and the like).
Scalar as_leaf(Machine& machine, Scalar value, ir::DType type, const std::string& name);
// Reads one element and reports reads of what was never written.
Scalar read_element(Machine& machine, const Array& array, int64_t at, const std::string& name);
// Raises what an operation found out.
void report(Machine& machine, const Findings& findings, ir::code::Op op, const Scalar& operand, const base::Span& span);

}  // namespace thalweg::interpret
