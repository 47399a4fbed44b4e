def scalars(x: float, n: int, k: int64):
    a = n // 2 + n % 3
    b = x ** 2 / 3
    c = int(x) + abs(-x)
    d = math.sqrt(b) if b > 0 else 0.0
    e = min(a, n, 7)
    f = k * 2
    g = max(x, 1.5)
    return a, b, c, d, e, f, g
