def accumulate(a: float64[N], k: int64[N]):
    s = 0.0
    c = 0
    n = 0
    for i in range(a.shape[0]):
        s += a[i]
        c += 3
        n += k[i]
    return s, c, n
