def gesummv(alpha: float, beta: float, A: float64[N, N], B: float64[N, N], x: float64[N]):
    return alpha * A @ x + beta * B @ x
