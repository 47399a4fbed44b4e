// If-conversion: a choice between values instead of a choice between ways.
//
//   if c: B[i] = A[i] * 2.0            p = c; t = A[i] * 2.0; u = A[i] + 1.0
//   else: B[i] = A[i] + 1.0    ==>     B[i] = select(p, t, u)
//
// Both sides are computed, into temporaries of their own; then one tasklet for each element written chooses. Where only
// one side writes it, the other value is what was there. So everything on both sides must be harmless: no effects, no
// exceptions, loads in bounds whatever the condition says, and little work.
#include "transforms/if_conversion.h"

#include <algorithm>

#include "analysis/effects.h"
#include "transforms/carries.h"
#include "transforms/control_code.h"
#include "transforms/control_edit.h"
#include "transforms/control_facts.h"
#include "transforms/fresh_names.h"
#include "transforms/overlap.h"
#include "transforms/reach.h"
#include "transforms/work.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;
using symbolic::Subset;

namespace {

// Operations on both sides together that may be done in vain.
constexpr int kMostOperations = 24;

struct ChoiceContext {
  explicit ChoiceContext(const SDFG& graph) : facts(graph), overlap(graph), names(graph) {}
  ControlFacts facts;
  Overlap overlap;
  FreshNames names;
};

struct ChoiceSite {
  Ref<ConditionalBlock> block;
  std::shared_ptr<ChoiceContext> context;
};

// What is written on one side or both: one element of a container.
struct Target {
  std::string data;
  Subset subset;
  bool written[2] = {false, false};
};

struct ChoicePlan {
  ChoiceSite site;
  State* sides[2] = {nullptr, nullptr};  // null: nothing is done there
  std::vector<Target> targets;
};

// The condition as code of a tasklet: a connector for each container that it reads.
struct ConditionCode {
  code::Ptr code;
  std::vector<std::pair<std::string, MemletFields>> inputs;
};

class ChoiceQuestion {
 public:
  ChoiceQuestion(SDFG& graph, const ChoiceSite& site)
      : graph_(graph), block_(*site.block), context_(*site.context), facts_(context_.facts.at(block_)) {
    plan_.site = site;
  }

  rewrite::Match<ChoicePlan> ask() {
    const auto& branches = block_.branches();
    const bool two_ways = branches.size() == 1 || (branches.size() == 2 && !branches[1].condition);
    if (!two_ways || !branches[0].condition) return Declined{"it has more than two ways"};
    if (!legal("IfConversion.condition", !code::may_raise(*branches[0].condition)))
      return Declined{"its condition may raise an exception"};
    if (auto declined = condition_elements(*branches[0].condition, true)) return *declined;
    for (size_t k = 0; k < branches.size(); ++k)
      if (auto declined = side(*branches[k].body, k)) return *declined;
    if (plan_.targets.empty()) return Declined{"nothing is written on either side"};
    for (const Target& target : plan_.targets)
      if (auto declined = old_value(target)) return *declined;
    if (work_.costly > 0 || work_.operations > kMostOperations)
      return Declined{"both sides together are too much work to be done each time"};
    return plan_;
  }

 private:
  std::optional<Declined> side(ControlFlowRegion& body, size_t k) {
    if (body.blocks().size() > 1) return Declined{"a side has several blocks"};
    auto* state = body.blocks().empty() ? nullptr : as<State>(body.blocks()[0].get());
    if (!body.blocks().empty() && !state) return Declined{"a side is more than one state"};
    if (!state || state->nodes().empty()) return std::nullopt;
    plan_.sides[k] = state;
    for (const auto& node : state->nodes())
      if (auto declined = contents(*node)) return declined;
    for (const auto& edge : state->edges())
      if (auto declined = memlet(*edge)) return declined;
    for (const auto& node : state->nodes())
      if (auto* access = as<AccessNode>(node.get()))
        if (auto declined = writes(*state, *access, k)) return declined;
    return std::nullopt;
  }

  std::optional<Declined> contents(Node& node) {
    if (as<AccessNode>(&node)) return std::nullopt;
    auto* tasklet = as<Tasklet>(&node);
    if (!tasklet || tasklet->get().language.row().opaque) return Declined{"it holds " + node.label()};
    if (!legal("IfConversion.no_effects", !tasklet->get().side_effects))
      return Declined{node.label() + " has side effects"};
    if (!legal("IfConversion.no_checks", !analysis::effects_of(node).may_raise))
      return Declined{node.label() + " may raise an exception"};
    add_work(tasklet->get().code, work_);
    return std::nullopt;
  }

  // Everything moves single elements that exist whatever the condition says.
  std::optional<Declined> memlet(const Edge& edge) {
    const MemletFields& fields = edge.memlet().get();
    if (fields.data.empty()) return std::nullopt;
    if (as<AccessNode>(&edge.source()) && as<AccessNode>(&edge.target())) return Declined{"it copies " + fields.data};
    if (!fields.subset.num_elements().is(1) || fields.dynamic || fields.wcr != Wcr::none)
      return Declined{"more than one element of " + fields.data + " is touched"};
    const Container& container = graph_.container(fields.data);
    const auto kind = container.get().kind;
    if (kind != ContainerKind::array && kind != ContainerKind::scalar)
      return Declined{fields.data + " is no plain array"};
    const Subset whole = Subset::whole(container.get().shape);
    if (!legal("IfConversion.in_bounds", symbolic::covers(whole, fields.subset, facts_) == symbolic::Truth::yes))
      return Declined{"an element of " + fields.data + " may not exist where the condition does not hold"};
    return std::nullopt;
  }

  std::optional<Declined> writes(const State& state, const AccessNode& node, size_t k) {
    const std::string& data = node.get().data;
    for (Edge* edge : node.in_edges()) {
      if (!carries(edge)) continue;
      if (!legal("IfConversion.not_shared", !context_.overlap.shares(data)))
        return Declined{data + " may be the same memory as another container"};
      Target& target = target_of(data, edge->memlet()->subset);
      if (!(target.subset == edge->memlet()->subset)) return Declined{"several elements of " + data + " are written"};
      if (target.written[k]) return Declined{data + " is written several times"};
      target.written[k] = true;
      return reads_behind(state, node, *edge);
    }
    return std::nullopt;
  }
  Target& target_of(const std::string& data, const Subset& subset) {
    for (Target& target : plan_.targets)
      if (target.data == data) return target;
    plan_.targets.push_back({data, subset});
    return plan_.targets.back();
  }
  // Reads of what was written come from the node that was written, and read that element.
  std::optional<Declined> reads_behind(const State& state, const AccessNode& node, const Edge& write) {
    for (Edge* edge : node.out_edges())
      if (carries(edge) && !legal("IfConversion.same_element", edge->memlet()->subset == write.memlet()->subset))
        return Declined{"another element of " + node.get().data + " is read behind the write"};
    for (const auto& other : state.nodes()) {
      auto* access = as<AccessNode>(other.get());
      if (!access || access == &node || access->get().data != node.get().data) continue;
      if (!legal("IfConversion.read_first", !reaches(node, *access)))
        return Declined{node.get().data + " is read again behind the write"};
      for (Edge* edge : access->out_edges())
        if (!legal("IfConversion.read_first", !reaches(node, edge->target()) || reaches(edge->target(), node)))
          return Declined{node.get().data + " is read again behind the write"};
    }
    return std::nullopt;
  }

  // Elements that the condition reads are named by symbols, and exist where it stops before it reads them.
  std::optional<Declined> condition_elements(const code::Expr& expr, bool certain) {
    if (expr.op == code::Op::element) {
      std::vector<symbolic::Expr> at;
      for (const auto& index : expr.args) {
        auto value = index_of(index, facts_);
        if (!value) return Declined{"its condition reads an element chosen by a value"};
        at.push_back(*value);
      }
      const Subset whole = Subset::whole(graph_.container(expr.name).get().shape);
      const bool there = certain || symbolic::covers(whole, Subset::indices(at), facts_) == symbolic::Truth::yes;
      if (!legal("IfConversion.condition_in_bounds", there))
        return Declined{"an element of " + expr.name + " in its condition may not exist"};
      const auto kind = graph_.container(expr.name).get().kind;
      if (kind != ContainerKind::array) return Declined{expr.name + " is no plain array"};
    }
    if (expr.op == code::Op::input && graph_.container(expr.name).get().kind != ContainerKind::scalar)
      return Declined{expr.name + " is no plain scalar"};
    const bool chooses =
        expr.op == code::Op::logical_and || expr.op == code::Op::logical_or || expr.op == code::Op::select;
    for (size_t k = 0; k < expr.args.size(); ++k)
      if (auto declined = condition_elements(*expr.args[k], certain && (k == 0 || !chooses))) return declined;
    return std::nullopt;
  }

  // Where one side does not write the element, what was there before must be something.
  std::optional<Declined> old_value(const Target& target) {
    if (target.written[0] && target.written[1]) return std::nullopt;
    const bool outside = graph_.parent_node() && !graph_.container(target.data).get().transient;
    if (!legal("IfConversion.own_element", !outside))
      return Declined{"another iteration of a map around may write the element of " + target.data};
    const auto& arguments = graph_.get().arguments;
    const bool given = std::find(arguments.begin(), arguments.end(), target.data) != arguments.end();
    if (!legal("IfConversion.has_old_value", given || written_before(target)))
      return Declined{target.data + " may have no value yet"};
    return std::nullopt;
  }
  // Is there a block on the way here that is certain to have written the element?
  bool written_before(const Target& target) const {
    for (const Element* at = &block_; at && at != &graph_; at = at->owner()) {
      auto* region = dynamic_cast<const ControlFlowRegion*>(at->owner());
      if (!region) continue;
      const auto chain = region->chain();
      if (!chain) continue;
      for (ControlFlowBlock* before : *chain) {
        if (before == at) break;
        if (writes_certainly(*before, target)) return true;
      }
    }
    return false;
  }
  bool writes_certainly(const ControlFlowBlock& block, const Target& target) const {
    const analysis::Effects effects = analysis::effects_of(block);
    return std::any_of(effects.writes.begin(), effects.writes.end(), [&](const analysis::Access& write) {
      return write.container == target.data && write.certain && write.subset && write.wcr == Wcr::none &&
             symbolic::covers(*write.subset, Subset::whole(graph_.container(target.data).get().shape), facts_) ==
                 symbolic::Truth::yes;
    });
  }

  SDFG& graph_;
  const ConditionalBlock& block_;
  ChoiceContext& context_;
  const symbolic::Facts facts_;
  ChoicePlan plan_;
  Work work_;
};

// Makes the state that computes both sides and chooses.
class Builder {
 public:
  Builder(SDFG& graph, const ChoicePlan& plan)
      : graph_(graph), plan_(plan), block_(*plan.site.block), names_(plan.site.context->names) {}

  void run() {
    auto made = make_ref<State>(unique_label(*block_.parent(), block_.label()));
    state_ = made.get();
    block_.parent()->add_block(made);  // first, so that all that moves into it is logged
    state_->set_location(block_.location());
    for (size_t k = 0; k < 2; ++k)
      if (plan_.sides[k]) take(k);
    const std::string condition = add_condition();
    for (const Target& target : plan_.targets) choose(target, condition);
    replace_by_block(block_, made);
  }

 private:
  // The nodes of a side, its writes going to scalars of its own.
  void take(size_t k) {
    std::vector<Node*> nodes;
    for (const auto& node : plan_.sides[k]->nodes()) nodes.push_back(node.get());
    state_->absorb(*plan_.sides[k]);
    for (Node* node : nodes) {
      auto* access = as<AccessNode>(node);
      if (!access) {
        computed_.push_back(node);
        continue;
      }
      if (std::none_of(node->in_edges().begin(), node->in_edges().end(), carries)) continue;
      const std::string data = access->get().data;
      const std::string made = scalar(data + (k ? "_else" : "_then"), graph_.container(data).get().dtype);
      access->set<&AccessNodeFields::data>(made);
      for (const auto* list : {&node->in_edges(), &node->out_edges()})
        for (Edge* edge : *list)
          if (carries(edge)) {
            MemletFields fields = memlet(made, {});
            edge->memlet().assign(std::move(fields));
          }
      values_[{data, k}] = access;
    }
  }
  std::string scalar(const std::string& base, DType dtype) {
    const std::string name = names_.fresh(base);
    graph_.add_scalar(name, dtype, true).set_location(block_.location());
    return name;
  }

  // A tasklet that evaluates the condition, into a scalar.
  std::string add_condition() {
    const code::Ptr& condition = block_.branches()[0].condition;
    std::vector<std::pair<std::string, MemletFields>> inputs;
    const symbolic::Facts facts = plan_.site.context->facts.at(block_);
    const code::Ptr value = rebuild(condition, [&](const code::Ptr& leaf) -> code::Ptr {
      if (leaf->op != code::Op::input && leaf->op != code::Op::element) return leaf;
      std::vector<symbolic::Expr> at;
      for (const auto& index : leaf->args) at.push_back(*index_of(index, facts));
      inputs.emplace_back("_in" + std::to_string(inputs.size()), memlet(leaf->name, Subset::indices(at)));
      return code::input(inputs.back().first, leaf->type);
    });
    const std::string name = scalar(block_.label() + "_holds", value->type);
    std::vector<Connector> connectors;
    for (const auto& [connector, fields] : inputs) connectors.push_back({connector, std::nullopt});
    Tasklet& tasklet =
        add(state_->add_tasklet(name, connectors, {{"_out", std::nullopt}}, {code::Store{"_out", {}, value}}));
    for (const auto& [connector, fields] : inputs)
      state_->add_edge(add(state_->add_access(fields.data)), "", tasklet, connector, fields);
    holds_ = &add(state_->add_access(name));
    state_->add_edge(tasklet, "_out", *holds_, "", memlet(name, {}));
    computed_.push_back(&tasklet);
    type_ = value->type;
    return name;
  }

  void choose(const Target& target, const std::string& condition) {
    const DType dtype = graph_.container(target.data).get().dtype;
    std::vector<Connector> connectors{{"_if", std::nullopt}, {"_then", std::nullopt}, {"_else", std::nullopt}};
    const code::Ptr value = code::make(
        code::Op::select, {code::input("_if", type_), code::input("_then", dtype), code::input("_else", dtype)});
    Tasklet& tasklet = add(state_->add_tasklet("choose_" + target.data, connectors, {{"_out", std::nullopt}},
                                               {code::Store{"_out", {}, value}}));
    state_->add_edge(*holds_, "", tasklet, "_if", memlet(condition, {}));
    for (size_t k = 0; k < 2; ++k) {
      const char* connector = k ? "_else" : "_then";
      if (auto found = values_.find({target.data, k}); found != values_.end())
        state_->add_edge(*found->second, "", tasklet, connector, memlet(found->second->get().data, {}));
      else
        state_->add_edge(add(state_->add_access(target.data)), "", tasklet, connector,
                         memlet(target.data, target.subset));
    }
    state_->add_edge(tasklet, "_out", add(state_->add_access(target.data)), "", memlet(target.data, target.subset));
    // Whoever reads the container in this state reads what was there before.
    for (Node* node : computed_)
      for (Edge* edge : node->in_edges())
        if (carries(edge) && edge->memlet()->data == target.data && !reaches(*node, tasklet)) {
          state_->add_order(*node, tasklet);
          break;
        }
  }

  template <class T>
  T& add(T& node) {
    node.set_location(block_.location());
    return node;
  }

  SDFG& graph_;
  const ChoicePlan& plan_;
  ConditionalBlock& block_;
  FreshNames& names_;
  State* state_ = nullptr;
  std::vector<Node*> computed_;
  std::map<std::pair<std::string, size_t>, AccessNode*> values_;
  AccessNode* holds_ = nullptr;
  DType type_;
};

struct IfConversion {
  static constexpr std::string_view name = "IfConversion";
  static constexpr std::string_view help = "A conditional that only computes elements becomes a choice between values.";
  using Site = ChoiceSite;
  using Plan = ChoicePlan;

  static std::vector<Site> sites(SDFG& graph) {
    std::vector<Site> found;
    std::shared_ptr<ChoiceContext> context;
    for (ControlFlowBlock* block : all_blocks(graph)) {
      auto* conditional = as<ConditionalBlock>(block);
      if (!conditional) continue;
      if (!context) context = std::make_shared<ChoiceContext>(graph);
      found.push_back({Ref<ConditionalBlock>(conditional), context});
    }
    std::reverse(found.begin(), found.end());  // inner ones first
    return found;
  }
  static bool present(const Site& site) { return site.block->log() != nullptr; }
  static std::string describe(const Site& site) { return "conditional " + site.block->label(); }
  static base::Location location(const Site& site) { return site.block->location(); }

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site) { return ChoiceQuestion(graph, site).ask(); }
  static void apply(SDFG& graph, const Plan& plan) { Builder(graph, plan).run(); }
};

}  // namespace

const rewrite::Transformation if_conversion = rewrite::make_transformation<IfConversion>();

}  // namespace thalweg::transforms
