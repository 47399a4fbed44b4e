// Symbol propagation: a symbol that is a copy of others gives way to what it was copied from.
//
//   k := j; [ A[k] = B[k + 1] ]     ==>     k := j; [ A[j] = B[j + 1] ]
//
// As long as neither side has changed since. Sums are followed only where their ends are known to fit into 64 bits.
// The assignment stays; RemoveUnusedSymbols takes it when nothing reads it any more.
#include "transforms/symbol_propagation.h"

#include "transforms/control_code.h"
#include "transforms/control_facts.h"
#include "transforms/value_sites.h"

namespace thalweg::transforms {

using namespace ir;
using rewrite::Declined;
using rewrite::legal;

namespace {

Known copied_value(const std::string& name, const code::Ptr& value, const Values& before,
                   const symbolic::Facts& facts) {
  if (reads_containers(value)) return {nullptr, name + " is read from memory"};
  code::Replacement by;
  std::set<std::string> used;
  code::collect_symbols(*value, used);
  for (const std::string& one : used)
    if (auto found = before.find(one); found != before.end() && found->second.value)
      by.symbols[one] = found->second.value->symbol;
  const auto index = index_of(code::replace(value, by), facts);
  if (!index) return {nullptr, name + " is assigned something that is no index expression"};
  if (index->as_integer()) return {nullptr, name + " is a constant"};
  std::set<std::string> containers;
  symbolic::collect_containers(*index, containers);
  if (!containers.empty()) return {nullptr, name + " is read from memory"};
  if (!legal("SymbolPropagation.fits", fits_index(*index, facts)))
    return {nullptr, symbolic::to_string(*index) + " may be larger than 64 bits"};
  return {code::symbol(*index), ""};
}

constexpr ValueConditions kSymbolConditions{.transient = "",
                                            .not_shared = "",
                                            .one_value = "SymbolPropagation.one_value",
                                            .not_in_loop = "SymbolPropagation.not_in_loop",
                                            .no_cycle = "SymbolPropagation.no_cycle",
                                            .unchanged_since = "SymbolPropagation.unchanged_since",
                                            .not_written_here = "",
                                            .always_written = ""};

struct SymbolPropagation {
  static constexpr std::string_view name = "SymbolPropagation";
  static constexpr std::string_view help = "Symbols that are copies give way to what they were copied from.";
  using Site = ValueSite;
  struct Plan {
    Site site;
    Replacing with;
  };

  static std::vector<Site> sites(SDFG& graph) {
    auto facts = std::make_shared<std::optional<symbolic::Facts>>();  // most graphs have no copies to ask about
    ValueRules rules{kSymbolConditions, false,
                     [facts, &graph](const std::string& name, const code::Ptr& value, const Values& before) {
                       if (!*facts) *facts = ControlFacts(graph).in(graph);
                       return copied_value(name, value, before, **facts);
                     }};
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

const rewrite::Transformation symbol_propagation = rewrite::make_transformation<SymbolPropagation>();

}  // namespace thalweg::transforms
