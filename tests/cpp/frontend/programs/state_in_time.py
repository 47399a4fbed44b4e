def state_in_time(s: {t: float, n: int, a: float64[N], b: float64[N]}, steps: int):
    for i in range(steps):
        s.b[:] = s.a * 2.0 + s.t
        s.a, s.b = s.b, s.a
        s.t += 0.5
        if s.t > 3.0:
            s.n = i
    return s
