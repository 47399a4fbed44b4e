// As a person would write it: two sweeps a step over the inner points.
void hand(double* restrict A, double* restrict B, long long N, long long TSTEPS) {
  for (long long t = 1; t < TSTEPS; ++t) {
    for (long long i = 1; i < N - 1; ++i)
      for (long long j = 1; j < N - 1; ++j)
        B[i * N + j] =
            0.2 * (A[i * N + j] + A[i * N + j - 1] + A[i * N + j + 1] + A[(i + 1) * N + j] + A[(i - 1) * N + j]);
    for (long long i = 1; i < N - 1; ++i)
      for (long long j = 1; j < N - 1; ++j)
        A[i * N + j] =
            0.2 * (B[i * N + j] + B[i * N + j - 1] + B[i * N + j + 1] + B[(i + 1) * N + j] + B[(i - 1) * N + j]);
  }
}
