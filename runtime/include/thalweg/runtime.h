// C interface of the runtime library: its table for thw_context.runtime, and the parts of that table one by one,
// for a host that replaces some (poll, callback) and keeps the rest.
#ifndef THALWEG_RUNTIME_H
#define THALWEG_RUNTIME_H

#include "thalweg/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

// Every entry filled in; callback raises site THW_SITE_NO_CALLBACK, because only a host has functions to call.
const thw_runtime* thw_default_runtime(void);

enum {
  THW_SITE_MEMORY = -1,       // values[0]: bytes that were asked for
  THW_SITE_NO_CALLBACK = -2,  // values[0]: number of the callback
  THW_SITE_FORKED = -3        // the process forked inside a parallel region, and this is the child
};
enum { THW_STOP_RAISED = 1, THW_STOP_INTERRUPTED = 2 };

// Zeroes the context and sets its runtime and the default number of threads. To be called by the thread that calls.
void thw_context_init(thw_context* context, const thw_runtime* runtime);

// Threads that parallel regions use unless a context says otherwise: THALWEG_NUM_THREADS, else OMP_NUM_THREADS,
// else the number of processors in the affinity mask, at most as many as the control groups' quotas are worth. The
// environment and the mask are read at every call.
int32_t thw_default_threads(void);
// Whole processors that the quotas of this process's control groups (cpu.max, cpu.cfs_quota_us) are worth; 0: no limit.
// `root` stands before /proc and /sys: "" but for tests.
int32_t thw_processor_quota(const char* root);
int64_t thw_process_id(void);

void thw_parallel_for(thw_context* context, int64_t begin, int64_t end, int64_t grain, thw_body body, void* arguments);
void thw_raise(thw_context* context, int32_t site, int64_t v0, int64_t v1, int64_t v2, int64_t v3);
int32_t thw_poll(thw_context* context);
int32_t thw_look(thw_context* context);

void* thw_allocate(thw_context* context, int64_t bytes);
void thw_release(thw_context* context, void* memory);
// To be freed with free(); frees `previous`.
void* thw_allocate_result(thw_context* context, void* previous, int64_t bytes);
// Gives memory that thw_release kept for later back to the system.
void thw_release_cache(void);

// Between these two (they nest) no other thread forks this process: it waits, perhaps with CPython's GIL, which must
// therefore not be asked for in between. watch_forks: to be called again after loading a library that has such
// handlers of its own, so that they run after ours.
void thw_hold_forks(void);
void thw_let_forks(void);
void thw_watch_forks(void);

// Matrix products go to an OpenBLAS that the process has loaded (NumPy's), else to the 64-bit-integer BLAS library
// named here, which then comes first; "" turns BLAS off. Non-zero when the library has no such BLAS.
int32_t thw_set_blas_path(const char* path);
const char* thw_blas_path(void);  // of the library in use; "" for our own product

void thw_matmul_f64(thw_context* context, int64_t m, int64_t n, int64_t k, const double* a, int64_t a_row,
                    int64_t a_column, const double* b, int64_t b_row, int64_t b_column, double* c, int64_t c_row,
                    int64_t c_column);
void thw_matmul_f32(thw_context* context, int64_t m, int64_t n, int64_t k, const float* a, int64_t a_row,
                    int64_t a_column, const float* b, int64_t b_row, int64_t b_column, float* c, int64_t c_row,
                    int64_t c_column);
void thw_matmul_c128(thw_context* context, int64_t m, int64_t n, int64_t k, const void* a, int64_t a_row,
                     int64_t a_column, const void* b, int64_t b_row, int64_t b_column, void* c, int64_t c_row,
                     int64_t c_column);
void thw_matmul_c64(thw_context* context, int64_t m, int64_t n, int64_t k, const void* a, int64_t a_row,
                    int64_t a_column, const void* b, int64_t b_row, int64_t b_column, void* c, int64_t c_row,
                    int64_t c_column);
void thw_solve_f64(thw_context* context, int64_t n, int64_t sides, const double* a, int64_t a_row, int64_t a_column,
                   const double* b, int64_t b_row, int64_t b_column, double* c, int64_t c_row, int64_t c_column);
void thw_solve_c128(thw_context* context, int64_t n, int64_t sides, const void* a, int64_t a_row, int64_t a_column,
                    const void* b, int64_t b_row, int64_t b_column, void* c, int64_t c_row, int64_t c_column);
// The interpreter's product: three loops, sums in ascending k from zero, no fma.
void thw_matmul_reference_f64(int64_t m, int64_t n, int64_t k, const double* a, int64_t a_row, int64_t a_column,
                              const double* b, int64_t b_row, int64_t b_column, double* c, int64_t c_row,
                              int64_t c_column);
void thw_matmul_reference_f32(int64_t m, int64_t n, int64_t k, const float* a, int64_t a_row, int64_t a_column,
                              const float* b, int64_t b_row, int64_t b_column, float* c, int64_t c_row,
                              int64_t c_column);

#ifdef __cplusplus
}
#endif
#endif
