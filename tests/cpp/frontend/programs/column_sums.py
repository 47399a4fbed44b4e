def column_sums(a: float64[N, M], B: float64[N, M]):
    s = a[:, 1].sum()
    for i in range(B.shape[0]):
        s += B[i].max()
    return s
