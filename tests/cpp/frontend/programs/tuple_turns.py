def f(a: float64[N]):
    s = 0.0
    for w in (1.0, 2.0):
        if a[0] > w:
            continue
        if a[1] > w:
            break
        s += w
    return s
