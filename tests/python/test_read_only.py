"""Arguments that may not be written: NumPy's ValueError with the line where a write is reached, NumPy's result where not."""

import re

import numpy as np
import pytest

import thalweg
from support import agree, call
from tolerance import same_bits


def locked(array):
    array = array.copy()
    array.flags.writeable = False
    return array


def maybe_writes(a, flag):
    if flag:
        a[0] = 1.0
    return a.sum()


def slices(a, flag):
    b = a[1:]
    if flag:
        b[:2] = 7.0
    return b * 2


def augmented(a, flag):
    if flag:
        a += 1.0
    return a * 2


def element(a, flag):
    if flag:
        a[1] += 1.0
    return a * 2


def masked(a, flag):
    if flag:
        a[a > 1] = 0.0
    return a * 2


def through_out(a, flag):
    if flag:
        np.add(a, 1.0, out=a)
    return a * 2


def sum_out(a, flag):
    if flag:
        np.sum(a, out=a[0:1], axis=0, keepdims=True)
    return a * 2


def empty_write(a, flag):
    if flag:
        a[0:0] = 1.0
    return a * 2


def filled(a, flag):
    if flag:
        a.fill(3.0)
    return a * 2


def in_map(a, flag):
    n = a.shape[0] if flag else 0
    for i in thalweg.map[0:n]:
        a[i] = 2.0 * i
    return a * 2


def in_map_combined(a, flag):
    n = a.shape[0] if flag else 0
    for i in thalweg.map[0:n]:
        a[0] += 2.0
    return a * 2


def in_loop(a, flag):
    n = 3 if flag else 0
    for i in range(n):
        a[i] = 0.0
    return a * 2


def other_error_first(a, flag):
    if flag:
        a[0] = a[17]
    return a * 2


def wrong_cast_later(a, flag):
    if flag:
        a += 1j
    return a * 2


FUNCTIONS = [maybe_writes, slices, augmented, element, masked, through_out, empty_write, filled, in_map, in_map_combined,
             in_loop, other_error_first, wrong_cast_later]


def close(found, expected):
    return np.allclose(found, expected, equal_nan=True)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("flag", [False, True])
@pytest.mark.parametrize("make", [locked, lambda a: np.broadcast_to(a, (6,)), lambda a: locked(np.repeat(a, 2))[::2]],
                         ids=["locked", "broadcast", "strided"])
def test_read_only(function, flag, make):
    program = thalweg.program(function)
    expected = call(program.f, [make(np.arange(6.0)), flag])
    for engine in (program, program.interpret):
        array = make(np.arange(6.0))
        before = array.copy()
        found = call(engine, [array, flag])
        assert agree(found, expected, close), (found, expected)
        assert same_bits(array, before)


def test_line_and_message():
    program = thalweg.program(maybe_writes)
    with pytest.raises(ValueError, match="assignment destination is read-only") as caught:
        program(locked(np.arange(6.0)), True)
    line = maybe_writes.__code__.co_firstlineno + 2
    assert re.search(rf"test_read_only\.py.*\b{line}\b", str(caught.value)), str(caught.value)
    with pytest.raises(ValueError, match="output array is read-only"):
        thalweg.program(augmented)(locked(np.arange(6.0)), True)


def test_writeable_arrays_have_their_own_build():
    program = thalweg.program(maybe_writes)
    assert program(locked(np.arange(6.0)), False) == 15.0
    a = np.arange(6.0)
    assert program(a, True) == 16.0 and a[0] == 1.0
    assert len(program.builds) == 2
    assert "not writable" in program.explain()[0]["why"]


def swapping(a, b, n, write):
    for t in range(n):
        if write:
            b[0] = b[0] + 1.0
        a, b = b, a
    return a.sum(), b.sum()


def swapping_once(a, b, n, at):
    for t in range(n):
        if t == at:
            b[0] = b[0] + 1.0
        a, b = b, a
    return a.sum(), b.sum()


def branching(a, b, flag, write):
    if flag:
        c = a
    else:
        c = b
    if write:
        c[1:3] = 5.0
    return c.sum()


def fresh_after(a, b, n, at):
    h = a
    for t in range(n):
        if t == at:
            h[0] = 3.0
        h = h * 2.0
    return h.sum(), b.sum()


@pytest.mark.parametrize("function", [swapping, swapping_once, branching, fresh_after], ids=lambda f: f.__name__)
@pytest.mark.parametrize("lock", ["a", "b", "ab", ""])
def test_names_that_may_mean_a_read_only_array(function, lock):
    program = thalweg.program(function)
    for third in (0, 1, 2, 3):
        for fourth in (0, 1, 2, 5):
            def make():
                a, b = np.arange(6.0), np.arange(6.0) * 10
                return [locked(a) if "a" in lock else a, locked(b) if "b" in lock else b, third, fourth]

            expected = call(function, make())
            for engine in (program, program.interpret):
                found = call(engine, make())
                assert agree(found, expected, close), (third, fourth, found, expected)


def test_memory_that_cannot_be_written(tmp_path):
    """A write that slipped through would end the process."""
    np.arange(6.0).tofile(tmp_path / "data")
    mapped = np.memmap(tmp_path / "data", np.float64, "r")
    for function in (swapping, swapping_once):
        program = thalweg.program(function)
        with pytest.raises(ValueError, match="read-only"):
            program(np.zeros(6), mapped, 5, 0 if function is swapping_once else 1)
        with pytest.raises(ValueError, match="read-only"):
            program(mapped, np.zeros(6), 5, 1)


def test_shared_elements():
    base = np.arange(8.0)
    windows = np.lib.stride_tricks.as_strided(base, (3, 4), (8, 8))
    rows = np.lib.stride_tricks.as_strided(base, (3, 4), (0, 8))

    @thalweg.program
    def last(a, flag):
        if flag:
            a[1, 2] = 0.0
        return a * 2

    for view in (windows, rows):
        for engine in (last, last.interpret):
            assert same_bits(engine(view, False), view * 2)
            with pytest.raises(ValueError, match="share one place"):
                engine(view, True)


TABLE = np.arange(6.0)


@thalweg.program
def writes_global(flag):
    if flag:
        TABLE[0] = 9.0
    return TABLE * 2


def test_read_only_global():
    global TABLE
    try:
        TABLE.flags.writeable = False
        assert same_bits(writes_global(False), TABLE * 2)
        with pytest.raises(ValueError, match="read-only"):
            writes_global(True)
        TABLE.flags.writeable = True
        assert same_bits(writes_global(True), TABLE * 2) and TABLE[0] == 9.0
    finally:
        TABLE = np.arange(6.0)


def poke(x):
    x[0] = 1.0


@pytest.mark.filterwarnings("ignore::thalweg.Notice")
def test_callbacks_get_read_only_views():
    @thalweg.program(strict=False)
    def calls(a):
        poke(a)
        return a * 2

    with pytest.raises(ValueError, match="read-only"):
        calls(locked(np.arange(3.0)))
    a = np.zeros(3)
    assert calls(a)[0] == 2.0 and a[0] == 1.0


def no_mask(v):
    v[v > 9] *= np.ones((v > 9).sum())


def no_places(v):
    v[np.arange(0)] += 1


def no_diagonal(v):
    np.fill_diagonal(v[:, :0], 3)


def nothing_put(v):
    np.put(v, np.arange(0), 1)


def nothing_added(v):
    np.add.at(v, np.arange(0), 1)


@pytest.mark.parametrize("write", [no_mask, no_places, no_diagonal, nothing_put, nothing_added], ids=lambda f: f.__name__)
@pytest.mark.parametrize("shape", [(2, 3), (0, 3), (1, 0)])
def test_no_elements_written_to_a_read_only_array(write, shape):
    view = np.broadcast_to(np.zeros(shape[1:]), shape)
    for run in (write, thalweg.program(write)):
        with pytest.raises(ValueError, match="read-only"):
            run(view)
    writable = np.zeros(shape)
    thalweg.program(write)(writable)
    assert not writable.any()
