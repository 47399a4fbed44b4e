def join_arrays(a: float64[N], b: float64[N], flag: bool):
    if flag:
        c = a
        w = 1.5
    else:
        c = b
        w = 2.5
    c[0] = w
    return c
