#: alias
def aliased(a: float64[N], b: float64[N]):
    a[:] = b + 1.0
    a[:] = a * 2.0
