def reductions(a: float64[N, M], k: int32[N], f: float32[N]):
    r = a.mean(axis=0)
    s = np.sum(k)
    t = np.max(a, axis=(0, 1))
    u = f.mean()
    v = np.any(a > 0, axis=1, keepdims=True)
    w = np.argmax(a, axis=1)
    x = np.prod(a.T, axis=0)
    return r, s, t, u, v, w, x
