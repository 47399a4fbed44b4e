"""Functions along each axis of arrays of three dimensions: where the result's dimensions are left in another order, or exchanged."""

import numpy as np
import pytest

import thalweg
from support import function_from

ALONG = """sum prod max mean std any argmax ptp nansum nanmax nanmean nanvar nanmedian median average count_nonzero nanargmin cumsum
    nancumprod cumulative_sum sort flip diff gradient unwrap trapezoid expand_dims fft.fft fft.irfft linalg.norm""".split()
WITH_MORE = ["np.percentile(c, 30, axis={})", "np.nanpercentile(c, 30, axis={})", "np.nanquantile(c, 0.3, axis={})", "np.roll(c, 1, axis={})",
             "np.repeat(c, 2, axis={})", "np.delete(c, 0, axis={})", "np.insert(c, 1, 9, axis={})", "np.take(c, [1, 0], axis={})",
             "np.compress([True, False], c, axis={})", "np.append(c, d, axis={})", "np.stack((c, d), axis={})", "np.concatenate((c, d), axis={})",
             "np.vecdot(c, d, axis={})", "np.rollaxis(c, {})", "np.rollaxis(c, {}, 2)", "np.moveaxis(c, {}, 1)", "np.swapaxes(c, {}, 0)",
             "np.add.reduce(c, axis={})", "np.subtract.accumulate(c, axis={})", "np.add.reduceat(c, [0, 1], axis={})",
             "np.linspace(c, d, 3, axis={})", "np.nanmedian(c, axis={}, keepdims=True)", "np.argmax(c, axis={}, keepdims=True)",
             "np.array_split(c, 2, axis={})[1]"]
PLANES = ["np.trace(c, 0, {})", "np.diagonal(c, 0, {})", "np.rot90(c, 1, ({}))", "np.sum(c, axis=({}))", "np.median(c, axis=({}))",
          "np.linalg.norm(c, axis=({}))"]
EXPRESSIONS = ([f"np.{name}(c, axis={axis})" for name in ALONG for axis in (0, 1, -1)] +
               [each.format(axis) for each in WITH_MORE for axis in (0, 1, -1)] +
               [each.format(pair) for each in PLANES for pair in ("0, 1", "1, 2", "0, 2", "2, 0")])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_as_numpy(expression):
    function = function_from(f"import numpy as np\n\ndef f(c, d):\n    return {expression}\n", f"<{expression}>")
    rng = np.random.default_rng(3)
    program = thalweg.program(function, strict=True)
    for shape in ((2, 3, 4), (3, 3, 3)):
        c, d = rng.permutation(np.prod(shape)).reshape(shape) * 1.0, rng.integers(0, 9, shape) * 1.0
        try:
            expected = function(c, d)
        except ValueError:
            with pytest.raises(ValueError):
                program.interpret(c, d)
            continue
        found = program.interpret(c, d)
        for one, other in zip(*((each if isinstance(each, (tuple, list)) else (each,)) for each in (found, expected))):
            assert np.shape(one) == np.shape(other)
            np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)
