"""The parallel loop: ``for i, j in thalweg.map[0:N, 0:M]``."""

import itertools
import operator


class _Map:
    """Subscript with one slice a dimension; iterating gives indices (tuples for several dimensions).

    Iterations must not depend on one another: compiled programs run them in any order and at the same time. Under
    plain Python they run one after the other in row-major order.
    """

    __thalweg_path__ = "thalweg.map"

    def __getitem__(self, ranges):
        several = isinstance(ranges, tuple)
        dimensions = []
        for each in ranges if several else (ranges,):
            if not isinstance(each, slice) or each.stop is None:
                raise TypeError(f"thalweg.map takes slices with an end, such as map[0:N]; found {each!r}")
            start, stop, step = (operator.index(value) if value is not None else default
                                 for value, default in ((each.start, 0), (each.stop, 0), (each.step, 1)))
            if step <= 0:
                raise ValueError(f"thalweg.map takes positive steps, found {step}")
            dimensions.append(range(start, stop, step))
        return itertools.product(*dimensions) if several else iter(dimensions[0])


map = _Map()
