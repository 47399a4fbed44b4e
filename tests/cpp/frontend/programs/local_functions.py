def f(a: float64[N], k: float):
    scale = 2.0
    def smooth(x, weight=0.5):
        return x * weight + scale
    scale = k
    twice = lambda g, x: g(g(x))
    return twice(smooth, a)
