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
// With options (options.h): a `struct Options`, and `match(graph, site, options)`. `static constexpr bool once = true;`
// says that applying it again would undo it.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "ir/sdfg.h"
#include "rewrite/options.h"

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
  bool once = false;  // it would undo itself: applied in one sweep, not until it applies nowhere
  std::vector<OptionInfo> options;
  // The same transformation with these options, the others at their standard.
  std::function<base::Result<Transformation>(const OptionValues&)> with;
};

template <class T>
struct OptionsOf {
  using Type = NoOptions;
};
template <class T>
  requires requires { typename T::Options; }
struct OptionsOf<T> {
  using Type = typename T::Options;
};

template <class T>
Match<typename T::Plan> match_at(ir::SDFG& graph, const typename T::Site& site,
                                 const typename OptionsOf<T>::Type& options) {
  if constexpr (requires { typename T::Options; })
    return T::match(graph, site, options);
  else
    return T::match(graph, site);
}

template <class T>
Candidate candidate_at(ir::SDFG& graph, const typename T::Site& site, const typename OptionsOf<T>::Type& options) {
  Candidate candidate;
  candidate.place = T::describe(site);
  candidate.location = T::location(site);
  auto match = match_at<T>(graph, site, options);
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
base::Result<int> sweep(ir::SDFG& graph, const Perform& perform, const typename OptionsOf<T>::Type& options) {
  int count = 0;
  for (const auto& site : T::sites(graph)) {
    if (!T::present(site)) continue;
    const Candidate candidate = candidate_at<T>(graph, site, options);
    if (!candidate.declined.empty()) continue;
    TW_TRY_VOID(perform(candidate));
    ++count;
  }
  return count;
}

template <class T>
Transformation make_transformation(typename OptionsOf<T>::Type options = {}) {
  Transformation made;
  made.name = T::name, made.help = T::help;
  made.candidates = [options](ir::SDFG& graph) {
    std::vector<Candidate> found;
    for (const auto& site : T::sites(graph)) found.push_back(candidate_at<T>(graph, site, options));
    return found;
  };
  made.first = [options](ir::SDFG& graph) -> std::optional<Candidate> {
    for (const auto& site : T::sites(graph))
      if (Candidate candidate = candidate_at<T>(graph, site, options); candidate.declined.empty()) return candidate;
    return std::nullopt;
  };
  made.sweep = [options](ir::SDFG& graph, const Perform& perform) { return sweep<T>(graph, perform, options); };
  if constexpr (requires { T::once; }) made.once = T::once;
  using Options = typename OptionsOf<T>::Type;
  made.options = described<Options>();
  made.with = [](const OptionValues& values) -> base::Result<Transformation> {
    TW_TRY(Options given, options_from<Options>(std::string(T::name), values));
    return make_transformation<T>(std::move(given));
  };
  return made;
}

// Does a legality condition hold? Each has a name "transformation.condition"; the variable THALWEG_PLANT=name switches
// one off, so that the tests can show that some test then fails.
bool legal(std::string_view condition, bool holds);

}  // namespace thalweg::rewrite
