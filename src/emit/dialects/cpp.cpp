// C++17 for export: compiled by any g++ or clang++ with -fopenmp, against thalweg_export.h alone.
#include "emit/dialect.h"

namespace thalweg::emit {

const Dialect& cpp_dialect() {
  static const Dialect dialect{
      .name = "cpp", .restrict_word = "__restrict", .nest_prefix = "static void ", .cplusplus = true};
  return dialect;
}

}  // namespace thalweg::emit
