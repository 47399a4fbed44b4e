def ranges(a: float64[N]):
    n = a.shape[0]
    return np.arange(n), np.arange(n, dtype=np.bool_), np.arange(-1, n, dtype=np.uint8), np.arange(1, n, 2, dtype=np.float32)
