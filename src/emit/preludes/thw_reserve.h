// At least `bytes` bytes in place of `memory`, which holds *held; null where there is no memory (already recorded).
static inline __attribute__((unused)) void* thw_reserve(thw_context* context, void* memory, int64_t* held,
                                                        int64_t bytes) {
  if (memory && bytes <= *held) return memory;
  if (memory) context->runtime->release(context, memory);
  memory = context->runtime->allocate(context, bytes);
  *held = memory ? bytes : 0;
  return memory;
}
