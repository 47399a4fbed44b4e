def complex_products(x: complex128[N], y: complex128[N, N], z: complex128[N]):
    a = x * y
    b = x * z
    return a, b, 2 * y
