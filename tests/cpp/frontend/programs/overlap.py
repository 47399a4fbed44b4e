def overlap(a: float64[N]):
    a[1:] = a[:-1]
    a[:-1] = a[1:] + a[:-1]
    a += a
    a[0:2] = a[2:4]
