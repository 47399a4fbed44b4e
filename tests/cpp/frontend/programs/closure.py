#: array W float64 3, 3
#: value c 2.5
#: value k 3
def closure(a: float64[N]):
    return a * c + W[1, 2] * k
