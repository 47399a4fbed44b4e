def map_stencil(A: float64[N, M], B: float64[N, M]):
    for i, j in thalweg.map[1:A.shape[0] - 1, 1:A.shape[1] - 1]:
        c = A[i, j]
        B[i, j] = 0.25 * (A[i - 1, j] + A[i + 1, j] + A[i, j - 1] + A[i, j + 1]) - c
