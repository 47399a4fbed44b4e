// Every element of every build goes through one form of a mathematical function: the widest that the target has.
//
// The text declares `extern double thw_exp(double) __attribute__((const));`. libmvec's SSE, AVX2 and AVX-512 forms
// of exp differ in the last bits, and so does libm's scalar exp; an element's value would depend on whether it
// fell into the vector body or the remainder of a loop. So the vectorisers may use any number of lanes w, under
// the name thw_exp.w, but after optimisation each such function becomes a small internal one that spreads its
// lanes over calls of the widest form; the scalar thw_exp puts its one value into all lanes. The remaining
// lanes repeat given values and never hold a special one that was not asked for.
// The interpreter's thw_exp (runtime/src/vector_math.cpp) does the same.
#include "vector_math.h"

#include "llvm/Analysis/VectorUtils.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

namespace thalweg::jit {
namespace {

struct Function {
  const char* name;
  unsigned arguments;
};

// All that glibc 2.36's libmvec.so.1 exports in SSE, AVX2 and AVX-512 forms, in double and (with an f) in float.
// (sincos, with its two pointers, is left out.)
constexpr Function functions[] = {{"acos", 1},  {"acosh", 1}, {"asin", 1}, {"asinh", 1}, {"atan", 1},  {"atan2", 2},
                                  {"atanh", 1}, {"cbrt", 1},  {"cos", 1},  {"cosh", 1},  {"erf", 1},   {"erfc", 1},
                                  {"exp", 1},   {"exp10", 1}, {"exp2", 1}, {"expm1", 1}, {"hypot", 2}, {"log", 1},
                                  {"log10", 1}, {"log1p", 1}, {"log2", 1}, {"pow", 2},   {"sin", 1},   {"sinh", 1},
                                  {"tan", 1},   {"tanh", 1}};

// One scalar function of the text, and what stands behind it on one target.
struct Form {
  std::string scalar;   // "thw_expf"
  std::string libmvec;  // "_ZGVeN16v_expf"
  unsigned lanes = 0, arguments = 0;
  bool is_float = false;
};

std::vector<Form> forms_of(const Target& target) {
  std::vector<Form> result;
  if (target.is_gpu()) return result;
  char isa = target.vector_bits == 512 ? 'e' : target.vector_bits == 256 ? 'd' : 'b';
  for (const Function& function : functions) {
    for (bool is_float : {false, true}) {
      Form form;
      std::string name = function.name + std::string(is_float ? "f" : "");
      form.scalar = "thw_" + name;
      form.lanes = target.vector_bits / (is_float ? 32 : 64);
      form.arguments = function.arguments;
      form.is_float = is_float;
      form.libmvec = std::string("_ZGV") + isa + "N" + std::to_string(form.lanes) +
                     std::string(function.arguments, 'v') + "_" + name;
      result.push_back(form);
    }
  }
  return result;
}

constexpr unsigned widths[] = {2, 4, 8, 16, 32};  // what the vectorisers may ask for

// The table keeps references to its names only, so they live as long as the process: one set per vector width.
struct Entry {
  std::string scalar, vector, mangling;
  unsigned lanes;
};

std::vector<Entry> entries_of(const Target& target) {
  std::vector<Entry> result;
  for (const Form& form : forms_of(target)) {
    for (unsigned width : widths) {
      std::string vector = width == form.lanes ? form.libmvec : form.scalar + "." + std::to_string(width);
      std::string mangling = "_ZGV_LLVM_N" + std::to_string(width) + std::string(form.arguments, 'v');
      result.push_back({form.scalar, vector, mangling, width});
    }
  }
  return result;
}

const std::vector<Entry>& entries_for_width_of(const Target& target) {
  static const std::vector<Entry> narrow = entries_of({"", "", {}, 128});
  static const std::vector<Entry> middle = entries_of({"", "", {}, 256});
  static const std::vector<Entry> wide = entries_of({"", "", {}, 512});
  return target.vector_bits == 512 ? wide : target.vector_bits == 256 ? middle : narrow;
}

class Definer {
 public:
  explicit Definer(llvm::Module& module) : module_(module) {
    // The bodies must be generated with the same instruction set as their callers.
    for (const llvm::Function& function : module) {
      if (!function.isDeclaration()) attributes_ = function.getAttributes().getFnAttrs();
    }
  }

  // `lanes` 0 stands for the scalar function itself.
  void define(llvm::Function& function, const Form& form, unsigned lanes) {
    llvm::IRBuilder<> builder(llvm::BasicBlock::Create(module_.getContext(), "", &function));
    llvm::Value* result = nullptr;
    if (lanes <= form.lanes) {
      std::vector<llvm::Value*> arguments;
      for (llvm::Argument& argument : function.args()) arguments.push_back(fill(builder, &argument, form.lanes));
      result = call_form(builder, form, arguments);
      if (lanes == 0) {
        result = builder.CreateExtractElement(result, uint64_t{0});
      } else {
        result = builder.CreateShuffleVector(result, range(0, lanes));
      }
    } else {
      std::vector<llvm::Value*> parts;
      for (unsigned first = 0; first < lanes; first += form.lanes) {
        std::vector<llvm::Value*> arguments;
        for (llvm::Argument& argument : function.args()) {
          arguments.push_back(builder.CreateShuffleVector(&argument, range(first, form.lanes)));
        }
        parts.push_back(call_form(builder, form, arguments));
      }
      result = llvm::concatenateVectors(builder, parts);
    }
    builder.CreateRet(result);
    function.clearMetadata();  // with line tables, a declaration describes itself as one
    function.setLinkage(llvm::GlobalValue::InternalLinkage);
    function.setVisibility(llvm::GlobalValue::DefaultVisibility);
    function.setDSOLocal(true);
    llvm::AttributeList kept;
    for (const char* name : {"target-cpu", "target-features", "tune-cpu", "prefer-vector-width"}) {
      if (attributes_.hasAttribute(name))
        kept = kept.addFnAttribute(module_.getContext(), attributes_.getAttribute(name));
    }
    kept = kept.addFnAttribute(module_.getContext(), llvm::Attribute::NoUnwind);
    function.setAttributes(kept);
  }

 private:
  static llvm::SmallVector<int, 32> range(unsigned first, unsigned count) {
    llvm::SmallVector<int, 32> mask;
    for (unsigned i = 0; i < count; ++i) mask.push_back(int(first + i));
    return mask;
  }

  // A vector of `lanes` lanes that repeats what `value` holds.
  llvm::Value* fill(llvm::IRBuilder<>& builder, llvm::Value* value, unsigned lanes) {
    auto* type = llvm::dyn_cast<llvm::FixedVectorType>(value->getType());
    if (!type) return builder.CreateVectorSplat(lanes, value);
    llvm::SmallVector<int, 32> mask;
    for (unsigned i = 0; i < lanes; ++i) mask.push_back(int(i % type->getNumElements()));
    return builder.CreateShuffleVector(value, mask);
  }

  llvm::Value* call_form(llvm::IRBuilder<>& builder, const Form& form, llvm::ArrayRef<llvm::Value*> arguments) {
    llvm::Type* vector = arguments[0]->getType();
    std::vector<llvm::Type*> parameters(arguments.size(), vector);
    auto callee = module_.getOrInsertFunction(form.libmvec, llvm::FunctionType::get(vector, parameters, false));
    llvm::CallInst* call = builder.CreateCall(callee, arguments);
    call->setDoesNotThrow();
    return call;
  }

  llvm::Module& module_;
  llvm::AttributeSet attributes_;
};

}  // namespace

void add_vector_math(llvm::TargetLibraryInfoImpl& library, const Target& target) {
  if (target.is_gpu()) return;
  std::vector<llvm::VecDesc> table;
  for (const Entry& entry : entries_for_width_of(target)) {
    table.emplace_back(entry.scalar, entry.vector, llvm::ElementCount::getFixed(entry.lanes), /*Masked=*/false,
                       entry.mangling);
  }
  library.addVectorizableFunctions(table);
}

void define_vector_math(llvm::Module& module, const Target& target) {
  // The vectorisers declare every width of a function that they see and pin the declarations; unpin ours.
  llvm::removeFromUsedLists(module, [](llvm::Constant* constant) {
    llvm::StringRef name = constant->stripPointerCasts()->getName();
    return name.starts_with("thw_") || name.starts_with("_ZGV");
  });
  Definer definer(module);
  for (const Form& form : forms_of(target)) {
    auto settle = [&](const std::string& name, unsigned lanes) {
      llvm::Function* function = module.getFunction(name);
      if (!function || !function->isDeclaration()) return;
      function->removeDeadConstantUsers();  // the list that pinned it
      if (function->use_empty()) {
        function->eraseFromParent();
      } else {
        definer.define(*function, form, lanes);
      }
    };
    settle(form.scalar, 0);
    for (unsigned width : widths) {
      if (width != form.lanes) settle(form.scalar + "." + std::to_string(width), width);
    }
  }
}

}  // namespace thalweg::jit
