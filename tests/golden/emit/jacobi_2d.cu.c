__attribute__((nvptx_kernel)) void nest_1(const double* restrict A, double* restrict B, int64_t N) {
  const int64_t i = 1 + (int64_t)__nvvm_read_ptx_sreg_ctaid_y() * __nvvm_read_ptx_sreg_ntid_y() + __nvvm_read_ptx_sreg_tid_y();
  if (i < N - 1) {
    const int64_t j = 1 + (int64_t)__nvvm_read_ptx_sreg_ctaid_x() * __nvvm_read_ptx_sreg_ntid_x() + __nvvm_read_ptx_sreg_tid_x();
    if (j < N - 1) {
      B[N*i + j] = 0.2 * (A[N*i + j] + A[N*i + j - 1] + A[N*i + j + 1] + A[N*i + N + j] + A[N*i + j - N]);
    }
  }
}

__attribute__((nvptx_kernel)) void nest_2(double* restrict A, const double* restrict B, int64_t N) {
  const int64_t i0 = (int64_t)__nvvm_read_ptx_sreg_ctaid_y() * __nvvm_read_ptx_sreg_ntid_y() + __nvvm_read_ptx_sreg_tid_y();
  if (i0 < N - 2) {
    const int64_t i1 = (int64_t)__nvvm_read_ptx_sreg_ctaid_x() * __nvvm_read_ptx_sreg_ntid_x() + __nvvm_read_ptx_sreg_tid_x();
    if (i1 < N - 2) {
      A[N*i0 + N + i1 + 1] = B[N*i0 + N + i1 + 1];
    }
  }
}
