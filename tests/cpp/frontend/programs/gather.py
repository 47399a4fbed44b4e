def gather(x: float64[N], idx: int64[M], out: float64[M]):
    out[:] = x[idx] + 1.0
    for i in range(idx.shape[0]):
        out[i] += x[idx[i]]
        x[idx[i]] = 0.0
