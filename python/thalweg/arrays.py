"""Arrays of other libraries as arguments: the memory they offer, seen as a `numpy.ndarray`, never copied.

Tried in this order: the buffer protocol (memoryview, array.array, ctypes arrays), `__array_interface__` and
`__array_struct__`, DLPack. What NumPy would have to copy or to interpret is refused, and so is memory on a GPU.
"""

import numpy

from thalweg.types import Expression

_CPU_DEVICES = (1, 3, 11)  # DLPack's kDLCPU, kDLCUDAHost and kDLROCMHost: memory that processors can reach
_NO_ARRAYS = (bytes, str, Expression)  # constants, and symbols


def _is_buffer(value):
    try:
        memoryview(value).release()
    except (TypeError, BufferError, ValueError):
        return False
    return True


def _class_name(value):
    return f"{type(value).__module__}.{type(value).__qualname__}"


def _refuse(value, reason, fix):
    raise TypeError(f"an argument of class {_class_name(value)} {reason}; {fix}")


def _from_dlpack(value):
    kind = value.__dlpack_device__()[0] if hasattr(value, "__dlpack_device__") else 1
    if kind not in _CPU_DEVICES:
        _refuse(value, f"is not in the processor's memory (DLPack device {int(kind)})", "copy it to the host first")
    try:
        return numpy.from_dlpack(value)
    except (BufferError, RuntimeError, TypeError, ValueError) as error:
        _refuse(value, f"does not give its memory away ({error})", "pass a NumPy array")


def borrowed(value):
    """The array over the memory of `value`; None if it offers none, so that it is no array."""
    if isinstance(value, _NO_ARRAYS):
        return None
    if hasattr(value, "__cuda_array_interface__"):
        _refuse(value, "is in a GPU's memory", "copy it to the host first")
    if _is_buffer(value) or hasattr(value, "__array_interface__") or hasattr(value, "__array_struct__"):
        try:
            return numpy.asarray(value, copy=False)
        except ValueError as error:
            _refuse(value, f"cannot be used in place ({error})", "pass numpy.array(...) of it")
    if hasattr(value, "__dlpack__"):
        return _from_dlpack(value)
    if hasattr(value, "__array__"):
        _refuse(value, "has a meaning of its own", "pass numpy.asarray(...) if its plain data is meant")
    return None
