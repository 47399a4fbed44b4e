"""Plain NumPy texts that must mean the same compiled: each a Text with its function, inputs and exactness.

`inputs(rng, **sizes)` gives fresh arguments; `sizes` are the names of bench sizes. `exact` texts use only operations
with one right answer to the bit; for the others `bound(arguments)` is the allowed absolute difference per result (see
tests/python/tolerance.py for where the bounds come from).
"""

from dataclasses import dataclass
from typing import Callable

import numpy as np


@dataclass(frozen=True)
class Text:
    name: str
    function: Callable          # the plain function; decorated by whoever runs it
    inputs: Callable            # (rng, **sizes) -> list of arguments
    small: dict                 # sizes for tests
    exact: bool
    terms: Callable = None      # (arguments) -> number of terms in the longest reduction, for the bound


TEXTS: dict[str, Text] = {}


def text(small, inputs, exact, terms=None):
    """Registers a function as a text."""

    def register(function):
        TEXTS[function.__name__] = Text(function.__name__, function, inputs, small, exact, terms)
        return function

    return register


def uniform(rng, *shape, dtype=np.float64):
    return rng.random(shape).astype(dtype, copy=False)
