def plain_model(x, n):
    pass
def callback(a: float64[N], n: int):
    plain_model(a, n)
    y: thalweg.float64[N] = plain_model(a + 1.0, n)
    return y * 2.0
