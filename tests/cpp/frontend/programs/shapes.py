def shapes(a: float64[N, M]):
    b = a.reshape(-1)
    b[0] = 5.0
    c = a.reshape(a.shape[0], 1, a.shape[1])
    d = np.arange(a.shape[1]) * 2
    e = np.linspace(0.0, 1.0, a.shape[0])
    f = np.eye(3)
    return c[:, 0, :] + d + e[:, np.newaxis], f, b.sum()
