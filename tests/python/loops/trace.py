"""What a run leaves behind: every read and write of a name or an element, in order, and where each loop's iterations began.

A place is a name (its text) or an element (a number that is its own for the life of its array). Views share places.
"""

import bisect
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np


class Tag(NamedTuple):
    """An access that belongs to an accumulation `s op= e`: which operation, and whether its order is free."""

    operation: str
    exact: bool


class Event(NamedTuple):
    place: object
    write: bool
    line: int
    tag: Tag = None
    value: object = None        # of an int name


@dataclass
class Execution:
    """One run of a loop: events[starts[t]:starts[t + 1]] are iteration t's; the last one ends at `end`."""

    line: int
    starts: list = field(default_factory=list)
    end: int = 0
    tests: list = field(default_factory=list)       # a while loop: where the condition of each iteration ends
    comparison: bool = True                         # a while loop: its condition is one comparison
    left_at: int = None                             # the line of the break or return that ended it

    def iterations(self, trace):
        ends = [*self.starts[1:], self.end]
        return [trace.events[begin:end] for begin, end in zip(self.starts, ends)]

    @property
    def whole(self):
        """Iterations that ran the body (a while loop's last test is an iteration without one)."""
        return len(self.starts) - (1 if self.tests and self.left_at is None else 0)


class Tracked:
    """An array and the places of its elements; views of both are made alike."""

    def __init__(self, values, places):
        self.values, self.places = values, places


class Trace:
    def __init__(self):
        self.events = []
        self.executions = []
        self.arrays = []            # (first place, name, made by the function)
        self._next = 0
        self._later = None

    def array(self, values, name, local):
        places = np.arange(self._next, self._next + values.size).reshape(values.shape)
        self.arrays.append((self._next, name, local, values.shape))
        self._next += values.size
        return Tracked(values, places)

    def name(self, name, write, line, tag=None, value=None):
        self.events.append(Event(name, write, line, tag, value))

    def elements(self, places, write, line, tag=None):
        for place in np.ravel(places).tolist():
            self.events.append(Event(place, write, line, tag))

    def _array_of(self, place):
        return self.arrays[bisect.bisect_right([first for first, *_ in self.arrays if first <= place], place) - 1]

    def is_local(self, place):
        """Names, and elements of arrays that the function made."""
        return isinstance(place, str) or self._array_of(place)[2]

    def describe(self, place):
        if isinstance(place, str):
            return place
        first, name, _, shape = self._array_of(place)
        return f"{name}[{', '.join(str(int(i)) for i in np.unravel_index(place - first, shape))}]"

    def read_after(self, place, end):
        """Whether the next access to the place from event `end` on is a read."""
        if self._later is None:
            self._later = {}
            for position, event in enumerate(self.events):
                self._later.setdefault(event.place, []).append(position)
        positions = self._later.get(place, [])
        following = bisect.bisect_left(positions, end)
        return following < len(positions) and not self.events[positions[following]].write
