def masked_store(a: float64[N, M]):
    a[a < 0] = 0
    a[a > 1] *= 2
    np.add(a, 1.0, out=a)
