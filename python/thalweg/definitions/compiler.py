"""What definitions ask of the compiler and NumPy has no name for (src/frontend/numpy/own.cpp)."""


class _Known:
    """A name by which the compiler knows a function of its own."""

    def __init__(self, path):
        self.__thalweg_path__ = path


# object_of(class_path, *parts): an object whose methods are the definitions under the path; they take the parts first.
object_of = _Known("thalweg.object")
# The parts of such an object, as a tuple.
parts_of = _Known("thalweg.parts")
# Of libm, where the last bits count: NumPy's own universal functions are others.
libm_exp = _Known("thalweg.libm.exp")
libm_log1p = _Known("thalweg.libm.log1p")
# solution(a, b): the solution x of a x = b for matrices of float64 or complex128 (b with one column or more), with one row
# more: 0, or 1 where a is singular.
solution = _Known("thalweg.solution")
# memory_order(a): the dimensions in the order of their strides, the largest first.
memory_order = _Known("thalweg.memory_order")

DEFINITIONS = {}
