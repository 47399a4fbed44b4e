"""What the compiler knows by its path, and definitions alone call: what SciPy's kernels do otherwise than NumPy."""


class _Intrinsic:
    def __init__(self, name):
        self.__thalweg_path__ = "thalweg.definitions." + name


inside = _Intrinsic("inside")  # inside(index, most): the index, of which 0 <= index <= most is checked
element = _Intrinsic("element")  # element(a, index): a[index] of a line; a negative index is out of bounds
product = _Intrinsic("product")  # product(a, b) of scalars: complex ones are not fused

DEFINITIONS = {}
