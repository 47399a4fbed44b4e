// Constant propagation: symbols and transient scalars that hold one constant become that constant where they are used.
//
//   s = 3.0; k := 2                        s = 3.0; k := 2
//   [ i: B[i] = A[i + k] * s ]     ==>     [ i: B[i] = A[i + 2] * 3.0 ]
//
// Values are followed along the control flow: branches must agree, what a loop changes is not known in it and after it.
// The assignments stay; RemoveUnusedSymbols and DeadDataflowElimination take those that nothing reads any more.
#include "transforms/constant_propagation.h"

#include "transforms/control_code.h"
#include "transforms/value_sites.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;

namespace {

// The value with all known constants put in.
Known constant_value(const std::string& name, const code::Ptr& value, const Values& before) {
  code::Replacement by;
  std::set<std::string> used;
  code::collect_symbols(*value, used);
  code::collect_inputs(*value, used);
  for (const std::string& one : used) {
    auto found = before.find(one);
    if (found == before.end() || !found->second.value) continue;
    const code::Ptr& known = found->second.value;
    by.inputs[one] = known;
    if (const auto* number = std::get_if<int64_t>(&known->value)) by.symbols[one] = *number;
  }
  const code::Ptr made = fold(code::replace(value, by));
  if (made->op == code::Op::constant) return {made, ""};
  return {nullptr, name + " is assigned a value that is no constant"};
}

constexpr ValueConditions kConditions{.transient = "ConstantPropagation.transient",
                                      .not_shared = "ConstantPropagation.not_shared",
                                      .one_value = "ConstantPropagation.one_value",
                                      .not_in_loop = "ConstantPropagation.not_in_loop",
                                      .no_cycle = "ConstantPropagation.no_cycle",
                                      .unchanged_since = "",
                                      .not_written_here = "ConstantPropagation.not_written_here",
                                      .always_written = "ConstantPropagation.always_written"};

struct ConstantPropagation {
  static constexpr std::string_view name = "ConstantPropagation";
  static constexpr std::string_view help = "Uses of symbols and scalars that hold a constant become the constant.";
  using Site = ValueSite;
  struct Plan {
    Site site;
    Replacing with;
  };

  static std::vector<Site> sites(SDFG& graph) {
    ValueRules rules{kConditions, true, constant_value};
    return value_sites(graph, std::make_shared<ControlValues>(graph, rules));
  }
  static bool present(const Site& site) { return value_site_present(site); }
  static std::string describe(const Site& site) { return transforms::describe(site); }
  static base::Location location(const Site& site) { return site.element->location(); }

  static rewrite::Match<Plan> match(SDFG& graph, const Site& site) {
    auto found = replacing(graph, site);
    if (auto* why = std::get_if<std::string>(&found)) return Declined{*why};
    return Plan{site, std::get<Replacing>(std::move(found))};
  }

  static void apply(SDFG&, const Plan& plan) { replace_value(plan.site, plan.with); }
};

}  // namespace

const rewrite::Transformation constant_propagation = rewrite::make_transformation<ConstantPropagation>();

}  // namespace thalweg::transforms
