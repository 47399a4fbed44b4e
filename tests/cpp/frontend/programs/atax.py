def atax(A: float64[M, N], x: float64[N]):
    return (A @ x) @ A
