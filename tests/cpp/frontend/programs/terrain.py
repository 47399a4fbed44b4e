def terrain(z: float64[H, W], rain: float64[H, W], steps: int, dt: float):
    h = np.zeros_like(z)
    for t in range(steps):
        h = h + rain * dt
        s = z + h
        qx = np.minimum(np.maximum((s[:, 1:] - s[:, :-1]) * 0.25, -h[:, :-1] * 0.25), h[:, 1:] * 0.25)
        qy = np.minimum(np.maximum((s[1:, :] - s[:-1, :]) * 0.25, -h[:-1, :] * 0.25), h[1:, :] * 0.25)
        new = h.copy()
        new[:, :-1] += qx
        new[:, 1:] -= qx
        new[:-1, :] += qy
        new[1:, :] -= qy
        h = np.where(new > 1e-9, np.sqrt(new * new), 0.0)
    return h
