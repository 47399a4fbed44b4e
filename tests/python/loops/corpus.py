"""Every loop of the corpus, by name."""

from . import (  # noqa: F401
    LOOPS, conditional, indirect, modular, negative, nests, recurrences, reductions, shifts, strides, symbols,
    temporaries, triangular, wraparound)
