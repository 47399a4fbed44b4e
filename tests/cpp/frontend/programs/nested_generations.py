def nested_generations(h: float64[N], n: int):
    for t in range(n):
        for k in range(3):
            h = h * 0.5 + 1.0
    return h
