def guarded_index(a: float64[N], n: int):
    s = 0
    for i in range(n):
        if i < a.shape[0] and a[i] > 0:
            s += 1
        if i >= a.shape[0] or a[i] < 0:
            s += 10
    return s
