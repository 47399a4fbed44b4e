// The only door into libthalweg_jit.so: C text in, machine code out, everything in memory. No LLVM types.
//
// Thread-safe: any number of threads may compile at once. Nothing here starts a child process, opens a file
// of the user's, installs a signal handler or writes to stdout or stderr.
#ifndef THALWEG_JIT_COMPILER_API_H
#define THALWEG_JIT_COMPILER_API_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Grows with every change of the structs below; the caller refuses a library that answers another number.
enum { THW_JIT_API_VERSION = 1 };

typedef enum thw_jit_product {
  THW_JIT_SHARED_OBJECT = 0,  // ELF shared object of all modules
  THW_JIT_PTX = 1,            // text; exactly one module
  THW_JIT_LLVM_IR = 2,        // text after optimisation, the modules one after another
  THW_JIT_ASSEMBLY = 3        // text, the modules one after another
} thw_jit_product;

typedef struct thw_jit_source {
  const char* text;
  size_t size;
  const char* name;  // shown in diagnostics and line tables, e.g. "terrain.c"
} thw_jit_source;

typedef struct thw_jit_options {
  int32_t product;      // thw_jit_product
  int32_t line_tables;  // non-zero: line tables for debuggers and profilers
  int32_t threads;      // how many threads may be used, >= 1; a single module is split by its functions if that pays
  const char* cpu;      // LLVM's name of the processor ("haswell"), or null for this machine; ignored for PTX
} thw_jit_options;

// Milliseconds. With several threads the phases of the modules are added up; total is wall time.
typedef struct thw_jit_times {
  double setup, front_end, optimise, codegen, link, total;
} thw_jit_times;

typedef struct thw_jit_output {
  char* bytes;  // the product, or null
  size_t size;
  char* error;  // zero-terminated text, or null
  thw_jit_times times;
} thw_jit_output;

// Returns 0 and fills bytes, or 1 and fills error. Either way thw_jit_free releases the output.
int32_t thw_jit_compile(const thw_jit_source* sources, size_t count, const thw_jit_options* options,
                        thw_jit_output* output);
void thw_jit_free(thw_jit_output* output);

int32_t thw_jit_api_version(void);
const char* thw_jit_compiler_version(void);  // "clang 19.1.7"
const char* thw_jit_host_cpu(void);          // "znver4"
const char* thw_jit_host_features(void);     // "+avx2,-avx512f,..." sorted by name

// The signatures, for whoever looks the functions up by name.
typedef int32_t thw_jit_compile_fn(const thw_jit_source*, size_t, const thw_jit_options*, thw_jit_output*);
typedef void thw_jit_free_fn(thw_jit_output*);
typedef int32_t thw_jit_api_version_fn(void);
typedef const char* thw_jit_text_fn(void);

#ifdef __cplusplus
}
#endif
#endif
