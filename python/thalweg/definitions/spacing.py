"""np.linspace between arrays, of complex numbers and of float32, in NumPy's steps."""

import numpy as np

from thalweg.definitions.parts import demand
from thalweg.errors import UnsupportedError


def between(start, stop, num, endpoint, dtype, retstep, axis):
    demand(num >= 0)
    kind = np.result_type(start, stop, 1.0)
    first = np.positive(start, dtype=kind)
    last = np.positive(stop, dtype=kind)
    apart = last - first
    parts = num - 1 if endpoint else num
    k = np.reshape(np.arange(num).astype(kind), (num,) + (1,) * np.ndim(apart))
    if retstep and parts <= 0:
        raise UnsupportedError("np.linspace with retstep and no step between two samples is not supported")
    divisor = max(parts, 1)
    step = apart / divisor
    flat = bool(np.any(step == 0))  # then NumPy scales by the whole distance
    values = np.empty((num,) + np.shape(apart), kind)
    if parts <= 0:
        values[...] = k * apart + first
    elif flat:
        values[...] = k / divisor * apart + first
    else:
        values[...] = k * step + first
    if endpoint and num > 1:
        values[-1] = last
    wanted = kind if dtype is None else np.empty(0, dtype).dtype
    if wanted == np.int64 or wanted == np.int32 or wanted == np.int16 or wanted == np.int8:
        values[...] = np.floor(values)
    elif wanted == np.uint64 or wanted == np.uint32 or wanted == np.uint16 or wanted == np.uint8:
        values[...] = np.floor(values)
    samples = np.moveaxis(values, 0, axis).astype(wanted)
    return (samples, step) if retstep else samples


DEFINITIONS = {"numpy.linspace.between": between}
