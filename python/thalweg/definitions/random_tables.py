"""The tables of NumPy's ziggurats: G. Marsaglia and W. W. Tsang, The ziggurat method for generating random variables
(Journal of Statistical Software 5, 2000), with 256 layers of one area. Layer i reaches to x[i], the tail begins there.

A draw of so many bits, times `widths`, lies in its layer; below `surely` it also lies under the curve, whose values are
`heights`. NumPy's numbers for the normal curve come from a recursion in float64, those for the exponential one from
exact values: both are repeated here, with the decimal module for functions that must be rounded correctly.
"""

from decimal import Context, Decimal, localcontext
from math import nextafter, sqrt

import numpy as np

NORMAL_TAIL = 3.6541528853610088
NORMAL_AREA = 0.004928673233974652
EXPONENTIAL_TAIL = "7.69711747013104971404462804811"
_PRECISE = Context(prec=40, traps=[])


def _exp(x):
    return float(Decimal(x).exp(_PRECISE))


def _log(x):
    return float(Decimal(x).ln(_PRECISE))


def _frozen(values, dtype):
    out = np.array(values, dtype)
    out.flags.writeable = False
    return out


def _normal_tables():
    scale = 2.0**52
    x, heights, surely = [0.0] * 256, [0.0] * 256, [0] * 256
    x[255], heights[255] = NORMAL_TAIL, _exp(-0.5 * NORMAL_TAIL * NORMAL_TAIL)
    for i in range(254, 0, -1):
        x[i] = sqrt(-2.0 * _log(NORMAL_AREA / x[i + 1] + heights[i + 1]))
        heights[i] = _exp(-0.5 * x[i] * x[i])
        if i == 38:
            heights[i] = nextafter(heights[i], 1.0)  # so NumPy has it: the one value that was not rounded correctly
        surely[i + 1] = round(x[i] / x[i + 1] * scale)
    surely[0] = round(NORMAL_TAIL * heights[255] / NORMAL_AREA * scale)
    x[0], heights[0] = NORMAL_AREA / heights[255], 1.0
    return _frozen(surely, np.uint64), _frozen([each / scale for each in x], np.float64), _frozen(heights, np.float64)


def _exponential_tables():
    with localcontext(_PRECISE):
        scale, tail = Decimal(2**53), Decimal(EXPONENTIAL_TAIL)
        height = (-tail).exp()
        area = (tail + 1) * height
        x, heights = [area / height] + [tail] * 255, [1.0] + [float(height)] * 255
        for i in range(254, 0, -1):
            height += area / x[i + 1]
            x[i], heights[i] = -height.ln(), float(height)
        surely = [2 * int((x[i - 1] if i > 0 else tail) / x[i] * scale / 2) for i in range(256)]
        surely[1] = 0
        widths = [float(each / scale) for each in x]
    return _frozen(surely, np.uint64), _frozen(widths, np.float64), _frozen(heights, np.float64)


NORMAL_SURELY, NORMAL_WIDTHS, NORMAL_HEIGHTS = _normal_tables()
NORMAL_SURELY_32 = _frozen(np.rint(NORMAL_SURELY / 2.0**29), np.uint64)
NORMAL_WIDTHS_32 = _frozen(NORMAL_WIDTHS * 2.0**29, np.float32)
NORMAL_HEIGHTS_32 = _frozen(NORMAL_HEIGHTS, np.float32)
EXPONENTIAL_SURELY, EXPONENTIAL_WIDTHS, EXPONENTIAL_HEIGHTS = _exponential_tables()

DEFINITIONS = {}  # of NumPy: none
