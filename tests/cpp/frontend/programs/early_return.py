def early_return(a: float64[N], x: float):
    if x > 1.0:
        return a * 2.0
    b = a + 1.0
    return b
