def control(a: float64[N], eps: float, n: int):
    k = 0
    x = a[0]
    while x > eps and k < n:
        if x > 2.0:
            x = x / 2.0
        elif k == 3:
            k += 1
            continue
        else:
            x = x - 0.25
            if a[k] < 0:
                break
        k += 1
    return x, k
