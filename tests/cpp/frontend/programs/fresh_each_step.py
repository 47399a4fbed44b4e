def step(h):
    return h * 0.5 + 1.0
def fresh_each_step(h: float64[N], steps: int):
    for t in range(steps):
        h = step(h)
    return h
