// GNU C17 without headers: compiled by the in-process clang, or by any gcc or clang.
#include "emit/dialect.h"

namespace thalweg::emit {

const Dialect& c_dialect() {
  static const Dialect dialect{.name = "c"};
  return dialect;
}

}  // namespace thalweg::emit
