"""src/emit/call_writer.cpp (Callback): thw_array.dtype of inputs and outputs is never set, so every value crosses as a bool."""
import numpy as np
import pytest
import thalweg
from tolerance import same_bits

SEEN = []


def measure(a, i):
    SEEN.append((a.copy(), i))
    return float(a.sum()) + i


def failing(a):
    raise LookupError("from the callback")


@thalweg.program
def with_callback(a):
    b = a * 2
    s: thalweg.float64 = measure(b, 3)
    return b + s


@thalweg.program
def with_failing_callback(a):
    s: thalweg.float64 = failing(a)
    return a + s


class TestCallback:
    @pytest.mark.filterwarnings("ignore::thalweg.Notice")
    def test_result_feeds_a_statement(self):
        a = np.arange(4.0)
        SEEN.clear()
        found = with_callback(a)
        assert same_bits(found, with_callback.f(a))
        assert len(SEEN) == 2 and same_bits(SEEN[0][0], a * 2) and SEEN[0][1] == 3
        assert same_bits(with_callback.interpret(a), found)

