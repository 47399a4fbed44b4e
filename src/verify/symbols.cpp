// Values for the free symbols of a graph: proposed, then mended until the assumptions hold, or given up.
#include <algorithm>
#include <random>
#include <set>

#include "analysis/symbols.h"
#include "ir/results.h"
#include "verify/inputs.h"

namespace thalweg::verify {

using symbolic::Expr;
using symbolic::Kind;

namespace {

using Values = std::map<std::string, int64_t>;

void collect_constants(const Expr& expr, std::set<int64_t>& into) {
  if (expr.kind() == Kind::integer && std::abs(expr.integer()) <= 512) into.insert(expr.integer());
  for (const Expr& operand : expr.operands()) collect_constants(operand, into);
}

class Choices {
 public:
  explicit Choices(const ir::SDFG& graph) : graph_(graph) {
    names_ = analysis::free_symbols(graph);
    for (const std::string& name : graph->arguments)
      if (!graph.find(name)) names_.insert(name);
    conditions_ = graph->assumptions;
    for (const ir::Container* container : ir::given_containers(graph))
      for (const Expr& extent : container->get().shape) {
        symbolic::collect_symbols(extent, sizes_);
        conditions_.push_back(symbolic::ge(extent, 0));
      }
    for (const ir::Container* container : ir::given_containers(graph))
      for (const Expr& stride : container->get().strides) symbolic::collect_symbols(stride, strides_);
    for (const std::string& name : sizes_) strides_.erase(name);
    names_.insert(sizes_.begin(), sizes_.end());
    names_.insert(strides_.begin(), strides_.end());
    std::set<int64_t> constants;
    for (const Expr& condition : conditions_) collect_constants(condition, constants);
    for (int64_t constant : constants)
      for (int64_t near : {constant, constant + 1}) far_.push_back(near);
  }

  std::vector<Values> choose(size_t most) {
    constexpr int64_t sizes[] = {5, 1, 0, 3, 2, 7, 4, 9, 6, 8, 17};
    std::vector<Values> found;
    auto add = [&](std::optional<Values> values) {
      if (values && std::find(found.begin(), found.end(), *values) == found.end()) found.push_back(std::move(*values));
    };
    for (int64_t size : sizes)  // all alike
      if (found.size() < most) add(mended(constant(size)));
    for (int attempt = 0; attempt < 60 && found.size() < most + 4; ++attempt) {
      Values values;
      for (const std::string& name : names_) values[name] = sizes[random_() % std::size(sizes)];
      add(mended(std::move(values)));
    }
    // Mixed sizes are worth a third of the places.
    if (found.size() > most) {
      std::rotate(found.begin() + static_cast<std::ptrdiff_t>(most - most / 3),
                  found.begin() + static_cast<std::ptrdiff_t>(most), found.end());
      found.resize(most);
    }
    return found;
  }

 private:
  Values constant(int64_t value) const {
    Values values;
    for (const std::string& name : names_) values[name] = value;
    return values;
  }

  // Strides that are symbols follow from the extents: C order, now and then with a gap.
  void set_strides(Values& values) {
    for (const ir::Container* container : ir::given_containers(graph_)) {
      const ir::ContainerFields& fields = container->get();
      int64_t next = random_() % 3 == 0 ? 2 : 1;
      for (size_t d = fields.shape.size(); d-- > 0;) {
        if (fields.strides[d].kind() == Kind::symbol && strides_.contains(fields.strides[d].name()))
          values[fields.strides[d].name()] = next;
        auto extent = symbolic::evaluate(fields.shape[d], values),
             stride = symbolic::evaluate(fields.strides[d], values);
        next = std::max<int64_t>(1, extent.value_or(1)) * std::abs(stride.value_or(next)) +
               static_cast<int64_t>(random_() % 4 == 0);
      }
    }
  }

  std::optional<Values> mended(Values values) {
    for (int round = 0; round < 40; ++round) {
      const Expr* broken = nullptr;
      for (const Expr& condition : conditions_)
        if (!broken && symbolic::evaluate(condition, values).value_or(0) == 0 && !mentions_stride(condition))
          broken = &condition;
      if (!broken) {
        if (!strides_.empty()) set_strides(values);
        const bool holds = std::all_of(conditions_.begin(), conditions_.end(), [&](const Expr& condition) {
          return symbolic::evaluate(condition, values).value_or(0) != 0;
        });
        return holds ? std::optional(std::move(values)) : std::nullopt;
      }
      mend(*broken, values);
    }
    return std::nullopt;
  }

  bool mentions_stride(const Expr& condition) const {
    std::set<std::string> used;
    symbolic::collect_symbols(condition, used);
    return std::any_of(used.begin(), used.end(), [&](const auto& name) { return strides_.contains(name); });
  }

  void mend(const Expr& condition, Values& values) {
    if (condition.kind() == Kind::eq)
      for (size_t side : {0, 1})
        if (const Expr& symbol = condition.operands()[side]; symbol.kind() == Kind::symbol)
          if (auto value = symbolic::evaluate(condition.operands()[1 - side], values)) {
            values[symbol.name()] = *value;
            return;
          }
    std::set<std::string> used;
    symbolic::collect_symbols(condition, used);
    if (used.empty()) return;
    auto chosen = used.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(random_() % used.size()));
    const bool far = !far_.empty() && random_() % 2 == 0;
    values[*chosen] = far ? far_[random_() % far_.size()] : static_cast<int64_t>(random_() % 13) - 2;
  }

  const ir::SDFG& graph_;
  std::set<std::string> names_, sizes_, strides_;
  std::vector<Expr> conditions_;
  std::vector<int64_t> far_;  // near the constants of the assumptions
  std::mt19937_64 random_{20};
};

}  // namespace

std::vector<std::map<std::string, int64_t>> symbol_choices(const ir::SDFG& graph, size_t most) {
  return Choices(graph).choose(most);
}

}  // namespace thalweg::verify
