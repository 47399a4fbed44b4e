// The same C compiled for nvptx64 by the in-process clang: every map nest is a kernel.
#include "emit/dialect.h"

namespace thalweg::emit {

const Dialect& cuda_dialect() {
  static const Dialect dialect{
      .name = "cuda",
      .kernel_prefix = "__attribute__((nvptx_kernel)) void ",
      .global_index =
          {"(int64_t)__nvvm_read_ptx_sreg_ctaid_x() * __nvvm_read_ptx_sreg_ntid_x() + __nvvm_read_ptx_sreg_tid_x()",
           "(int64_t)__nvvm_read_ptx_sreg_ctaid_y() * __nvvm_read_ptx_sreg_ntid_y() + __nvvm_read_ptx_sreg_tid_y()",
           "(int64_t)__nvvm_read_ptx_sreg_ctaid_z() * __nvvm_read_ptx_sreg_ntid_z() + __nvvm_read_ptx_sreg_tid_z()"},
      .host_runtime = false};
  return dialect;
}

}  // namespace thalweg::emit
