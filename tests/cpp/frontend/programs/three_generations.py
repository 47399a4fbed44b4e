def three_generations(a: float64[N], n: int):
    p = a * 1.0
    q = a * 2.0
    r = a * 3.0
    for i in range(n):
        s = p + q * r
        p = q
        q = r
        r = s
    return p, q, r
