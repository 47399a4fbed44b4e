// The one seam between generated code and the runtime. Compiles as C (pasted in front of every generated
// program; no includes, so that compiling takes milliseconds) and as C++ (runtime, interpreter, driver).
//
// A generated program is one exported function `int32_t thw_entry(thw_context*, const thw_call*)` that
// returns 0, or 1 after thw_context.stop has become non-zero. It has no static variables.
#ifndef THALWEG_ABI_H
#define THALWEG_ABI_H

#ifdef __cplusplus
#include <cstddef>
#include <cstdint>
extern "C" {
#else
typedef signed char int8_t;
typedef short int16_t;
typedef int int32_t;
typedef __INT64_TYPE__ int64_t;  // the type that it is in C++, so that both sides mean one type of function
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef __UINT64_TYPE__ uint64_t;
#endif

typedef struct thw_context thw_context;
typedef struct thw_runtime thw_runtime;

// One body of a parallel region: runs iterations [begin, end) of its outermost loop.
typedef void (*thw_body)(thw_context* context, void* arguments, int64_t begin, int64_t end);

// An array as callbacks and results see it. Strides are in bytes.
typedef struct thw_array {
  void* data;
  int64_t rank;   // -1: a scalar result whose bytes stand in shape[0..1]
  int64_t dtype;  // element type: its number in the compiler's table
  int64_t shape[16];
  int64_t strides[16];
} thw_array;

// What one call hands over: argument k of the signature is arrays[k].data for containers and
// symbols[k] for sizes and strides (the order is in the driver's Signature).
typedef struct thw_call {
  void** data;             // one pointer per non-transient container
  const int64_t* symbols;  // sizes, strides and integer arguments
  thw_array* results;      // filled in before returning
} thw_call;

enum { THW_MAX_RAISE_VALUES = 4 };

struct thw_context {
  const thw_runtime* runtime;
  volatile int32_t stop;  // 0 running; 1 an error was raised; 2 interrupted. Only the first raise is kept.
  int32_t threads;        // how many threads parallel regions of this call may use; 0: the system is asked at the first
  int32_t countdown;      // serial loops count this down and call runtime->poll at zero
  int32_t site;           // which raise site of the program (the driver's table has exception, line and message)
  int64_t values[THW_MAX_RAISE_VALUES];  // numbers that the message mentions
  void* host;                            // the driver's record of this call
  const void* thread;                    // of the caller: only this one may poll
};

struct thw_runtime {
  // Runs body over [begin, end) in chunks of at least `grain` iterations, in parallel; returns when all is done.
  // Chunk borders must not change results. Nested calls run serially.
  void (*parallel_for)(thw_context*, int64_t begin, int64_t end, int64_t grain, thw_body, void* arguments);
  // Records the error and sets stop; the first one wins. Safe from any thread.
  void (*raise)(thw_context*, int32_t site, int64_t v0, int64_t v1, int64_t v2, int64_t v3);
  // Called by the calling thread now and then: lets the host see interrupts. Sets stop and returns non-zero to stop.
  int32_t (*poll)(thw_context*);
  // 64-byte aligned memory of at least one byte; null after recording MemoryError (site -1) when there is none.
  void* (*allocate)(thw_context*, int64_t bytes);
  void (*release)(thw_context*, void* memory);
  // Memory that outlives the call because a result refers to it. Takes the place of `previous`, which is gone afterwards
  // (null: of nothing).
  void* (*allocate_result)(thw_context*, void* previous, int64_t bytes);
  // Calls back into Python: function `callback` of the program's closure table. Non-zero if it raised.
  int32_t (*callback)(thw_context*, int32_t callback, const thw_array* inputs, int32_t input_count, thw_array* outputs,
                      int32_t output_count);
  // C[m,n] = A[m,k] @ B[k,n]. Strides in elements; any stride is right, unit strides are fast. C does not overlap A, B.
  void (*matmul_f64)(thw_context*, int64_t m, int64_t n, int64_t k, const double* a, int64_t a_row, int64_t a_column,
                     const double* b, int64_t b_row, int64_t b_column, double* c, int64_t c_row, int64_t c_column);
  void (*matmul_f32)(thw_context*, int64_t m, int64_t n, int64_t k, const float* a, int64_t a_row, int64_t a_column,
                     const float* b, int64_t b_row, int64_t b_column, float* c, int64_t c_row, int64_t c_column);
  // What loops inside parallel regions call now and then, on any thread: polls on the calling thread. Non-zero to stop.
  int32_t (*look)(thw_context*);
  // Products of complex numbers: two doubles or floats an element, strides in elements.
  void (*matmul_c128)(thw_context*, int64_t m, int64_t n, int64_t k, const void* a, int64_t a_row, int64_t a_column,
                      const void* b, int64_t b_row, int64_t b_column, void* c, int64_t c_row, int64_t c_column);
  void (*matmul_c64)(thw_context*, int64_t m, int64_t n, int64_t k, const void* a, int64_t a_row, int64_t a_column,
                     const void* b, int64_t b_row, int64_t b_column, void* c, int64_t c_row, int64_t c_column);
  // C[0:n, sides]: the solution X of A[n, n] X = B[n, sides]; C[n, sides]: 0, or 1 where A is singular. C does not
  // overlap A, B.
  void (*solve_f64)(thw_context*, int64_t n, int64_t sides, const double* a, int64_t a_row, int64_t a_column,
                    const double* b, int64_t b_row, int64_t b_column, double* c, int64_t c_row, int64_t c_column);
  void (*solve_c128)(thw_context*, int64_t n, int64_t sides, const void* a, int64_t a_row, int64_t a_column,
                     const void* b, int64_t b_row, int64_t b_column, void* c, int64_t c_row, int64_t c_column);
};

#ifdef __cplusplus
}
#endif
#endif
