"""Arrays of other libraries as arguments: used in place, with NumPy's meaning, or refused with the reason."""

import array
import ctypes
import gc
import mmap
import weakref

import numpy as np
import pytest

import thalweg
from tolerance import same_bits


@thalweg.program
def doubled(a):
    return a * 2


@thalweg.program
def double_into(a, out):
    out[...] = a * 2


@thalweg.program
def shift_into(a, b):
    b[:] = 7.0
    b[1:] += a[:-1]


@thalweg.program
def itself(a):
    return a


@thalweg.program
def annotated(a: thalweg.float64[thalweg.symbol("N")]):
    return a + 1


class Dlpack:
    """Offers an array's memory through DLPack alone."""

    def __init__(self, data, device=None):
        self.data, self.device = data, device

    def __dlpack__(self, **options):
        return self.data.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.device or self.data.__dlpack_device__()


class Interface:
    """Offers an array's memory through __array_interface__ alone."""

    def __init__(self, data):
        self.data = data

    @property
    def __array_interface__(self):
        return self.data.__array_interface__


class Struct:
    def __init__(self, data):
        self.data = data

    @property
    def __array_struct__(self):
        return self.data.__array_struct__


WRAPPERS = [memoryview, Interface, Struct, Dlpack]


@pytest.mark.parametrize("wrap", WRAPPERS)
class TestUsedInPlace:
    @pytest.mark.parametrize("dtype", ["bool", "int8", "uint16", "int32", "int64", "uint64", "float32", "float64",
                                       "complex64", "complex128"])
    def test_read(self, wrap, dtype):
        a = np.array([[0, 1, 1], [1, 0, 1]]).astype(dtype)
        if wrap is memoryview and dtype.startswith("complex"):
            pytest.skip("memoryview has no format for complex numbers before Python 3.14")
        assert same_bits(doubled(wrap(a)), a * 2)

    @pytest.mark.parametrize("view", [lambda a: a[::-1], lambda a: a.T, lambda a: a[::2, 1:], lambda a: a[:0], lambda a: a[1, 2:3]])
    def test_layouts(self, wrap, view):
        a = view(np.random.default_rng(0).random((4, 5)))
        assert same_bits(doubled(wrap(a)), a * 2)

    def test_written(self, wrap):
        out = np.zeros(4)
        double_into(np.arange(4.0), wrap(out))
        assert same_bits(out, np.arange(4.0) * 2)

    def test_plain_function_gives_the_same(self, wrap):
        a, out = np.arange(4.0), np.zeros(4)
        double_into.f(wrap(a), wrap(out))
        assert same_bits(out, a * 2)
        assert same_bits(doubled.f(wrap(a)), doubled(wrap(a)))

    def test_overlap_is_seen(self, wrap):
        found, expected = np.arange(6.0), np.arange(6.0)
        shift_into(wrap(found[:-1]), found[1:])
        shift_into.f(expected[:-1], expected[1:])
        assert same_bits(found, expected)

    def test_read_only(self, wrap):
        a = np.arange(4.0)
        a.flags.writeable = False
        assert same_bits(doubled(wrap(a)), a * 2)
        with pytest.raises(ValueError, match="read-only"):
            double_into(np.arange(4.0), wrap(a))
        assert same_bits(a, np.arange(4.0))

    def test_a_result_keeps_the_memory(self, wrap):
        a = np.arange(4.0)
        gone = weakref.ref(a)
        result = itself(wrap(a))
        assert type(result) is np.ndarray and np.shares_memory(result, a)
        del a
        gc.collect()
        assert gone() is not None and same_bits(result, np.arange(4.0))
        del result
        gc.collect()
        assert gone() is None

    def test_annotations_hold(self, wrap):
        assert same_bits(annotated(wrap(np.arange(3.0))), np.arange(3.0) + 1)
        with pytest.raises(TypeError, match="annotated"):
            annotated(wrap(np.arange(3)))

    def test_no_new_build_for_another_object(self, wrap):
        program = thalweg.program(doubled.__wrapped__)
        for size in range(3, 9):
            program(wrap(np.ones(size)))
            program(np.ones(size))
        assert len(program.builds) == 1


class TestBuffers:
    @pytest.mark.parametrize("code", "bBhHiIlLqQfd")
    def test_array_array(self, code):
        a = array.array(code, [1, 2, 3])
        assert same_bits(doubled(a), np.asarray(a) * 2)
        double_into(np.asarray(a).copy(), a)
        assert a.tolist() == [2, 4, 6]

    def test_ctypes(self):
        a = (ctypes.c_double * 3)(1.0, 2.0, 3.0)
        double_into(np.ones(3), a)
        assert list(a) == [2.0] * 3

    def test_mmap(self):
        with mmap.mmap(-1, 8) as memory:
            double_into(np.arange(8, dtype=np.uint8), memory)
            assert memory[:] == bytes(range(0, 16, 2))

    def test_bytearray(self):
        a = bytearray(4)
        double_into(np.arange(4, dtype=np.uint8), a)
        assert a == bytes([0, 2, 4, 6])

    def test_byte_swapped(self):
        a = np.arange(4.0).astype(">f8")
        with pytest.warns(thalweg.Notice, match="byte-swapped"):
            assert same_bits(doubled(Interface(a)), np.arange(4.0) * 2)

    def test_records_are_refused(self):
        with pytest.raises(TypeError, match="dtype"):
            doubled(memoryview(np.zeros(2, [("x", "f8"), ("y", "i4")])))

    @pytest.mark.parametrize("value", [b"x", "x", {}, object()], ids=lambda value: type(value).__name__)
    def test_what_is_no_array_stays_none(self, value):
        with pytest.raises(thalweg.CompileError):
            doubled(value)

    def test_a_list_is_a_list(self):
        assert doubled([1.0, 2.0]) == [1.0, 2.0, 1.0, 2.0]


class TestRefused:
    def test_gpu_memory(self):
        class Gpu:
            __cuda_array_interface__ = {"shape": (3,), "typestr": "<f8", "data": (0, False), "version": 3}

        with pytest.raises(TypeError, match="GPU"):
            doubled(Gpu())
        with pytest.raises(TypeError, match="device 2"):
            doubled(Dlpack(np.ones(3), device=(2, 0)))

    def test_an_exporter_that_declines(self):
        class Declines:
            def __dlpack__(self, **options):
                raise BufferError("tensors that require gradients are not exported")

            def __dlpack_device__(self):
                return (1, 0)

        with pytest.raises(TypeError, match="gradients"):
            doubled(Declines())

    def test_arrays_with_a_meaning_of_their_own(self):
        class Series:
            def __array__(self, dtype=None, copy=None):
                return np.ones(3)

        with pytest.raises(TypeError, match="numpy.asarray"):
            doubled(Series())

    def test_what_would_have_to_be_copied(self):
        class Broken:
            __array_interface__ = {"shape": (3,), "typestr": "<f8", "version": 3, "data": [1.0, 2.0, 3.0]}

        with pytest.raises(TypeError):
            doubled(Broken())
