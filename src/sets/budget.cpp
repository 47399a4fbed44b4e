#include "sets/budget.h"

#include <isl/ctx.h>
#include <isl/options.h>

#include <cstdio>

#include "sets/isl.h"

// What the archives of isl and GMP call stderr and stdout (cmake/Isl.cmake says why). They stand here because whoever
// uses isl uses this file.
extern "C" {
__attribute__((visibility("hidden"))) std::FILE* thalweg_isl_stderr = stderr;
__attribute__((visibility("hidden"))) std::FILE* thalweg_isl_stdout = stdout;
}

namespace thalweg::sets {

namespace {

struct Context {
  isl_ctx* ctx = isl_ctx_alloc();
  int depth = 0;
  uint64_t questions = 0;
  Context() { isl_options_set_on_error(ctx, ISL_ON_ERROR_CONTINUE); }
  ~Context() { isl_ctx_free(ctx); }
};

Context& own() {
  thread_local Context context;
  return context;
}

}  // namespace

isl_ctx* context() { return own().ctx; }

Budget::Budget(unsigned long operations) : outermost_(own().depth++ == 0) {
  if (!outermost_) return;
  ++own().questions;
  isl_ctx_reset_operations(own().ctx);
  isl_ctx_set_max_operations(own().ctx, operations);
}

Budget::~Budget() {
  --own().depth;
  if (!outermost_) return;
  isl_ctx_set_max_operations(own().ctx, 0);
  isl_ctx_reset_operations(own().ctx);
  isl_ctx_reset_error(own().ctx);
}

uint64_t questions_asked() { return own().questions; }

}  // namespace thalweg::sets
