def mask_read(a: float64[N]):
    x = a[a > 0]
    y = x * 2
    return y
