// Emitted programs have one static noinline function per loop nest, so nearly all of their compile time can be
// shared out: the nests are independent. What may be inlined (static inline helpers) stays in every part.
#include "split.h"

#include <algorithm>
#include <vector>

#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

namespace thalweg::jit {
namespace {

// Unoptimised instructions that are worth a part: about 3 ms, against 1 ms to make it.
constexpr unsigned worthwhile_instructions = 60;

struct Piece {
  llvm::Function* function;
  unsigned weight;
};

// Whatever would be inlined elsewhere must not be taken away from its callers.
bool stays_everywhere(const llvm::Function& function) {
  return function.hasLocalLinkage() && !function.hasFnAttribute(llvm::Attribute::NoInline);
}

std::vector<Piece> pieces_of(llvm::Module& module) {
  std::vector<Piece> pieces;
  for (llvm::Function& function : module) {
    if (function.isDeclaration() || stays_everywhere(function)) continue;
    pieces.push_back({&function, function.getInstructionCount()});
  }
  // The heaviest first; those alike in the order of the text.
  std::stable_sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.weight > b.weight; });
  return pieces;
}

// Two copies of a static variable would be two variables. (Emitted programs have none.)
bool has_state(const llvm::Module& module) {
  return std::any_of(module.global_begin(), module.global_end(),
                     [](const llvm::GlobalVariable& v) { return !v.isDeclaration() && !v.isConstant(); });
}

void strip_to_part(llvm::Module& module, const Split& split, unsigned part) {
  for (llvm::Function& function : module) {
    auto found = split.owner.find(function.getName().str());
    if (found != split.owner.end() && found->second != part) function.deleteBody();
  }
}

}  // namespace

Split plan_split(llvm::Module& module, unsigned most_parts) {
  Split split;
  if (most_parts < 2 || has_state(module)) return split;
  std::vector<Piece> pieces = pieces_of(module);
  unsigned worthwhile = unsigned(
      std::count_if(pieces.begin(), pieces.end(), [](const Piece& p) { return p.weight >= worthwhile_instructions; }));
  split.parts = std::clamp(worthwhile, 1u, most_parts);
  if (split.parts == 1) return split;
  std::vector<unsigned> load(split.parts, 0);
  for (const Piece& piece : pieces) {
    auto lightest = std::min_element(load.begin(), load.end());
    *lightest += piece.weight;
    split.owner[piece.function->getName().str()] = unsigned(lightest - load.begin());
    if (piece.function->hasLocalLinkage()) {
      piece.function->setLinkage(llvm::GlobalValue::ExternalLinkage);
      piece.function->setVisibility(llvm::GlobalValue::HiddenVisibility);
      piece.function->setDSOLocal(true);
    }
  }
  llvm::raw_string_ostream stream(split.bitcode);
  llvm::WriteBitcodeToFile(module, stream);
  return split;
}

std::unique_ptr<llvm::Module> read_part(const Split& split, unsigned part, llvm::LLVMContext& context) {
  auto module = llvm::parseBitcodeFile(llvm::MemoryBufferRef(split.bitcode, "part"), context);
  if (!module) {
    llvm::consumeError(module.takeError());
    return nullptr;
  }
  strip_to_part(**module, split, part);
  return std::move(*module);
}

}  // namespace thalweg::jit
