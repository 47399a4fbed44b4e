#include "support/random_dataflow.h"

#include <algorithm>

namespace thalweg::tests {

namespace code = ir::code;
namespace dtypes = ir::dtypes;
using ir::DType;
using symbolic::Expr;
using symbolic::Range;
using symbolic::Subset;

bool meet(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& name) { return b.count(name) > 0; });
}

namespace {

const std::vector<DType>& real_types() {
  static const std::vector<DType> types = {dtypes::float64, dtypes::float64, dtypes::float32, dtypes::int64,
                                           dtypes::int32,   dtypes::uint8,   dtypes::bool_};
  return types;
}

Expr param(const std::string& name) { return Expr::symbol(name); }

code::Ptr index_code(const Expr& expr) {
  if (auto value = expr.as_integer()) return code::constant(*value, dtypes::int64);
  return code::symbol(expr);
}

}  // namespace

DType Dataflow::random_type() {
  if (features_.complex && chance(8)) return dtypes::complex128;
  return real_types()[below(real_types().size())];
}

std::vector<Expr> Dataflow::random_shape(size_t rank) {
  std::vector<Expr> shape;
  while (shape.size() < rank) shape.push_back(extents[below(extents.size())]);
  return shape;
}

void Dataflow::locate(ir::Element& element) {
  static const auto file = std::make_shared<const std::string>("random.py");
  ++line_;
  element.set_location({base::Span{file, line_, 4, line_, 20, nullptr}});
}

Variable Dataflow::new_transient(DType dtype, std::vector<Expr> shape) {
  const std::string name = sdfg_.fresh_name(shape.empty() ? "s" : "t");
  if (shape.empty())
    sdfg_.add_scalar(name, dtype, true);
  else
    sdfg_.add_array(name, dtype, shape, true);
  return {name, dtype, std::move(shape), {name}};
}

const Variable* Dataflow::pick(const std::function<bool(const Variable&)>& fits) {
  std::vector<const Variable*> fitting;
  for (const Variable& variable : variables)
    if (fits(variable)) fitting.push_back(&variable);
  return fitting.empty() ? nullptr : fitting[below(fitting.size())];
}

// ------------------------------------------------------------------------------------------------ states

void Dataflow::append(ir::Ref<ir::ControlFlowBlock> block) {
  if (region_->blocks().empty() && !pending_.assignments.empty())
    region_->append(ir::make_ref<ir::State>(label("first")));
  region_->append(block, std::exchange(pending_, {}));
  state_ = nullptr;
}

void Dataflow::assign(const std::string& symbol, code::Ptr value) {
  if (region_->blocks().empty()) fresh_state();
  pending_.assignments.emplace_back(symbol, std::move(value));
  state_ = nullptr;
}

void Dataflow::flush_assignments() {
  if (!pending_.assignments.empty()) append(ir::make_ref<ir::State>(label("after")));
}

ir::State& Dataflow::fresh_state() {
  auto state = ir::make_ref<ir::State>(label("state"));
  append(state);
  state_ = state.get();
  written_.clear();
  read_.clear();
  written_memory_.clear();
  read_memory_.clear();
  return *state_;
}

ir::State& Dataflow::state_for(const std::vector<const Variable*>& reads, const std::vector<const Variable*>& writes) {
  bool fits = state_ && pending_.assignments.empty() && chance(55);
  for (const Variable* variable : writes)
    fits = fits && !meet(variable->memory, written_memory_) && !meet(variable->memory, read_memory_);
  for (const Variable* variable : reads)
    fits = fits && (!meet(variable->memory, written_memory_) || written_.count(variable->name));
  if (!fits) fresh_state();
  return *state_;
}

ir::AccessNode& Dataflow::access(ir::State& state, const std::string& name) { return state.add_access(name); }

ir::Node& Dataflow::source(ir::State& state, const Variable& variable) {
  read_memory_.insert(variable.memory.begin(), variable.memory.end());
  if (auto written = written_.find(variable.name); written != written_.end()) return *written->second;
  auto read = read_.find(variable.name);
  if (read != read_.end() && chance(60)) return *read->second;
  return *(read_[variable.name] = &access(state, variable.name));
}

ir::Node& Dataflow::target(ir::State& state, const Variable& variable) {
  written_memory_.insert(variable.memory.begin(), variable.memory.end());
  return *(written_[variable.name] = &access(state, variable.name));
}

// ------------------------------------------------------------------------------------------------ indices

// Some expression that is certainly inside; what the facts cannot show is not used.
std::optional<Expr> Dataflow::index_within(const Expr& extent, const std::vector<std::string>& params) {
  std::vector<Expr> candidates;
  for (const auto& name : params)
    for (int shift : {0, 0, 0, -1, 1}) candidates.push_back(param(name) + shift);
  for (const auto& index : indices) candidates.push_back(index.symbol);
  candidates.push_back(0);
  candidates.push_back(extent - 1);
  for (size_t k = candidates.size(); k > 1; --k) std::swap(candidates[k - 1], candidates[below(k)]);
  if (!params.empty() && chance(70))  // aligned access, mostly
    std::stable_partition(candidates.begin(), candidates.end(), [&](const Expr& expr) {
      return std::any_of(params.begin(), params.end(), [&](const auto& name) { return expr == param(name); });
    });
  for (const Expr& index : candidates)
    if (facts.proves(symbolic::ge(index, 0)) && facts.proves(symbolic::lt(index, extent))) return index;
  return std::nullopt;
}

Dataflow::Loops Dataflow::loops_over(const Variable& output, bool whole) {
  Loops loops;
  for (size_t d = 0; d < output.shape.size(); ++d) {
    const Expr& extent = output.shape[d];
    const bool inner = !whole && facts.proves(symbolic::ge(extent, 3));
    if (inner && chance(15)) {
      if (auto index = index_within(extent, {})) {
        loops.write.ranges.push_back(Range::index(*index));
        continue;
      }
    }
    Range range = Range::whole(extent);
    if (inner && chance(40)) range = {1, extent - 2, 1};
    if (!whole && features_.triangles && !loops.params.empty() && extent == output.shape[d - 1] && range.begin.is(0) &&
        chance(25) && loops.range.ranges.back() == range)
      range = {0, param(loops.params.back()) + 1, 1};
    std::string name = sdfg_.fresh_name("i" + std::to_string(labels_++) + "_");
    loops.range.ranges.push_back(range);
    loops.write.ranges.push_back(Range::index(param(name)));
    loops.params.push_back(std::move(name));
  }
  return loops;
}

void Dataflow::assume_inside(const Loops& loops) {
  for (size_t d = 0; d < loops.params.size(); ++d) {
    facts.assume(symbolic::ge(loops.range.ranges[d].size, 1));
    facts.assume(symbolic::ge(param(loops.params[d]), loops.range.ranges[d].begin));
    facts.assume(symbolic::le(param(loops.params[d]), loops.range.ranges[d].last()));
  }
}

Dataflow::Inputs Dataflow::inputs_for(const Variable* output, const Loops& loops, size_t count) {
  Inputs inputs;
  for (size_t round = 0; round < 3 * count && inputs.size() < count; ++round) {
    // What was made last is used soon, mostly: producers and consumers stand together.
    const size_t recent = std::min<size_t>(variables.size(), 3);
    const Variable* variable =
        chance(50) ? &variables[variables.size() - 1 - below(recent)] : &variables[below(variables.size())];
    Input input{variable, {}, "a" + std::to_string(inputs.size())};
    if (output && variable->name == output->name && chance(50)) {
      input.subset = loops.write;  // in place: the iteration's own element
    } else if (output && meet(variable->memory, output->memory)) {
      continue;
    } else {
      const bool row = !variable->shape.empty() && chance(15);
      bool fits = true;
      for (size_t d = 0; d < variable->shape.size() && fits; ++d) {
        const Expr& extent = variable->shape[d];
        auto index = index_within(extent, loops.params);
        fits = index.has_value();
        if (!fits) break;
        input.subset.ranges.push_back(row && d + 1 == variable->shape.size() ? Range::whole(extent)
                                                                             : Range::index(*index));
      }
      if (!fits) continue;
    }
    const bool again = std::any_of(inputs.begin(), inputs.end(), [&](const Input& other) {
      return other.variable->name == variable->name && output && variable->name == output->name;
    });
    if (!again) inputs.push_back(std::move(input));
  }
  return inputs;
}

// What the code may read: connectors, elements of array connectors, index expressions.
std::vector<code::Ptr> Dataflow::leaves_of(const Inputs& inputs, const Loops& loops) {
  std::vector<code::Ptr> leaves;
  for (const Input& input : inputs) {
    if (input.subset.num_elements().is(1)) {
      leaves.push_back(code::input(input.connector, input.variable->dtype));
      continue;
    }
    for (int round = 0; round < 2; ++round) {
      std::vector<code::Ptr> at;
      for (const Range& range : input.subset.ranges)
        at.push_back(index_code(range.is_index() ? Expr(0) : *index_within(range.size, loops.params)));
      leaves.push_back(code::element(input.connector, input.variable->dtype, std::move(at)));
    }
  }
  for (const auto& name : loops.params) leaves.push_back(code::symbol(param(name)));
  for (const auto& index : indices) leaves.push_back(code::symbol(index.symbol));
  return leaves;
}

ir::Tasklet& Dataflow::tasklet_for(const Inputs& inputs, const Loops& loops, DType type, ir::State& state) {
  ExpressionOptions options;
  options.types = real_types();
  if (features_.complex) options.types.push_back(dtypes::complex128);
  options.exact = !features_.functions;
  std::vector<code::Ptr> leaves = leaves_of(inputs, loops);
  code::Block block;
  if (features_.checks && !loops.params.empty() && chance(10)) {
    code::Check check;
    check.condition =
        code::make(code::Op::ge, code::symbol(param(loops.params[0])), code::constant(int64_t{0}, dtypes::int64));
    check.kind = base::ErrorKind::index;
    check.message = "index {0} is negative";
    check.values = {code::symbol(param(loops.params[0]))};
    block.emplace_back(std::move(check));
  }
  code::Store store{"o", {}, random_expression(random_, leaves, type, 1 + static_cast<int>(below(3)), options)};
  for (const code::Ptr& leaf : leaves) {  // inputs are there to be used
    std::set<std::string> used;
    code::collect_inputs(*store.value, used);
    if (leaf->name.empty() || used.count(leaf->name) || chance(20)) continue;
    const code::Op mix = type.is_bool() ? code::Op::bit_xor : code::Op::add;
    store.value = code::make(mix, store.value, code::cast(leaf, type));
  }
  block.emplace_back(std::move(store));
  std::vector<ir::Connector> connectors;
  for (const Input& input : inputs)
    connectors.push_back({input.connector, chance(50) ? std::optional(input.variable->dtype) : std::nullopt});
  ir::Tasklet& tasklet = state.add_tasklet(label("compute"), connectors, {{"o", type}}, std::move(block));
  locate(tasklet);
  return tasklet;
}

std::vector<std::pair<ir::MapEntry*, ir::MapExit*>> Dataflow::add_maps(const Loops& loops, ir::State& state) {
  std::vector<std::pair<ir::MapEntry*, ir::MapExit*>> maps;
  const size_t outer = features_.nested_maps && loops.params.size() > 1 && chance(40)
                           ? 1 + below(loops.params.size() - 1)
                           : loops.params.size();
  auto add = [&](size_t first, size_t last) {
    ir::MapFields map;
    map.label = label("map");
    map.params.assign(loops.params.begin() + static_cast<std::ptrdiff_t>(first),
                      loops.params.begin() + static_cast<std::ptrdiff_t>(last));
    map.range.ranges.assign(loops.range.ranges.begin() + static_cast<std::ptrdiff_t>(first),
                            loops.range.ranges.begin() + static_cast<std::ptrdiff_t>(last));
    if (chance(30)) map.schedule = chance(50) ? ir::schedules::cpu_multicore : ir::schedules::sequential;
    maps.push_back(state.add_map(std::move(map)));
    locate(maps.back().first->scope());
    locate(*maps.back().first);
  };
  if (outer > 0) add(0, outer);
  if (outer < loops.params.size()) add(outer, loops.params.size());
  return maps;
}

// ------------------------------------------------------------------------------------------------ statements

void Dataflow::map_nodes(const Variable& output, const Loops& loops, const Inputs& inputs, ir::Wcr wcr,
                         DType code_type) {
  std::vector<const Variable*> reads;
  for (const Input& input : inputs) reads.push_back(input.variable);
  ir::State& state = state_for(reads, {&output});
  auto maps = add_maps(loops, state);
  ir::Tasklet& tasklet = tasklet_for(inputs, loops, code_type, state);
  for (const Input& input : inputs) {
    std::vector<ir::Node*> path = {&source(state, *input.variable)};
    for (auto& [entry, exit] : maps) path.push_back(entry);
    path.push_back(&tasklet);
    state.add_memlet_path(path, "", input.connector, ir::memlet(input.variable->name, input.subset));
  }
  for (size_t k = 0; k < maps.size(); ++k) {
    ir::Node& inner = k + 1 < maps.size() ? static_cast<ir::Node&>(*maps[k + 1].first) : tasklet;
    if (maps[k].first->out_edges().empty()) state.add_order(*maps[k].first, inner);
  }
  std::vector<ir::Node*> path = {&tasklet};
  std::string connector = "o";
  if (features_.scope_transients && !maps.empty() && wcr == ir::Wcr::none && chance(25)) {
    // compute -> transient -> compute -> out: what map fusion leaves behind.
    const Variable local = new_transient(code_type, {});
    ir::AccessNode& between = access(state, local.name);
    state.add_edge(tasklet, "o", between, "", ir::memlet(local.name, {}));
    Inputs second = {{&local, {}, "a0"}};
    ir::Tasklet& last = tasklet_for(second, loops, code_type, state);
    state.add_edge(between, "", last, "a0", ir::memlet(local.name, {}));
    path = {&last};
  }
  for (size_t k = maps.size(); k-- > 0;) path.push_back(maps[k].second);
  path.push_back(&target(state, output));
  ir::MemletFields memlet = ir::memlet(output.name, loops.write);
  memlet.wcr = wcr;
  state.add_memlet_path(path, connector, "", std::move(memlet));
}

bool Dataflow::elementwise() {
  // Facts about parameters hold while the statement is made.
  auto scope = facts.scope();
  const bool fresh = chance(60);
  const Variable* chosen = pick([](const Variable& variable) { return variable.writable && !variable.shape.empty(); });
  if (!fresh && !chosen) return false;
  const std::vector<Expr> like = variables.back().shape;
  const std::vector<Expr> shape = !like.empty() && chance(50) ? like : random_shape(1 + below(3));
  const Variable made = fresh ? new_transient(random_type(), shape) : *chosen;
  const Loops loops = loops_over(made, fresh);
  assume_inside(loops);
  const Inputs inputs = inputs_for(fresh ? nullptr : &made, loops, 1 + below(3));
  map_nodes(made, loops, inputs, ir::Wcr::none, made.dtype);
  if (fresh) variables.push_back(made);
  return true;
}

void Dataflow::define(const Variable& into) {
  auto scope = facts.scope();
  const Loops loops = loops_over(into, true);
  assume_inside(loops);
  Variable output = into;
  Inputs inputs = inputs_for(&output, loops, 2);
  std::erase_if(inputs, [&](const Input& input) { return input.variable->name == into.name; });
  map_nodes(output, loops, inputs, ir::Wcr::none, into.dtype);
}

bool Dataflow::scalar_tasklet() {
  const bool fresh = chance(60);
  Variable output;
  Loops loops;
  if (fresh) {
    output = new_transient(random_type(), {});
  } else {
    const Variable* chosen = pick([](const Variable& variable) { return variable.writable; });
    if (!chosen) return false;
    output = *chosen;
    for (const Expr& extent : output.shape) {
      auto index = index_within(extent, {});
      if (!index) return false;
      loops.write.ranges.push_back(Range::index(*index));
    }
  }
  map_nodes(output, loops, inputs_for(fresh ? nullptr : &output, loops, 1 + below(3)), ir::Wcr::none, output.dtype);
  if (fresh) variables.push_back(output);
  return true;
}

bool Dataflow::copy() {
  const Variable* from = pick([](const Variable& variable) { return !variable.shape.empty(); });
  if (!from) return false;
  const Variable input = *from;
  Subset all = Subset::whole(input.shape);
  Variable output;
  Subset there = all;
  const Variable* other = pick([&](const Variable& variable) {
    return variable.writable && variable.dtype == input.dtype && variable.shape == input.shape &&
           !meet(variable.memory, input.memory);
  });
  const bool fresh = !other || chance(60);
  output = fresh ? new_transient(input.dtype, input.shape) : *other;
  if (!fresh && chance(60))  // a part of it, perhaps to another place
    for (size_t d = 0; d < input.shape.size(); ++d)
      if (facts.proves(symbolic::ge(input.shape[d], 3)) && chance(60)) {
        all.ranges[d] = {static_cast<int64_t>(below(2)), input.shape[d] - 1, 1};
        there.ranges[d] = {static_cast<int64_t>(below(2)), input.shape[d] - 1, 1};
      }
  ir::State& state = state_for({&input}, {&output});
  ir::Node& a = source(state, input);
  ir::Node& b = target(state, output);
  const bool by_source = chance(50);
  ir::MemletFields memlet = by_source ? ir::memlet(input.name, all) : ir::memlet(output.name, there);
  if (!(all == Subset::whole(input.shape)) || !(there == all) || chance(30))
    memlet.other_subset = by_source ? there : all;
  locate(state.add_edge(a, "", b, "", std::move(memlet)));
  if (fresh) variables.push_back(output);
  return true;
}

bool Dataflow::reduce() {
  const Variable* from = pick([](const Variable& variable) { return !variable.shape.empty(); });
  if (!from) return false;
  const Variable input = *from;
  std::vector<int64_t> axes;
  std::vector<Expr> kept;
  for (size_t d = 0; d < input.shape.size(); ++d) {
    if (chance(50) || (d + 1 == input.shape.size() && axes.empty()))
      axes.push_back(static_cast<int64_t>(d));
    else
      kept.push_back(input.shape[d]);
  }
  const bool filled = std::all_of(input.shape.begin(), input.shape.end(),
                                  [&](const Expr& extent) { return facts.proves(symbolic::ge(extent, 1)); });
  std::vector<ir::Wcr> kinds = {ir::Wcr::sum, ir::Wcr::sum, ir::Wcr::product};
  if (filled && !input.dtype.is_complex()) kinds.insert(kinds.end(), {ir::Wcr::min, ir::Wcr::max});
  const Variable output = new_transient(input.dtype, kept);
  ir::State& state = state_for({&input}, {&output});
  ir::LibraryNodeFields fields;
  fields.operation = "Reduce";
  fields.attributes["wcr"] = kinds[below(kinds.size())];
  fields.attributes["axes"] = axes;
  ir::LibraryNode& node = state.add_library_node(std::move(fields), {{"_in", std::nullopt}}, {{"_out", std::nullopt}});
  locate(node);
  state.add_edge(source(state, input), "", node, "_in", ir::memlet(input.name, Subset::whole(input.shape)));
  state.add_edge(node, "_out", target(state, output), "", ir::memlet(output.name, Subset::whole(kept)));
  variables.push_back(output);
  return true;
}

bool Dataflow::matmul() {
  auto matrix = [](const Variable& variable) { return variable.shape.size() == 2 && variable.dtype.is_integer(); };
  const Variable* first = pick(matrix);
  if (!first) return false;
  const Variable a = *first;
  const Variable* second = pick([&](const Variable& variable) {
    return matrix(variable) && variable.dtype == a.dtype && variable.shape[0] == a.shape[1];
  });
  if (!second) return false;
  const Variable b = *second, c = new_transient(a.dtype, {a.shape[0], b.shape[1]});
  ir::State& state = state_for({&a, &b}, {&c});
  ir::LibraryNodeFields fields;
  fields.operation = "MatMul";
  fields.attributes["a_rank"] = int64_t{2};
  fields.attributes["b_rank"] = int64_t{2};
  ir::LibraryNode& node =
      state.add_library_node(std::move(fields), {{"_a", std::nullopt}, {"_b", std::nullopt}}, {{"_c", std::nullopt}});
  locate(node);
  state.add_edge(source(state, a), "", node, "_a", ir::memlet(a.name, Subset::whole(a.shape)));
  state.add_edge(source(state, b), "", node, "_b", ir::memlet(b.name, Subset::whole(b.shape)));
  state.add_edge(node, "_c", target(state, c), "", ir::memlet(c.name, Subset::whole(c.shape)));
  variables.push_back(c);
  return true;
}

bool Dataflow::resolve_conflicts() {
  const Variable* chosen =
      pick([](const Variable& variable) { return variable.writable && variable.dtype.is_integer(); });
  if (!chosen) return false;
  const Variable output = *chosen;
  auto scope = facts.scope();
  // The map runs over a shape of its own; the element written is any that is certainly there.
  Variable over{"", output.dtype, random_shape(1 + below(2)), {}};
  Loops loops = loops_over(over, true);
  assume_inside(loops);
  loops.write = {};
  for (const Expr& extent : output.shape) {
    auto index = index_within(extent, loops.params);
    if (!index) return false;
    loops.write.ranges.push_back(Range::index(*index));
  }
  Inputs inputs = inputs_for(&output, loops, 2);
  std::erase_if(inputs, [&](const Input& input) { return meet(input.variable->memory, output.memory); });
  for (size_t k = 0; k < inputs.size(); ++k) inputs[k].connector = "a" + std::to_string(k);
  constexpr ir::Wcr kinds[] = {ir::Wcr::sum,         ir::Wcr::product,    ir::Wcr::min,        ir::Wcr::max,
                               ir::Wcr::bitwise_and, ir::Wcr::bitwise_or, ir::Wcr::bitwise_xor};
  map_nodes(output, loops, inputs, kinds[below(std::size(kinds))], output.dtype);
  return true;
}

void Dataflow::view_statement(const Variable& base) {
  const std::string name = sdfg_.fresh_name("v");
  ir::ContainerFields fields;
  fields.name = name;
  fields.kind = ir::ContainerKind::view;
  fields.dtype = base.dtype;
  fields.shape = {ir::total_elements(base.shape)};
  fields.transient = true;
  sdfg_.add_container(std::move(fields));
  const Variable output = new_transient(base.dtype, {ir::total_elements(base.shape)});
  ir::State& state = fresh_state();
  ir::AccessNode& view = access(state, name);
  view.add_in_connector({"views", std::nullopt});
  state.add_edge(access(state, base.name), "", view, "views", ir::memlet(base.name, Subset::whole(base.shape)));
  state.add_edge(view, "", access(state, output.name), "", ir::memlet(name, Subset::whole(output.shape)));
  locate(*state.edges().back());
  variables.push_back(output);
  state_ = nullptr;
}

void Dataflow::advance(const Variable& from, const Variable& to) {
  auto scope = facts.scope();
  const Loops loops = loops_over(to, false);
  assume_inside(loops);
  Inputs inputs;
  for (size_t k = 0; k < 2; ++k) {
    Input input{&from, {}, "a" + std::to_string(k)};
    for (size_t d = 0; d < from.shape.size(); ++d) {
      auto index = index_within(from.shape[d], loops.params);
      if (!index) return;
      input.subset.ranges.push_back(Range::index(*index));
    }
    inputs.push_back(std::move(input));
  }
  end_state();
  map_nodes(to, loops, inputs, ir::Wcr::none, to.dtype);
  end_state();
}

void Dataflow::set_reference(const std::vector<std::pair<std::string, const Variable*>>& sets) {
  ir::State& state = fresh_state();
  for (const auto& [name, to] : sets) {
    ir::AccessNode& reference = access(state, name);
    reference.add_in_connector({"set", std::nullopt});
    state.add_edge(access(state, to->name), "", reference, "set", ir::memlet(to->name, Subset::whole(to->shape)));
    locate(*state.edges().back());
  }
  end_state();
}

bool Dataflow::statement() {
  switch (below(10)) {
    case 0:
    case 1:
    case 2:
    case 3: return features_.maps && elementwise();
    case 4:
    case 5: return features_.copies && copy();
    case 6: return features_.reductions && reduce();
    case 7: return features_.conflicts && features_.maps && resolve_conflicts();
    case 8: return features_.matmul && matmul();
    default: return scalar_tasklet();
  }
}

std::string Dataflow::scalar_of(DType dtype) {
  const Variable* found =
      pick([&](const Variable& variable) { return variable.dtype == dtype && variable.shape.empty(); });
  if (found && chance(70)) return found->name;
  const Variable made = new_transient(dtype, {});
  map_nodes(made, {}, inputs_for(nullptr, {}, 2), ir::Wcr::none, dtype);
  variables.push_back(made);
  return made.name;
}

code::Ptr Dataflow::condition() {
  std::vector<code::Ptr> leaves;
  for (const Variable& variable : variables) {
    std::vector<code::Ptr> at;
    for (const Expr& extent : variable.shape)
      if (auto index = index_within(extent, {})) at.push_back(index_code(*index));
    if (at.size() != variable.shape.size()) continue;
    leaves.push_back(at.empty() ? code::input(variable.name, variable.dtype)
                                : code::element(variable.name, variable.dtype, std::move(at)));
  }
  for (const auto& index : indices) leaves.push_back(code::symbol(index.symbol));
  ExpressionOptions options;
  options.types = real_types();
  return random_expression(random_, leaves, dtypes::bool_, 2, options);
}

}  // namespace thalweg::tests
