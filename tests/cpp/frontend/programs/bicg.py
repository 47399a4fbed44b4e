def bicg(A: float64[M, N], p: float64[N], r: float64[M]):
    return r @ A, A @ p
