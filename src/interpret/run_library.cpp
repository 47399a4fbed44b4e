// Library nodes: Reduce with the runtime's own tree, Callback through the host, all others by reference expansion.
#include <algorithm>

#include "interpret/run.h"
#include "interpret/types.h"
#include "thalweg/reduce.h"

namespace thalweg::interpret {

namespace {

template <class T>
std::vector<T> unpack(const std::vector<Scalar>& values) {
  std::vector<T> plain;
  plain.reserve(values.size());
  for (const Scalar& value : values) plain.push_back(value.get<T>());
  return plain;
}

// The lane tree of thalweg/reduce.h where it has one for this type and operation.
std::optional<Scalar> lane_tree(ir::Wcr wcr, const std::vector<Scalar>& values, ir::DType type) {
  std::optional<Scalar> result;
  const auto count = static_cast<int64_t>(values.size());
  auto with = [&]<class T>(T, auto sum, auto product, auto minimum, auto maximum) {
    const std::vector<T> plain = unpack<T>(values);
    if (wcr == ir::Wcr::sum) result = Scalar::of<T>(type, sum(plain.data(), count, 1));
    if (wcr == ir::Wcr::product) result = Scalar::of<T>(type, product(plain.data(), count, 1));
    if (wcr == ir::Wcr::min && count > 0) result = Scalar::of<T>(type, minimum(plain.data(), count, 1));
    if (wcr == ir::Wcr::max && count > 0) result = Scalar::of<T>(type, maximum(plain.data(), count, 1));
  };
  using namespace ir::dtypes;
  if (type == float64 || type == pyfloat)
    with(double{}, thw_sum_f64, thw_prod_f64, thw_minimum_f64, thw_maximum_f64);
  else if (type == float32)
    with(float{}, thw_sum_f32, thw_prod_f32, thw_minimum_f32, thw_maximum_f32);
  else if (wcr == ir::Wcr::sum && type == complex64)
    result = Scalar::of(type, thw_sum_c64(unpack<thw_c64>(values).data(), count, 1));
  else if (wcr == ir::Wcr::sum && (type == complex128 || type == pycomplex))
    result = Scalar::of(type, thw_sum_c128(unpack<thw_c128>(values).data(), count, 1));
  return result;
}

std::optional<Scalar> neutral(ir::Wcr wcr, ir::DType type) {
  Findings findings;
  switch (wcr) {
    case ir::Wcr::sum:
    case ir::Wcr::logical_or:
    case ir::Wcr::bitwise_or:
    case ir::Wcr::bitwise_xor: return cast(Scalar::int64(0), type, findings);
    case ir::Wcr::product:
    case ir::Wcr::logical_and: return cast(Scalar::int64(1), type, findings);
    case ir::Wcr::bitwise_and: return cast(Scalar::int64(type.is_bool() ? 1 : -1), type, findings);
    case ir::Wcr::min:
    case ir::Wcr::max:
    case ir::Wcr::none:
    case ir::Wcr::custom: break;
  }
  return std::nullopt;
}

class Reduction {
 public:
  Reduction(Machine& machine, Scope& scope, ir::LibraryNode& node) : machine_(machine), scope_(scope), node_(node) {}

  void run() {
    machine_.at = &node_;
    if (!read_attributes() || !split_axes()) return;
    std::vector<std::vector<int64_t>> targets;
    for_each_index(out_.box.size, [&](const std::vector<int64_t>& index) {
      std::vector<int64_t> at;
      out_.box.at(index, at);
      targets.push_back(std::move(at));
      return true;
    });
    size_t next = 0;
    for_each_index(kept_extents_, [&](const std::vector<int64_t>& kept) {
      if (next >= targets.size()) {
        machine_.failure.bug("the output of " + node_.label() + " is smaller than what remains");
        return false;
      }
      write(kept, targets[next++]);
      return !machine_.failed();
    });
    if (!machine_.failed() && next != targets.size())
      machine_.failure.bug("the output of " + node_.label() + " is larger than what remains");
  }

 private:
  bool read_attributes() {
    const auto& attributes = node_->attributes;
    auto wcr = attributes.find("wcr"), axes = attributes.find("axes");
    const auto* op = wcr == attributes.end() ? nullptr : std::get_if<ir::Wcr>(&wcr->second);
    const auto* list = axes == attributes.end() ? nullptr : std::get_if<std::vector<int64_t>>(&axes->second);
    const ir::Edge* in = node_.in_edge("_in");
    const ir::Edge* out = node_.out_edge("_out");
    if (!op || !list || !in || !out) {
      machine_.failure.bug("a Reduce needs _in, _out and the attributes wcr and axes");
      return false;
    }
    wcr_ = *op;
    axes_ = *list;
    auto in_place = place_of(machine_, scope_, in->memlet());
    auto out_place = in_place ? place_of(machine_, scope_, out->memlet()) : std::nullopt;
    if (!out_place) return false;
    in_ = *in_place;
    out_ = *out_place;
    return true;
  }

  bool split_axes() {
    const auto rank = static_cast<int64_t>(in_.box.size.size());
    for (int64_t d = 0; d < rank; ++d) {
      const bool reduced = std::find(axes_.begin(), axes_.end(), d) != axes_.end();
      is_reduced_.push_back(reduced);
      (reduced ? reduced_extents_ : kept_extents_).push_back(in_.box.size[static_cast<size_t>(d)]);
    }
    for (int64_t axis : axes_)
      if (axis < 0 || axis >= rank) machine_.failure.bug("Reduce over an axis that _in does not have");
    last_ = std::is_sorted(is_reduced_.begin(), is_reduced_.end());
    return !machine_.failed();
  }

  // Elements to be reduced for one output, as the output's type, in row-major order.
  std::vector<Scalar> gather(const std::vector<int64_t>& kept) {
    std::vector<Scalar> values;
    std::vector<int64_t> index(is_reduced_.size()), at_index;
    Findings findings;
    for_each_index(reduced_extents_, [&](const std::vector<int64_t>& reduced) {
      size_t k = 0, r = 0;
      for (size_t d = 0; d < index.size(); ++d) index[d] = is_reduced_[d] ? reduced[r++] : kept[k++];
      in_.box.at(index, at_index);
      const Array& array = in_.variable->array;
      auto at = locate(array, at_index, in_.name(), machine_.failure);
      if (!at) return false;
      values.push_back(cast(read_element(machine_, array, *at, in_.name()), out_.variable->array.dtype, findings));
      return !machine_.failed();
    });
    return values;
  }

  void write(const std::vector<int64_t>& kept, const std::vector<int64_t>& target) {
    const std::vector<Scalar> values = gather(kept);
    const ir::DType type = out_.variable->array.dtype;
    if (machine_.failed()) return;
    std::optional<Scalar> result = last_ ? lane_tree(wcr_, values, type) : std::nullopt;
    if (!result) result = one_after_the_other(values, type);
    auto at = locate(out_.variable->array, target, out_.name(), machine_.failure);
    if (result && at) write_element(machine_, scope_, out_, *at, *result);
  }

  std::optional<Scalar> one_after_the_other(const std::vector<Scalar>& values, ir::DType type) {
    std::optional<Scalar> total = neutral(wcr_, type);
    Findings findings;
    for (const Scalar& value : values) total = total ? combine(wcr_, *total, value, findings) : value;
    if (!total) machine_.failure.bug("a minimum or maximum over nothing");
    if (findings.python || findings.undefined) report(machine_, findings, ir::code::Op::add, values[0], {});
    return total;
  }

  Machine& machine_;
  Scope& scope_;
  ir::LibraryNode& node_;
  ir::Wcr wcr_ = ir::Wcr::none;
  std::vector<int64_t> axes_, kept_extents_, reduced_extents_;
  std::vector<bool> is_reduced_;
  bool last_ = false;  // the reduced axes are the last ones: the lane tree
  Place in_, out_;
};

// The arrays of a callback, `_in0 _in1 ...` or `_out0 ...`, as they lie in memory.
class CallbackPorts {
 public:
  CallbackPorts(Machine& machine, Scope& scope) : machine_(machine), scope_(scope) {}

  void add(const ir::Edge& edge) {
    auto place = edge.memlet().is_empty() ? std::nullopt : place_of(machine_, scope_, edge.memlet());
    if (!place || place->is_stream()) return;
    const Array& array = place->variable->array;
    ArrayRef ref{array.dtype, nullptr, place->box.size, {}};
    for (size_t d = 0; d < place->box.step.size(); ++d) ref.strides.push_back(array.strides[d] * place->box.step[d]);
    // Every element is looked up once: what Python sees is memory that we know.
    std::vector<int64_t> index;
    for_each_index(place->box.size, [&](const std::vector<int64_t>& at) {
      place->box.at(at, index);
      auto found = locate(array, index, place->name(), machine_.failure);
      if (found) load(array, *found, place->name(), machine_.failure);
      if (machine_.failed()) return false;
      if (!ref.data) ref.data = array.memory->data + *found;
      offsets_.emplace_back(array, *found);
      return true;
    });
    refs.push_back(std::move(ref));
  }
  void mark_written() {
    for (auto& [array, at] : offsets_) store(array, at, load(array, at, "", machine_.failure), "", machine_.failure);
  }
  bool all_written() const {
    return std::all_of(offsets_.begin(), offsets_.end(),
                       [](const auto& element) { return is_written(element.first, element.second); });
  }

  std::vector<ArrayRef> refs;

 private:
  Machine& machine_;
  Scope& scope_;
  std::vector<std::pair<Array, int64_t>> offsets_;
};

void run_callback(Machine& machine, Scope& scope, ir::LibraryNode& node) {
  machine.at = &node;
  CallbackPorts inputs(machine, scope), outputs(machine, scope);
  for (size_t i = 0; const ir::Edge* edge = node.in_edge("_in" + std::to_string(i)); ++i) inputs.add(*edge);
  for (size_t i = 0; const ir::Edge* edge = node.out_edge("_out" + std::to_string(i)); ++i) outputs.add(*edge);
  auto found = node->attributes.find("function");
  const auto* function = found == node->attributes.end() ? nullptr : std::get_if<int64_t>(&found->second);
  if (!function) machine.failure.bug("a Callback needs the attribute function");
  if (!machine.options.callback) machine.failure.bug("the program calls back into Python, which is not there");
  if (!machine.failed() && machine.options.uninitialised == Uninitialised::report && !inputs.all_written())
    machine.failure.bug("a callback reads what was never written");
  if (machine.failed()) return;
  base::Status status = machine.options.callback(*function, inputs.refs, outputs.refs);
  if (!status) return machine.failure.report(status.error());
  outputs.mark_written();
}

}  // namespace

Task run_library(Machine& machine, Scope& scope, ir::LibraryNode& node) {
  if (node->operation == "Reduce") {
    Reduction(machine, scope, node).run();
  } else if (node->operation == "Callback") {
    run_callback(machine, scope, node);
  } else {
    const Flow flow = co_await run_expansion(machine, scope, node);
    co_return flow;
  }
  co_return machine.failed() ? Flow::stop : Flow::next;
}

}  // namespace thalweg::interpret
