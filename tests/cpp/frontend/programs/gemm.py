def gemm(alpha: float, beta: float, C: float64[NI, NJ], A: float64[NI, NK], B: float64[NK, NJ]):
    C[:] = alpha * A @ B + beta * C
