"""What a benchmark algorithm is: a plain function, its inputs as the collection draws them, and how equal is equal."""

from dataclasses import dataclass
from typing import Callable

import numpy as np
from tolerance import close, moved, same_bits


@dataclass(frozen=True)
class Kernel:
    function: Callable          # plain NumPy, as a scientist writes it; decorated by whoever runs it
    initialise: Callable        # (rng, **size) -> the arguments, in the order of the function's parameters
    terms: Callable = None      # (arguments) -> rounded operations behind a result, for the bound; None: NumPy's bits
    amplifies: bool = False     # whether the problem makes more of rounding than a factor of terms: see tolerance.py

    def same(self, arguments):
        """(found, expected) -> are they equal? To be asked for each result and argument of one call, in their order."""
        if self.terms is None:
            return same_bits
        terms = self.terms(arguments)
        if not self.amplifies:
            return lambda found, expected: close(found, expected, terms)
        amplified = iter(moved(self.function, arguments))
        return lambda found, expected: close(found, expected, terms, next(amplified))


def grid(formula, *shape, dtype=np.float64):
    """The deterministic matrices of the linear algebra kernels: `formula` of the indices."""
    return np.fromfunction(formula, shape, dtype=np.int64).astype(dtype)


def positive_definite(N):
    """Unit lower triangle with small entries, times its transpose."""
    lower = np.tril(grid(lambda i, j: (-j % N) / N + 1.0, N, N), -1) + np.eye(N)
    return lower @ lower.T


def random_complex(rng, *shape):
    return rng.random(shape) + 1j * rng.random(shape)


def random_single(rng, *shape):
    return rng.random(shape, dtype=np.float32)
