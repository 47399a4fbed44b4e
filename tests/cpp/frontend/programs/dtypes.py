def dtypes(f: float32[N], i: int32[N], u: uint64[N], b: bool[N], z: complex128[N]):
    p = f * 2.0 + 1
    q = i / 2
    r = u + i
    s = b + b
    t = b & (i > 3)
    v = z * f
    w = i ** 2
    x = u < -1
    y = np.sqrt(i)
    f[:] = q
    i[0] += 1.5
    return p, q, r, s, t, v, w, x, y
