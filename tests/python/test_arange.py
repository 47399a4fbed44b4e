"""np.arange with a dtype: NumPy stores the first two elements by their own conversion and goes on in the type."""

import numpy as np
import pytest

import thalweg
from support import check, function_from
from tolerance import same_bits

TYPES = ("bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128").split()
INTEGERS = [
    (0,), (1,), (2,), (3,), (300,), (5, 7), (5, 8), (300, 305), (300, 200), (300, 300), (-3, 3), (-129, -125), (2048, 2060),
    (70000, 70003), (2**24, 2**24 + 5), (2**53, 2**53 + 5), (2**63 - 2, 2**63 - 1), (-2**63, -2**63 + 3), (0, 300, 100),
    (1, 400, 200), (1, 200, 200), (100, 140, 20), (3, 0, -1), (2**24 + 3, 2**24 + 20, 3), (2**53 + 1, 2**53 + 20, 3),
    (np.int64(300), np.int64(305)), (np.int64(-3), 3), (0, np.int8(3)), (np.int16(300), 310, 100), (np.int64(1), 300, 200),
    (np.int8(100), np.int8(120), np.int8(15)), (np.int8(100), np.int8(120), np.int8(30)), (1, np.int64(400), np.int64(200)),
    (np.uint8(200), 250, 20)]
FLOATS = [(2.0,), (2.5,), (0.5, 5), (0.0, 1.0, 0.1), (1e38, 1e39, 3e38), (0.0, 3.0, 1), (0.3, 2.9, 0.7), (1, 0.0, -0.25),
          (1e5, 1e5 + 3, 0.5), (np.float64(0.5), 3)]


def range_of(count, dtype):
    names = ", ".join("abc"[:count])
    text = f"import numpy as np\n\ndef f({names}):\n    return np.arange({names}, dtype=np.{dtype})\n"
    return thalweg.program(function_from(text, f"<arange of {count} in {dtype}>"), strict=True)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("dtype", TYPES)
def test_ranges_in_every_type(dtype):
    programs = {count: range_of(count, dtype) for count in (1, 2, 3)}
    for ends in INTEGERS:
        check(programs[len(ends)], ends, same_bits)
    cut = np.dtype(dtype).kind in "iu" and dtype != "int64"
    for ends in FLOATS:
        if cut:
            with pytest.raises(thalweg.UnsupportedError, match="np.arange of floats in"):
                programs[len(ends)](*ends)
        else:
            check(programs[len(ends)], ends, same_bits)


@pytest.mark.parametrize("call", ["np.arange(7, dtype=bool)", "np.indices((3, 2), bool)", "np.indices((1, 3), bool, sparse=True)",
                                  "np.fromfunction(lambda i: i, (3,), dtype=bool)"])
def test_a_third_bool_is_an_error(call):
    text = f"import numpy as np\n\ndef f():\n    return {call}\n"
    f = function_from(text, f"<{call}>")
    with pytest.raises(TypeError, match="only supported for booleans"):
        f()
    with pytest.raises(TypeError, match="only supported for booleans"):
        thalweg.program(f)()


def places(n, m):
    return np.indices((n, m), bool), np.indices((n, m), np.float32), np.fromfunction(lambda i, j: i | j, (n, m), dtype=bool)


def test_places_in_other_types():
    for n, m in ((2, 2), (1, 2), (0, 2), (2, 3), (3, 0)):
        check(places, (n, m), same_bits)
