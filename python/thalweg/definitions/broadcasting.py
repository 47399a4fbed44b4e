"""The shape to which shapes broadcast."""

from thalweg.definitions.parts import demand


def broadcast_shapes(first=(), second=(), third=(), fourth=(), fifth=(), sixth=()):
    found = ()
    for each in (first, second, third, fourth, fifth, sixth):
        shape = tuple(each) if isinstance(each, (tuple, list)) else (each,)
        ones = (1,) * (len(shape) - len(found))
        found = ones + found
        shape = (1,) * (len(found) - len(shape)) + shape
        joined = ()
        for extent, other in zip(found, shape):
            demand(other >= 0 and (extent == other or extent == 1 or other == 1))
            joined = joined + (other if extent == 1 else extent,)
        found = joined
    return tuple([int(extent) for extent in found])


DEFINITIONS = {"numpy.broadcast_shapes": broadcast_shapes}
