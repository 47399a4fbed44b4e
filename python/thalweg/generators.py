"""numpy.random.Generator as an argument or a global of programs: its state is read before a call and written back."""

import weakref
from contextlib import ExitStack

import numpy as np

_arrays = weakref.WeakKeyDictionary()  # the lock of a bit generator (it takes weak references) -> its state's array
_HALF = 2**64 - 1


def state_array(generator):
    """The array that stands for the state of a generator in programs; None where its bits are not PCG64's."""
    bits = generator.bit_generator
    if type(bits) is not np.random.PCG64:
        return None
    return _arrays.setdefault(bits.lock, np.zeros(6, np.uint64))


class Held:
    """Generators that no other thread uses, with the arrays that stand for their states."""

    def __init__(self, pairs):
        every = {id(generator.bit_generator.lock): (array, generator.bit_generator) for array, generator in pairs}
        self.locks = ExitStack()
        self.pairs = []
        try:
            for _, (array, bits) in sorted(every.items(), key=lambda item: item[0]):  # no threads wait in a ring
                self.locks.enter_context(bits.lock)
                state = bits.state
                numbers = state["state"]
                array[:2] = numbers["state"] >> 64, numbers["state"] & _HALF
                array[2:4] = numbers["inc"] >> 64, numbers["inc"] & _HALF
                array[4:] = state["has_uint32"], state["uinteger"]
                self.pairs.append((array, bits))
        except BaseException:  # Ctrl-C
            self.locks.close()
            raise

    def finish(self):
        with self.locks:
            for array, bits in self.pairs:
                high, low, add_high, add_low, kept, half = array.tolist()
                numbers = {"state": high << 64 | low, "inc": add_high << 64 | add_low}
                bits.state = {"bit_generator": "PCG64", "state": numbers, "has_uint32": kept, "uinteger": half}
