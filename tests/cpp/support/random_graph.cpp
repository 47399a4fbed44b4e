#include "support/random_graph.h"

#include <cstdlib>

#include "support/random_dataflow.h"

namespace thalweg::tests {

namespace code = ir::code;
namespace dtypes = ir::dtypes;
using ir::DType;
using symbolic::Expr;
using symbolic::Subset;

namespace {

class Generator {
 public:
  Generator(std::mt19937_64& random, const GraphFeatures& features, ir::SDFG& sdfg)
      : random_(random), features_(features), sdfg_(sdfg), flow_(random, features, sdfg, sdfg) {}

  Dataflow& flow() { return flow_; }

  void statements(int count, int nesting) {
    for (int k = 0; k < count; ++k)
      for (int attempt = 0; attempt < 5 && !statement(nesting); ++attempt) {
      }
    flow_.flush_assignments();
  }

 private:
  bool statement(int nesting) {
    const bool block = nesting > 0 && flow_.chance(35);
    if (!block) return flow_.statement();
    switch (flow_.below(8)) {
      case 0: return features_.loops && loop(nesting);
      case 1: return features_.conditionals && conditional(nesting);
      case 2: return features_.nested_graphs && nested(nesting);
      case 3: return features_.nested_graphs && features_.maps && mapped_nested(nesting);
      case 4: return features_.assignments && assignment();
      case 5: return features_.references && (flow_.chance(50) && features_.loops ? swap_loop() : reference());
      case 6: return features_.views && view();
      default: return features_.conditionals && diamond(nesting);
    }
  }

  // Runs `fill` with `region` open; what it defines is forgotten afterwards, for it may not have run.
  template <class Fill>
  void inside(ir::ControlFlowRegion& region, Fill fill) {
    auto scope = flow_.facts.scope();
    const auto variables = flow_.variables;
    const auto indices = flow_.indices;
    ir::ControlFlowRegion& outer = flow_.region();
    flow_.enter(region);
    fill();
    flow_.flush_assignments();
    flow_.enter(outer);
    flow_.variables = variables;
    flow_.indices = indices;
  }

  Expr fresh_symbol(const char* base) {
    const std::string name = sdfg_.fresh_name(base);
    sdfg_.add_symbol(name);
    return Expr::symbol(name);
  }

  void know_index(const Expr& symbol, const Expr& bound) {
    flow_.indices.push_back({symbol, bound});
    flow_.facts.assume(symbolic::ge(symbol, 0));
    flow_.facts.assume(symbolic::lt(symbol, bound));
  }

  bool loop(int nesting) {
    const Expr variable = fresh_symbol("it");
    const Expr bound = flow_.chance(60) ? Expr(1 + static_cast<int64_t>(flow_.below(3))) : flow_.extents[0];
    ir::LoopFields fields;
    fields.variable = variable.name();
    fields.init = code::constant(int64_t{0}, dtypes::int64);
    code::Ptr end = bound.as_integer() ? code::constant(bound.integer(), dtypes::int64) : code::symbol(bound);
    fields.condition = code::make(code::Op::lt, code::symbol(variable), end);
    if (flow_.chance(15)) fields.condition = code::make(code::Op::logical_and, fields.condition, flow_.condition());
    fields.update = code::make(code::Op::add, code::symbol(variable), code::constant(int64_t{1}, dtypes::int64));
    fields.inverted = bound.as_integer() && flow_.chance(10);
    auto region = ir::make_ref<ir::LoopRegion>(flow_.label("loop"), std::move(fields));
    flow_.locate(*region);
    flow_.append(region);
    inside(*region, [&] {
      know_index(variable, bound);
      statements(1 + static_cast<int>(flow_.below(3)), nesting - 1);
      if (features_.jumps && features_.conditionals && flow_.chance(30)) {
        jump();
        statements(1, 0);
      }
    });
    return true;
  }

  // if condition: break or continue
  void jump() {
    auto block = ir::make_ref<ir::ConditionalBlock>(flow_.label("leave"));
    flow_.locate(*block);
    auto body = ir::make_ref<ir::ControlFlowRegion>(flow_.label("body"));
    auto jump =
        ir::make_ref<ir::JumpBlock>(flow_.label("jump"), flow_.chance(50) ? ir::Jump::break_ : ir::Jump::continue_);
    flow_.locate(*jump);
    block->add_branch(flow_.condition(), body);
    flow_.append(block);
    inside(*body, [&] {
      if (flow_.chance(30)) statements(1, 0);
      if (features_.assignments && flow_.chance(30)) assignment();
      flow_.append(jump);
    });
  }

  bool conditional(int nesting) {
    auto block = ir::make_ref<ir::ConditionalBlock>(flow_.label("if"));
    flow_.locate(*block);
    const size_t branches = 1 + flow_.below(3);
    std::vector<ir::Ref<ir::ControlFlowRegion>> bodies;
    for (size_t k = 0; k < branches; ++k) {
      bodies.push_back(ir::make_ref<ir::ControlFlowRegion>(flow_.label("branch")));
      block->add_branch(k + 1 == branches && branches > 1 && flow_.chance(70) ? nullptr : flow_.condition(),
                        bodies.back());
    }
    flow_.append(block);
    for (auto& body : bodies) inside(*body, [&] { statements(1 + static_cast<int>(flow_.below(2)), nesting - 1); });
    return true;
  }

  // The same written as transitions: a -> b if condition, a -> c, b -> d, c -> d.
  bool diamond(int nesting) {
    auto region = ir::make_ref<ir::ControlFlowRegion>(flow_.label("diamond"));
    auto a = ir::make_ref<ir::State>(flow_.label("fork")), d = ir::make_ref<ir::State>(flow_.label("join"));
    auto b = ir::make_ref<ir::ControlFlowRegion>(flow_.label("left")),
         c = ir::make_ref<ir::ControlFlowRegion>(flow_.label("right"));
    code::Ptr condition = flow_.condition();
    flow_.append(region);
    for (auto block : {ir::Ref<ir::ControlFlowBlock>(a), ir::Ref<ir::ControlFlowBlock>(b),
                       ir::Ref<ir::ControlFlowBlock>(c), ir::Ref<ir::ControlFlowBlock>(d)})
      region->add_block(block);
    region->add_edge(*a, *b, {condition, {}});
    region->add_edge(*a, *c);
    region->add_edge(*b, *d);
    region->add_edge(*c, *d);
    for (auto& side : {b, c}) inside(*side, [&] { statements(1, nesting - 1); });
    return true;
  }

  bool assignment() {
    std::vector<Expr> filled;
    for (const Expr& extent : flow_.extents)
      if (flow_.facts.proves(symbolic::ge(extent, 1))) filled.push_back(extent);
    if (filled.empty()) return false;
    const Expr bound = filled[flow_.below(filled.size())];
    const std::string scalar = flow_.scalar_of(dtypes::int64);
    const Expr symbol = fresh_symbol("k");
    code::Ptr divisor = bound.as_integer() ? code::constant(bound.integer(), dtypes::int64) : code::symbol(bound);
    flow_.assign(symbol.name(), code::make(code::Op::mod, code::input(scalar, dtypes::int64), divisor));
    know_index(symbol, bound);
    return true;
  }

  bool contiguous(const Variable& variable) const { return ir::is_contiguous(sdfg_.container(variable.name).get()); }

  bool view() {
    const Variable* base =
        flow_.pick([&](const Variable& variable) { return variable.shape.size() > 1 && contiguous(variable); });
    if (!base) return false;
    flow_.view_statement(Variable(*base));
    return true;
  }

  // Two variables of one kind with memory of their own.
  std::optional<std::pair<Variable, Variable>> twins() {
    const Variable* first = flow_.pick([&](const Variable& variable) {
      return !variable.shape.empty() && variable.memory.size() == 1 && contiguous(variable);
    });
    if (!first) return std::nullopt;
    const Variable a = *first;
    const Variable* second = flow_.pick([&](const Variable& variable) {
      return variable.dtype == a.dtype && variable.shape == a.shape && variable.memory.size() == 1 &&
             !meet(variable.memory, a.memory) && contiguous(variable);
    });
    if (second) return std::pair{a, *second};
    const Variable made = flow_.new_transient(a.dtype, a.shape);
    flow_.define(made);
    flow_.variables.push_back(made);
    return std::pair{a, made};
  }

  Variable new_reference(const Variable& a, const Variable& b) {
    ir::ContainerFields fields;
    fields.name = sdfg_.fresh_name("r");
    fields.kind = ir::ContainerKind::reference;
    fields.dtype = a.dtype;
    fields.shape = a.shape;
    fields.transient = true;
    fields.targets = {a.name, b.name};
    sdfg_.add_container(fields);
    std::set<std::string> memory = a.memory;
    memory.insert(b.memory.begin(), b.memory.end());
    return {fields.name, a.dtype, a.shape, memory, a.writable && b.writable};
  }

  // if condition: r = a; else: r = b
  bool reference() {
    auto pair = twins();
    if (!pair) return false;
    const auto& [a, b] = *pair;
    const Variable r = new_reference(a, b);
    auto block = ir::make_ref<ir::ConditionalBlock>(flow_.label("choose"));
    flow_.locate(*block);
    auto left = ir::make_ref<ir::ControlFlowRegion>(flow_.label("branch")),
         right = ir::make_ref<ir::ControlFlowRegion>(flow_.label("branch"));
    block->add_branch(flow_.condition(), left);
    block->add_branch(nullptr, right);
    flow_.append(block);
    inside(*left, [&] { flow_.set_reference({{r.name, &a}}); });
    inside(*right, [&] { flow_.set_reference({{r.name, &b}}); });
    flow_.variables.push_back(r);
    return true;
  }

  // p, q = a, b; for it in range(n): { q[...] = f(p); p, q = q, p }
  bool swap_loop() {
    auto pair = twins();
    if (!pair || !pair->first.writable || !pair->second.writable) return false;
    const auto& [a, b] = *pair;
    const Variable p = new_reference(a, b), q = new_reference(a, b);
    sdfg_.container(p.name).set<&ir::ContainerFields::distinct>(std::vector<std::string>{q.name});
    sdfg_.container(q.name).set<&ir::ContainerFields::distinct>(std::vector<std::string>{p.name});
    flow_.set_reference({{p.name, &a}, {q.name, &b}});
    const Expr variable = fresh_symbol("it");
    ir::LoopFields fields;
    fields.variable = variable.name();
    fields.init = code::constant(int64_t{0}, dtypes::int64);
    fields.condition = code::make(code::Op::lt, code::symbol(variable),
                                  code::constant(static_cast<int64_t>(1 + flow_.below(4)), dtypes::int64));
    fields.update = code::make(code::Op::add, code::symbol(variable), code::constant(int64_t{1}, dtypes::int64));
    auto region = ir::make_ref<ir::LoopRegion>(flow_.label("steps"), std::move(fields));
    flow_.locate(*region);
    flow_.append(region);
    inside(*region, [&] {
      flow_.advance(p, q);
      flow_.set_reference({{p.name, &q}, {q.name, &p}});
    });
    flow_.variables.push_back(p);
    return true;
  }

  struct Inner {
    ir::Ref<ir::SDFG> sdfg;
    symbolic::Substitution mapping;  // inner symbol -> outer expression
    symbolic::Substitution inward;   // outer symbol -> inner one
    std::vector<std::string> sizes;
  };

  Inner new_inner() {
    Inner inner{ir::make_ref<ir::SDFG>("inner" + std::to_string(inner_++)), {}, {}, {}};
    const bool rename = flow_.chance(50);
    for (const std::string& name : sizes_) {
      const std::string own = rename ? name + "_" : name;
      inner.sdfg->add_symbol(own);
      inner.mapping[own] = Expr::symbol(name);
      inner.inward[name] = Expr::symbol(own);
      inner.sizes.push_back(own);
    }
    return inner;
  }

  static std::vector<Expr> translated(const std::vector<Expr>& exprs, const Inner& inner) {
    std::vector<Expr> out;
    for (const Expr& expr : exprs) out.push_back(symbolic::substitute(expr, inner.inward));
    return out;
  }

  // The inner container for elements `subset` of the variable (its dimensions of one index are dropped).
  Variable inner_container(const Inner& inner, const std::string& name, const Variable& outer, const Subset& subset,
                           bool writable) {
    const ir::ContainerFields& fields = sdfg_.container(outer.name).get();
    ir::ContainerFields made;
    made.name = name;
    made.dtype = outer.dtype;
    made.kind = ir::ContainerKind::array;
    for (size_t d = 0; d < subset.rank(); ++d)
      if (!(subset.ranges[d].is_index() && !outer.shape[d].is(1))) {
        made.shape.push_back(outer.shape[d]);
        made.strides.push_back(fields.strides[d]);
      }
    made.shape = translated(made.shape, inner);
    made.strides = translated(made.strides, inner);
    if (made.shape.empty()) made.kind = ir::ContainerKind::scalar;
    inner.sdfg->add_container(made);
    return {name, outer.dtype, made.shape, {name}, writable};
  }

  void fill_inner(const Inner& inner, const std::vector<Variable>& variables, const Variable* to_define, int nesting) {
    Generator generator(random_, features_, *inner.sdfg);
    generator.inner_ = inner_;
    generator.sizes_ = inner.sizes;
    Dataflow& flow = generator.flow();
    flow.extents = translated(flow_.extents, inner);
    for (const Expr& condition : sdfg_.get().assumptions)
      flow.facts.assume(symbolic::substitute(condition, inner.inward));
    flow.variables = variables;
    for (const auto& index : flow_.indices) {
      if (!flow_.chance(40)) continue;
      const std::string own = inner.sdfg->fresh_name("at");
      inner.sdfg->add_symbol(own);
      const_cast<Inner&>(inner).mapping[own] = index.symbol;
      generator.know_index(Expr::symbol(own), symbolic::substitute(index.bound, inner.inward));
    }
    if (to_define) {
      flow.define(*to_define);
      flow.variables.push_back(*to_define);
    }
    generator.statements(1 + static_cast<int>(flow_.below(3)), nesting - 1);
    inner_ = generator.inner_;
  }

  // A whole graph on whole containers, or on rows of them.
  bool nested(int nesting) {
    const Inner inner = new_inner();
    std::vector<Variable> variables;
    std::vector<std::pair<std::string, ir::MemletFields>> inputs;
    std::set<std::string> used;
    for (size_t k = 0; k < 1 + flow_.below(2); ++k) {
      const Variable* chosen = flow_.pick(
          [&](const Variable& variable) { return !meet(variable.memory, used) && variable.memory.size() == 1; });
      if (!chosen) break;
      const Subset subset = some_rows(*chosen);
      variables.push_back(inner_container(inner, "x" + std::to_string(k), *chosen, subset, false));
      inputs.emplace_back("x" + std::to_string(k), ir::memlet(chosen->name, subset));
      used.insert(chosen->memory.begin(), chosen->memory.end());
    }
    const Variable* existing = flow_.pick([&](const Variable& variable) {
      return variable.writable && !meet(variable.memory, used) && variable.memory.size() == 1;
    });
    const bool fresh = !existing || flow_.chance(50);
    const Variable output =
        fresh ? flow_.new_transient(flow_.random_type(), flow_.random_shape(1 + flow_.below(2))) : *existing;
    const Subset written = fresh ? Subset::whole(output.shape) : some_rows(output);
    const Variable into = inner_container(inner, "y", output, written, true);
    if (!fresh) variables.push_back(into);
    fill_inner(inner, variables, fresh ? &into : nullptr, nesting);
    ir::State& state = flow_.fresh_state();
    if (!fresh) inputs.emplace_back("y", ir::memlet(output.name, written));
    std::vector<std::string> in_names;
    for (const auto& [name, memlet] : inputs) in_names.push_back(name);
    ir::NestedSDFG& node = state.add_nested_sdfg(inner.sdfg, in_names, {"y"}, inner.mapping);
    flow_.locate(node);
    for (const auto& [name, memlet] : inputs) state.add_edge(flow_.access(state, memlet.data), "", node, name, memlet);
    state.add_edge(node, "y", flow_.access(state, output.name), "", ir::memlet(output.name, written));
    flow_.end_state();
    if (fresh) flow_.variables.push_back(output);
    return true;
  }

  Subset some_rows(const Variable& variable) {
    Subset subset = Subset::whole(variable.shape);
    if (variable.shape.size() > 1 && flow_.chance(40) && flow_.facts.proves(symbolic::ge(variable.shape[0], 1)))
      subset.ranges[0] = symbolic::Range::index(flow_.chance(50) ? Expr(0) : variable.shape[0] - 1);
    return subset;
  }

  // map p: b[p, :] = graph(a[p, :])
  bool mapped_nested(int nesting) {
    const Variable* chosen =
        flow_.pick([&](const Variable& variable) { return variable.shape.size() == 2 && variable.memory.size() == 1; });
    if (!chosen) return false;
    const Variable input = *chosen;
    const Variable output =
        flow_.new_transient(flow_.random_type(), {input.shape[0], flow_.extents[flow_.below(flow_.extents.size())]});
    const Expr p = Expr::symbol(sdfg_.fresh_name("p" + std::to_string(inner_) + "_"));
    const Subset read{{symbolic::Range::index(p), symbolic::Range::whole(input.shape[1])}};
    const Subset write{{symbolic::Range::index(p), symbolic::Range::whole(output.shape[1])}};
    const Inner inner = new_inner();
    std::vector<Variable> variables = {inner_container(inner, "x", input, read, false)};
    const Variable into = inner_container(inner, "y", output, write, true);
    auto scope = flow_.facts.scope();
    const auto indices = flow_.indices;
    know_index(p, input.shape[0]);
    fill_inner(inner, variables, &into, std::min(nesting, 1));
    flow_.indices = indices;
    ir::State& state = flow_.fresh_state();
    ir::MapFields map;
    map.label = flow_.label("rows");
    map.params = {p.name()};
    map.range = Subset{{symbolic::Range::whole(input.shape[0])}};
    auto [entry, exit] = state.add_map(std::move(map));
    ir::NestedSDFG& node = state.add_nested_sdfg(inner.sdfg, {"x"}, {"y"}, inner.mapping);
    flow_.locate(node);
    state.add_memlet_path({&flow_.access(state, input.name), entry, &node}, "", "x", ir::memlet(input.name, read));
    state.add_memlet_path({&node, exit, &flow_.access(state, output.name)}, "y", "", ir::memlet(output.name, write));
    flow_.end_state();
    flow_.variables.push_back(output);
    return true;
  }

  std::mt19937_64& random_;
  const GraphFeatures& features_;
  ir::SDFG& sdfg_;
  Dataflow flow_;
  std::vector<std::string> sizes_ = {"N", "M"};
  int inner_ = 0;
};

void add_argument(Dataflow& flow, ir::SDFG& sdfg, std::vector<std::string>& arguments, const std::string& name,
                  size_t rank, bool writable, bool strides) {
  ir::ContainerFields fields;
  fields.name = name;
  fields.dtype = flow.random_type();
  fields.shape = flow.random_shape(rank);
  if (rank == 0) fields.kind = ir::ContainerKind::scalar;
  if (strides && rank == 2 && flow.chance(25)) fields.strides = {1, fields.shape[0]};  // Fortran's order
  if (strides && rank == 1 && flow.chance(15)) fields.strides = {2}, fields.offset = 1;
  sdfg.add_container(fields);
  flow.variables.push_back({name, fields.dtype, fields.shape, {name}, writable && rank > 0});
  arguments.push_back(name);
}

}  // namespace

std::pair<uint64_t, uint64_t> fuzz_seeds(uint64_t usual) {
  const char* asked = std::getenv("THALWEG_FUZZ_SEEDS");
  if (!asked) return {1, usual};
  const std::string text = asked;
  const size_t dash = text.find('-');
  if (dash == std::string::npos) return {1, std::stoull(text)};
  return {std::stoull(text.substr(0, dash)), std::stoull(text.substr(dash + 1))};
}

RandomGraph random_graph(uint64_t seed, const GraphFeatures& features) {
  std::mt19937_64 random(seed);
  RandomGraph out;
  out.sdfg = ir::make_ref<ir::SDFG>("random_" + std::to_string(seed));
  ir::SDFG& sdfg = *out.sdfg;
  Generator generator(random, features, sdfg);
  Dataflow& flow = generator.flow();
  const Expr n = Expr::symbol("N"), m = Expr::symbol("M");
  const bool empty = features.empty_sizes && flow.chance(15);
  const int64_t least = empty ? 0 : 3;
  out.symbols = {{"N", least + static_cast<int64_t>(flow.below(4))},
                 {"M", least + static_cast<int64_t>(flow.below(3))}};
  flow.extents = {n, n, m, 4};
  if (empty) out.symbols[flow.chance(50) ? "N" : "M"] = 0;
  ir::SDFGFields fields = sdfg.get();
  for (const Expr& size : {n, m}) {
    fields.symbols[size.name()] = dtypes::int64;
    fields.assumptions.push_back(symbolic::ge(size, least));
    flow.facts.assume(symbolic::ge(size, least));
  }
  sdfg.assign(fields);
  for (size_t k = 0; k < 2 + flow.below(2); ++k)
    add_argument(flow, sdfg, fields.arguments, "A" + std::to_string(k), 1 + flow.below(2), flow.chance(60),
                 features.strides);
  add_argument(flow, sdfg, fields.arguments, "B", 2, true, features.strides);
  add_argument(flow, sdfg, fields.arguments, "x", 0, false, false);
  generator.statements(features.statements, features.nesting);
  if (flow.chance(50)) {  // a result of its own
    sdfg.add_array("result", flow.random_type(), flow.random_shape(1 + flow.below(2)));
    const ir::ContainerFields& result = sdfg.container("result").get();
    flow.define({"result", result.dtype, result.shape, {"result"}});
    ir::ReturnValue value;
    value.kind = ir::ReturnValue::Kind::container;
    value.container = "result";
    fields.returns.push_back(value);
  }
  fields.arguments.insert(fields.arguments.end(), {"N", "M"});
  fields.symbols = sdfg.get().symbols;
  sdfg.assign(std::move(fields));
  if (ir::EditLog* log = sdfg.log()) log->forget();
  return out;
}

}  // namespace thalweg::tests
