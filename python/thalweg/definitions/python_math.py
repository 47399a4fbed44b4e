"""What Python's math module has beside functions of the C library: questions, parts of floats, whole numbers."""

import math

import numpy as np


def real(x):
    """A float of Python's, of what the math module takes for one."""
    if np.iscomplexobj(x):
        raise TypeError("must be real number, not complex")
    return float(x)


def whole(x):
    if isinstance(x, (float, complex, np.floating, np.complexfloating)):
        raise TypeError("'float' object cannot be interpreted as an integer")
    return int(x)


def is_nan(x):
    number = real(x)
    return number != number


def is_infinite(x):
    number = real(x)
    return number == math.inf or number == -math.inf


def is_finite(x):
    number = real(x)
    return number - number == 0.0


def degrees(x):
    return real(x) * (180.0 / math.pi)


def radians(x):
    return real(x) * (math.pi / 180.0)


def is_close(a, b, rel_tol=1e-09, abs_tol=0.0):
    x, y = real(a), real(b)
    relative, absolute = real(rel_tol), real(abs_tol)
    if relative < 0.0 or absolute < 0.0:
        raise ValueError("tolerances must be non-negative")
    apart = abs(y - x)
    near = apart <= abs(relative * y) or apart <= abs(relative * x) or apart <= absolute
    infinite = abs(x) == math.inf or abs(y) == math.inf
    return x == y or (not infinite and near)


def remainder_of_floats(x, y):
    """fmod: exact, with the sign of x."""
    a, b = real(x), real(y)
    if (a == math.inf or a == -math.inf) and b == b or b == 0.0 and a == a:
        raise ValueError("math domain error")
    return float(np.fmod(a, b))


def parts(x):
    """modf: the fractional and the whole part, both with the sign of x."""
    number = real(x)
    cut = float(np.trunc(number))
    rest = 0.0 if number == math.inf or number == -math.inf else number - cut
    return math.copysign(rest, number), cut


def mantissa_and_exponent(x):
    mantissa, exponent = np.frexp(real(x))
    return float(mantissa), int(exponent)


def scaled(x, i):
    number, power = real(x), whole(i)
    found = float(np.ldexp(number, min(max(power, -5000), 5000)))
    if abs(found) == math.inf and abs(number) < math.inf:
        raise OverflowError("math range error")
    return found


def common_divisor(a, b):
    x, y = abs(whole(a)), abs(whole(b))
    while y != 0:
        x, y = y, x % y
    return x


def common_multiple(a, b):
    x, y = abs(whole(a)), abs(whole(b))
    if x == 0 or y == 0:
        return 0
    return x // common_divisor(x, y) * y


def whole_root(n):
    """isqrt: the largest whole number whose square is at most n."""
    number = whole(n)
    if number < 0:
        raise ValueError("isqrt() argument must be nonnegative")
    root = int(math.sqrt(float(number)))
    while root > number // max(root, 1):
        root = root - 1
    while root + 1 <= number // (root + 1):
        root = root + 1
    return root


def factorial(n):
    number = whole(n)
    if number < 0:
        raise ValueError("factorial() not defined for negative values")
    product = 1
    for k in range(2, number + 1):
        product = product * k
    return product


def arrangements(n, k=None):
    """perm: n! / (n - k)!."""
    number = whole(n)
    chosen = number if k is None else whole(k)
    if number < 0:
        raise ValueError("n must be a non-negative integer")
    if chosen < 0:
        raise ValueError("k must be a non-negative integer")
    product = 1 if chosen <= number else 0
    for j in range(chosen if chosen <= number else 0):
        product = product * (number - j)
    return product


def choices(n, k):
    """comb: each step's product is divided by what it shares with the divisor first, so that only results must fit."""
    number, chosen = whole(n), whole(k)
    if number < 0:
        raise ValueError("n must be a non-negative integer")
    if chosen < 0:
        raise ValueError("k must be a non-negative integer")
    count = 1 if chosen <= number else 0
    for j in range(min(chosen, number - chosen) if chosen <= number else 0):
        shared = common_divisor(count, j + 1)
        count = count // shared * ((number - j) // ((j + 1) // shared))
    return count


def product(iterable, start=1):
    total = start
    for item in iterable:
        total = total * item
    return total


DEFINITIONS = {"math.isnan": is_nan, "math.isinf": is_infinite, "math.isfinite": is_finite, "math.degrees": degrees,
               "math.radians": radians, "math.isclose": is_close, "math.fmod": remainder_of_floats, "math.modf": parts,
               "math.frexp": mantissa_and_exponent, "math.ldexp": scaled, "math.gcd": common_divisor,
               "math.lcm": common_multiple, "math.isqrt": whole_root, "math.factorial": factorial,
               "math.perm": arrangements, "math.comb": choices, "math.prod": product}
