"""A hundred small loops as textbooks write them, and who may run them in parallel.

`LOOPS` holds the functions with the domains of their arguments (domain.py). `evaluate.py` runs a function and records
every access, `legality.py` decides from the records alone which of its loops may run in parallel; verdicts.txt is what
it decided, written before any compiler was asked.
"""

import inspect
import os
from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True)
class Loop:
    name: str
    function: Callable
    domains: dict           # parameter or size name -> domain

    @property
    def file(self):
        return os.path.basename(self.function.__code__.co_filename)

    @property
    def parameters(self):
        return list(inspect.signature(self.function).parameters)


LOOPS: dict[str, Loop] = {}


def loop(**domains):
    """Registers a function of the corpus; every parameter has a domain."""

    def register(function):
        assert function.__name__ not in LOOPS, function.__name__
        made = Loop(function.__name__, function, domains)
        assert set(made.parameters) <= set(domains), function.__name__
        LOOPS[function.__name__] = made
        return function

    return register
