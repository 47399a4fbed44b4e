// Recording the first error of a call, and the default answer to "shall I go on?".
#include "thalweg/runtime.h"

// The exchange on `stop` picks one winner among the threads; the others' errors are dropped. Who reads `site` does so
// after the parallel region that raised has ended, which orders it after the writes here.
extern "C" void thw_raise(thw_context* context, int32_t site, int64_t v0, int64_t v1, int64_t v2, int64_t v3) {
  int32_t running = 0;
  if (!__atomic_compare_exchange_n(&context->stop, &running, THW_STOP_RAISED, false, __ATOMIC_ACQ_REL,
                                   __ATOMIC_ACQUIRE)) {
    return;
  }
  context->site = site;
  context->values[0] = v0;
  context->values[1] = v1;
  context->values[2] = v2;
  context->values[3] = v3;
}

extern "C" int32_t thw_poll(thw_context* context) { return __atomic_load_n(&context->stop, __ATOMIC_ACQUIRE); }
