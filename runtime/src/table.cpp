// The table that generated code sees, with every entry pointing at this library; contexts, and whose they are.
#include "thalweg/runtime.h"

namespace {

int32_t no_callback(thw_context* context, int32_t callback, const thw_array*, int32_t, thw_array*, int32_t) {
  thw_raise(context, THW_SITE_NO_CALLBACK, callback, 0, 0, 0);
  return 1;
}

constexpr thw_runtime table = {
    .parallel_for = thw_parallel_for,
    .raise = thw_raise,
    .poll = thw_poll,
    .allocate = thw_allocate,
    .release = thw_release,
    .allocate_result = thw_allocate_result,
    .callback = no_callback,
    .matmul_f64 = thw_matmul_f64,
    .matmul_f32 = thw_matmul_f32,
    .look = thw_look,
    .matmul_c128 = thw_matmul_c128,
    .matmul_c64 = thw_matmul_c64,
    .solve_f64 = thw_solve_f64,
    .solve_c128 = thw_solve_c128,
};

thread_local const char this_thread = 0;  // its address tells threads apart

}  // namespace

extern "C" const thw_runtime* thw_default_runtime(void) { return &table; }

extern "C" void thw_context_init(thw_context* context, const thw_runtime* runtime) {
  *context = thw_context{};
  context->runtime = runtime;
  context->thread = &this_thread;
}

extern "C" int32_t thw_look(thw_context* context) {
  if (context->thread == &this_thread) return context->runtime->poll(context);
  return __atomic_load_n(&context->stop, __ATOMIC_RELAXED);
}
