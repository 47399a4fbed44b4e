// A transformation is a value: name, one-line help, and the places of a graph where it may apply, each with a typed
// plan or the reason why not. Matching is pure; applying takes the plan and cannot fail.
//
// A transformation is written as a struct T with
//   static constexpr std::string_view name, help;
//   struct Plan { ... };                                       `std::string reason` in it: why it is legal, for people
//   static std::vector<Site> sites(ir::SDFG& graph);                       what to look at, in graph order
//   static bool present(const Site&);      is the place still in the graph, after others were rewritten?
//   static std::string describe(const Site&);  static base::Location location(const Site&);
//   static Match<Plan> match(ir::SDFG& graph, const Site& site);           the plan, or why not
//   static void apply(ir::SDFG& graph, const Plan& plan);
// with a Site type of its own that holds its elements by Ref, and exported as `const Transformation t = make_transformation<T>();`.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "ir/sdfg.h"

namespace thalweg::rewrite {

// Why a transformation does not apply at a place, for people.
struct Declined {
  std::string reason;
};

template <class Plan>
using Match = std::variant<Plan, Declined>;

// One place of a graph that a transformation looked at.
struct Candidate {
  std::string place;            // "state s0 -> s1", "access node tmp in state s0"
  base::Location location;      // the user's lines
  std::string declined;         // why not; empty when it applies
  std::string reason;           // why it is legal, where the plan has a `reason`
  std::function<void()> apply;  // set when it applies; valid until the graph changes
};

// Carries out one application (as a transaction, with its entry in the journal).
using Perform = std::function<base::Status(const Candidate&)>;

struct Transformation {
  std::string name, help;
  // All places in graph order; matching only, the graph stays as it is.
  std::function<std::vector<Candidate>(ir::SDFG& graph)> candidates;
  // The first place that applies, or nothing: cheaper than all candidates.
  std::function<std::optional<Candidate>(ir::SDFG& graph)> first;
  // Looks once at each place, in graph order, and applies at once where it matches; returns how often. The places are
  // collected once, so that a sweep over many costs no more than looking at each.
  std::function<base::Result<int>(ir::SDFG& graph, const Perform& perform)> sweep;
};

template <class T>
Candidate candidate_at(ir::SDFG& graph, const typename T::Site& site) {
  Candidate candidate;
  candidate.place = T::describe(site);
  candidate.location = T::location(site);
  auto match = T::match(graph, site);
  if (auto* declined = std::get_if<Declined>(&match)) {
    candidate.declined = declined->reason;
  } else {
    if constexpr (requires(const typename T::Plan& plan) { std::string(plan.reason); })
      candidate.reason = std::get<typename T::Plan>(match).reason;
    candidate.apply = [&graph, plan = std::get<typename T::Plan>(std::move(match))] { T::apply(graph, plan); };
  }
  return candidate;
}

template <class T>
base::Result<int> sweep(ir::SDFG& graph, const Perform& perform) {
  int count = 0;
  for (const auto& site : T::sites(graph)) {
    if (!T::present(site)) continue;
    const Candidate candidate = candidate_at<T>(graph, site);
    if (!candidate.declined.empty()) continue;
    TW_TRY_VOID(perform(candidate));
    ++count;
  }
  return count;
}

template <class T>
Transformation make_transformation() {
  return {std::string(T::name), std::string(T::help),
          [](ir::SDFG& graph) {
            std::vector<Candidate> found;
            for (const auto& site : T::sites(graph)) found.push_back(candidate_at<T>(graph, site));
            return found;
          },
          [](ir::SDFG& graph) -> std::optional<Candidate> {
            for (const auto& site : T::sites(graph))
              if (Candidate candidate = candidate_at<T>(graph, site); candidate.declined.empty()) return candidate;
            return std::nullopt;
          },
          sweep<T>};
}

// Does a legality condition hold? Each has a name "transformation.condition"; the variable THALWEG_PLANT=name switches
// one off, so that the tests can show that some test then fails.
bool legal(std::string_view condition, bool holds);

}  // namespace thalweg::rewrite
