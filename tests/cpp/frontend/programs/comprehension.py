def f(a: float64[N]):
    weights = {k: 0.5 * k for k in (1, 2)}
    parts = [a[k:] for k in weights if k > 1]
    return parts[0] * weights[2]
