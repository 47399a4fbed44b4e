"""What CPython and NumPy accept is never refused as something that they would refuse: a result, if need be by a call back."""

import numpy as np
import pytest

import thalweg
from support import function_from

LEGAL = """[0] * k
(0.5,) * len(x)
k * [1, 2]
[0] * 100
[0] * (k > 2)
[1, 2] * s
[1, 2] + s
np.array([1.5] * k)
[[0] * k for _ in range(2)]
np.zeros((2,) * k)
np.int8(3) == [1, 2, k]
x.nonzero() != (x > 2).any()
np.split(x, k)
np.array_split(x, k)
np.hsplit(x, k)
np.zeros(np.array([k, 2]))
np.resize(k, np.array([2, k]))
np.array([None, 1])
np.iscomplexobj(None)
np.not_equal(x, None)
np.trace(a, True)
np.average(a, True)
np.setdiff1d(x, 2, assume_unique=(1,))
np.meshgrid(x, k, copy=None)
np.copy(a.T, 'C')
a.T.copy('F')
np.full(2, k, None, 'C')
np.round([1.25, k], 1)
np.iscomplex(np.nonzero(x))
np.take(k, [0, -1], axis=0)
np.repeat(x.sum(), 2, axis=-1)
np.column_stack((a, np.array([k, 2.5])))
np.column_stack(([1, 2], [3, k]))
np.column_stack((k, 1))
np.union1d(np.uint32(4), k - 5)
np.union1d(x.astype(np.uint8), k + 300)
np.union1d(k, np.int8(3))
np.meshgrid(k, None)
np.linalg.norm(k, keepdims=None)
np.linalg.tensorsolve(np.eye(2) + 1, np.arange(2.0), (0, 0))""".splitlines()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("expression", LEGAL)
def test_gives_what_numpy_gives(expression):
    function = function_from(f"import numpy as np\ndef program(x, a, s, k):\n    return {expression}\n", f"<legal {expression}>", "program")

    def arguments():
        return np.arange(6.0), np.arange(4.0).reshape(2, 2), np.int32(2), 3
    assert repr(thalweg.program(function, strict=False)(*arguments())) == repr(function(*arguments()))


@pytest.mark.parametrize("expression", ["[0] * k", "[0] * 65", "(1, 2) * len(x)"])
def test_items_repeated_are_named(expression):
    function = function_from(f"def program(x, k):\n    return {expression}\n", "repeated", "program")
    with pytest.raises(thalweg.UnsupportedError, match="is not supported") as error:
        thalweg.program(function, strict=True)(np.ones(3), 3)
    assert error.value.code == "TW1110"
