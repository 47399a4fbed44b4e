"""Functions of NumPy written in terms of simpler ones: plain functions that the compiler inlines where they are called.

One file a family, one function an entry; `DEFINITIONS` of each maps NumPy's public path to it. They follow NumPy's own
way of computing, so that results have the same bits where NumPy promises them. They are compiled, never run; what a
definition does not do it says with `raise NotImplementedError("...")`, which becomes the error at the user's call. Paths
of three parts that NumPy does not have ("numpy.place.masked") are what the compiler itself calls.
"""

from thalweg.definitions import (arrangement, counting, cumulative, differences, elementwise, grids, interpolation,
                                 nans, norms, order_statistics, products, shape, sorting, statistics, storing,
                                 sums_of_products, ufuncs)
from thalweg.program import Program

FAMILIES = (arrangement, counting, cumulative, differences, elementwise, grids, interpolation, nans, norms,
            order_statistics, products, shape, sorting, statistics, storing, sums_of_products, ufuncs)
DEFINITIONS = {path: function for family in FAMILIES for path, function in family.DEFINITIONS.items()}

_programs = {}


def program_of(path):
    """The program that has the text of a definition, or None (called by the compiled module)."""
    if path not in DEFINITIONS:
        return None
    if path not in _programs:
        _programs[path] = Program(DEFINITIONS[path])
    return _programs[path]
