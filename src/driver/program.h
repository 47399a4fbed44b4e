// A decorated function: its signatures, the builds of each, and the choice of a build for a call.
//
// Signature = dtypes, ranks, contiguity and fixed objects of a call. Within a signature a call is served by the first
// plain build whose guards hold; if none does, another plain build is made (at most kPlainBuilds), and when the call
// is degenerate or the number is used up, by the one general build, which is right for every call of the signature.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "driver/build.h"
#include "driver/call.h"

namespace thalweg::driver {

inline constexpr size_t kPlainBuilds = 2;
inline constexpr size_t kGuardedGeneralBuilds = 6;  // general builds differ only in values that had to be fixed
inline constexpr size_t kSignatures = 64;           // kept least recently used
inline constexpr size_t kListedBuilds = 256;        // for explain(); the oldest are dropped
inline constexpr size_t kRefusals = 8;              // refused signatures, after which no new one is tried

// How the parameters are declared; shapes of annotated arrays are over symbols.
struct ParameterInfo {
  std::string name;
  std::optional<frontend::HostAnnotation> annotation;
  bool compiletime = false;  // its value is a constant of the build
};

// Where an entry symbol's value comes from in a call.
struct SymbolSource {
  enum class Kind : uint8_t { extent, stride, integer, extra } kind;
  int argument = 0;
  int dimension = 0;
};

class Signature {
 public:
  Signature(const std::vector<ParameterInfo>& parameters, const std::vector<CallArgument>& call,
            const std::vector<std::string>& extra_symbols, std::vector<frontend::HostObject> fixed);

  // Entry symbol values of a call, in symbol order. Diagnoses extents that contradict the annotations.
  base::Status bind(const std::vector<CallArgument>& call, const std::vector<int64_t>& extra, int64_t* values) const;
  const std::vector<std::string>& symbols() const { return symbols_; }
  // Those that stand for a thalweg.symbol: extents in annotations and what was passed by keyword.
  std::vector<std::string> sizes() const;
  const std::vector<std::pair<std::string, frontend::Argument>>& arguments() const { return arguments_; }
  // The container of each argument of a call: the parameters' names, then those of the parts of sparse matrices and
  // of objects.
  const std::vector<std::string>& containers() const { return containers_; }

  struct Variant {  // without and with overlapping arguments
    std::vector<std::shared_ptr<Build>> plain, general;
    std::vector<SlotExpr> degenerate;  // conditions that calls have failed before: such a call goes straight to general
  };
  Variant& variant(bool aliased) { return variants_[aliased]; }
  // Why calls of this signature are not compiled.
  std::optional<base::Diagnostic>& refusal() { return refusal_; }
  // Objects whose identity stands in the key must live as long as the signature.
  void keep(std::vector<std::shared_ptr<void>> objects) { kept_ = std::move(objects); }

 private:
  void add_symbol(const std::string& name, SymbolSource source);
  std::string new_name(const std::string& wanted);
  struct Pending {  // an annotated extent that is no symbol's own definition
    symbolic::Expr expr, text;
    int argument, dimension;
  };
  struct Making;  // what the constructor works with
  frontend::Argument argument(Making& making, size_t index, const ParameterInfo* parameter);
  frontend::ArrayArgument array_argument(Making& making, size_t index, const ParameterInfo* parameter);
  frontend::SparseArgument sparse_argument(const std::vector<CallArgument>& call, size_t index);
  frontend::StructureArgument structure_argument(Making& making, size_t index);
  std::vector<std::pair<std::string, frontend::Argument>> arguments_;
  std::vector<std::string> containers_;
  std::set<std::string> taken_;  // names of parameters, of parts, and of symbols that somebody has written
  std::vector<std::string> symbols_;
  std::vector<SymbolSource> sources_;
  struct ExtentCheck {  // annotated extent that is not the symbol's own definition
    SlotExpr expr;
    symbolic::Expr text;
    int argument, dimension;
  };
  std::vector<ExtentCheck> checks_;
  std::vector<std::shared_ptr<void>> kept_;
  std::array<Variant, 2> variants_;
  std::optional<base::Diagnostic> refusal_;
};

class Program {
 public:
  Program(std::string name, std::vector<ParameterInfo> parameters)
      : name_(std::move(name)), parameters_(std::move(parameters)) {}

  const std::string& name() const { return name_; }
  const std::vector<ParameterInfo>& parameters() const { return parameters_; }

  // The signature of a call (made when new). `fixed` gives the host objects of fixed arguments, in parameter order, and
  // the classes of objects that were taken apart.
  std::shared_ptr<Signature> signature(const std::vector<CallArgument>& call,
                                       const std::function<frontend::HostObject(size_t parameter)>& fixed,
                                       const std::vector<std::string>& extra_symbols);
  // A build that exists already and serves the call with these entry symbol values; null if none does.
  static std::shared_ptr<Build> find(Signature& signature, const int64_t* symbols, bool aliased);
  // The build that serves the call; planned when there is none yet. One thread at a time (the border holds a lock).
  // What was refused as unsupported is not tried again, except by a strict program.
  base::Result<std::shared_ptr<Build>> select(Signature& signature, const int64_t* symbols, bool aliased,
                                              const BuildContext& context);
  // The plain build of annotated parameters, without any call: every assumption is taken and guarded.
  base::Result<std::shared_ptr<Build>> compile_ahead(Signature& signature, const BuildContext& context);
  void forget_builds();  // globals changed

  // For explain() and tests: every build of every signature, in the order they were made.
  const std::vector<std::shared_ptr<Build>>& builds() const { return builds_; }

 private:
  base::Result<std::shared_ptr<Build>> choose(Signature& signature, const int64_t* symbols, bool aliased,
                                              const BuildContext& context);
  base::Result<std::shared_ptr<Build>> make(Signature& signature, const int64_t* symbols, bool aliased,
                                            BuildAssumptions::Mode mode, const BuildContext& context,
                                            std::vector<symbolic::Expr>& unmet);
  std::string name_;
  std::vector<ParameterInfo> parameters_;
  struct Entry {
    SignatureKey key;
    std::shared_ptr<Signature> signature;
  };
  std::vector<Entry> signatures_;  // most recently used first
  std::vector<std::shared_ptr<Build>> builds_;
  size_t refusals_ = 0;
};

}  // namespace thalweg::driver
