def steps(a: float64[N], s: int):
    a[::2] = 1.0
    a[::-1] = a
    b = a[5:1:-1]
    c = a[::s]
    a[-1] = a[-2] + a[0]
    return b, c
