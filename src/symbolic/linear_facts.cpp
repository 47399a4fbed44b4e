#include "symbolic/linear_facts.h"

#include <algorithm>

namespace thalweg::symbolic {

namespace {

bool fits(int64_t value) { return value < LinearFacts::largest && value > -LinearFacts::largest; }

uint32_t hash_of(std::span<const LinearFacts::Part> parts) {
  uint64_t hash = 0;
  for (const auto& part : parts)
    hash += (part.atom + 1) * 0x9E3779B97F4A7C15u * static_cast<uint64_t>(part.coefficient);
  return static_cast<uint32_t>(hash >> 24);
}

bool same_parts(std::span<const LinearFacts::Part> a, std::span<const LinearFacts::Part> b) {
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const auto& x) {
           return std::any_of(b.begin(), b.end(),
                              [&](const auto& y) { return x.atom == y.atom && x.coefficient == y.coefficient; });
         });
}

}  // namespace

LinearFacts::LinearFacts(const Facts& facts) : slots_(16, none) {
  for (const Expr& condition : facts.conditions()) collect(condition);
  for (uint32_t k = 0; k < atoms_.size(); ++k) {
    const Atom root = root_of(k);
    atoms_[k] = {atoms_[k].monomial, root.root, root.distance};
  }
  fill_table(std::exchange(parts_, {}), std::exchange(bounds_, {}));
}

size_t LinearFacts::slot_of(const Node* monomial) const {
  const size_t mask = slots_.size() - 1;
  size_t slot = (reinterpret_cast<uintptr_t>(monomial) * 0x9E3779B97F4A7C15u >> 32) & mask;
  while (slots_[slot] != none && atoms_[slots_[slot]].monomial != monomial) slot = (slot + 1) & mask;
  return slot;
}

uint32_t LinearFacts::find(const Node* monomial) const { return slots_[slot_of(monomial)]; }

uint32_t LinearFacts::add_atom(const Node* monomial) {
  size_t slot = slot_of(monomial);
  if (slots_[slot] != none) return slots_[slot];
  const uint32_t atom = static_cast<uint32_t>(atoms_.size());
  atoms_.push_back({monomial, atom, 0});
  slots_[slot] = atom;
  if (2 * atoms_.size() > slots_.size()) grow();
  return atom;
}

void LinearFacts::grow() {
  slots_.assign(4 * slots_.size(), none);
  for (uint32_t k = 0; k < atoms_.size(); ++k) slots_[slot_of(atoms_[k].monomial)] = k;
}

void LinearFacts::register_symbols(const Node* node) {
  if (Node::is_small(node)) return;
  if (node->kind == Kind::symbol) add_atom(node);
  for (const Expr& operand : node->operands()) register_symbols(Node::of(operand));
}

void LinearFacts::collect(const Expr& condition) {
  std::span<const Expr> o = condition.operands();
  switch (condition.kind()) {
    case Kind::logical_and:
      for (const Expr& operand : o) collect(operand);
      return;
    case Kind::lt: return add(o[1], o[0], -1, false);
    case Kind::le: return add(o[1], o[0], 0, false);
    case Kind::eq: return add(o[1], o[0], 0, true);
    default: return register_symbols(Node::of(condition));
  }
}

// larger - smaller + constant >= 0 (or == 0).
void LinearFacts::add(const Expr& larger, const Expr& smaller, int64_t constant, bool exact) {
  const uint32_t first = static_cast<uint32_t>(parts_.size());
  Form form;
  form.constant = constant;
  bool ok = form.add(larger) && form.add(smaller, -1) && fits(form.constant);
  for (const Form::Item& item : form.list) {
    if (item.monomial->kind != Kind::symbol) register_symbols(item.monomial);
    parts_.push_back({add_atom(item.monomial), item.coefficient});
    ok = ok && fits(item.coefficient);
  }
  const uint32_t size = static_cast<uint32_t>(parts_.size()) - first;
  const bool distance = exact && size == 2 && parts_[first].coefficient * parts_[first + 1].coefficient == -1;
  if (ok && distance && form.list[0].monomial->kind == Kind::symbol && form.list[1].monomial->kind == Kind::symbol) {
    const Part &x = parts_[first], &y = parts_[first + 1];
    join(x.atom, y.atom, -x.coefficient * form.constant);
  } else if (ok && size > 0) {
    bounds_.push_back({first, size, form.constant, exact, 0, none});
    return;
  }
  parts_.resize(first);
}

// x is y plus the distance.
void LinearFacts::join(uint32_t x, uint32_t y, int64_t distance) {
  const Atom a = root_of(x), b = root_of(y);
  const int64_t apart = b.distance + distance - a.distance;
  if (a.root == b.root || !fits(apart)) return;
  atoms_[a.root].root = b.root;
  atoms_[a.root].distance = apart;
}

LinearFacts::Atom LinearFacts::root_of(uint32_t atom) const {
  int64_t distance = 0;
  for (; atoms_[atom].root != atom; atom = atoms_[atom].root) distance += atoms_[atom].distance;
  return {atoms_[atom].monomial, atom, distance};
}

// Parts by roots, each once. False if numbers grow large.
bool LinearFacts::in_roots(std::span<const Part> parts, Parts& out, int64_t& constant) const {
  for (const Part& part : parts) {
    const Atom& atom = atoms_[part.atom];
    int64_t shift;
    if (!fits(part.coefficient) || multiply_overflows(atom.distance, part.coefficient, shift)) return false;
    if (add_overflows(constant, shift, constant)) return false;
    size_t k = 0;
    while (k < out.size() && out[k].atom != atom.root) ++k;
    if (k == out.size())
      out.push_back({atom.root, part.coefficient});
    else if ((out[k].coefficient += part.coefficient) == 0)
      out.erase(k);
  }
  return true;
}

void LinearFacts::fill_table(std::vector<Part> parts, std::vector<Bound> bounds) {
  size_t size = 16;
  while (size < 2 * bounds.size()) size *= 2;
  table_.assign(size, none);
  for (Bound bound : bounds) {
    Parts in;
    if (!in_roots({parts.data() + bound.first, bound.size}, in, bound.constant) || in.empty()) continue;
    bound.first = static_cast<uint32_t>(parts_.size());
    bound.size = static_cast<uint32_t>(in.size());
    for (const Part& part : in) parts_.push_back(part);
    bound.hash = hash_of(in);
    uint32_t& head = table_[bound.hash & (size - 1)];
    bound.next = std::exchange(head, static_cast<uint32_t>(bounds_.size()));
    bounds_.push_back(bound);
  }
}

bool LinearFacts::hold(const Form& form) const {
  if (form.list.empty()) return form.constant >= 0;
  InlineVector<Part, 8> given;
  for (const Form::Item& item : form.list) {
    const uint32_t atom = find(item.monomial);
    if (atom == none) return false;
    given.push_back({atom, item.coefficient});
  }
  Parts parts;
  int64_t constant = form.constant;
  if (!in_roots(given, parts, constant)) return false;
  if (parts.empty()) return constant >= 0;
  const uint32_t hash = hash_of(parts);
  for (uint32_t k = table_[hash & (table_.size() - 1)]; k != none; k = bounds_[k].next) {
    const Bound& bound = bounds_[k];
    if (bound.hash == hash && bound.constant <= constant && same_parts(this->parts(bound), parts)) return true;
  }
  return false;
}

}  // namespace thalweg::symbolic
