"""Random programs on an object: fields are assigned in branches, loops, methods and on the way out of them."""

import random

HEAD = '''import dataclasses
import numpy as np


@dataclasses.dataclass
class Part:
    w: float
    v: np.ndarray


@dataclasses.dataclass
class State:
    t: float
    n: int
    a: np.ndarray
    b: np.ndarray
    part: Part

    def swap(self):
        self.a, self.b = self.b, self.a

    def step(self, dt):
        self.t = self.t + dt
        if self.t > 3.0:
            self.n = self.n + 1
            return self.t
        self.a[0] = self.t
        return dt

    def seek(self, x):
        for i in range(len(self.a)):
            self.n = i
            if self.a[i] > x:
                self.t = 1.5 + i
                return i
        return -1

    @property
    def twice(self):
        return 2.0 * self.t


'''
NUMBERS = ["s.t", "0.5", "1.5", "s.twice", "s.part.w", "x", "float(s.n)", "s.a[1]", "float(s.b.sum())", "p.w", "h.t", "q.w", "float(q.v[0])"]
CONDITIONS = ["s.t > 1.0", "s.n > 2", "x > 0.5", "s.a[0] > s.b[0]", "k > 1", "h.n == 3", "s.part.w < 2.0", "s is h"]


class Writer:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.in_loop = 0
        self.end = self.random.choice(["y", "y, s.t", "s", "h", "y, s, h", "p, s.a", "[s, h], p", "q", "q, s"])

    def number(self):
        return self.random.choice(NUMBERS)

    def float_number(self):
        return f"float({self.number()})"

    def simple(self):
        choice = self.random.randrange(14)
        target = self.random.choice(["s", "h"])
        if choice == 0:
            return [f"{target}.t = {self.float_number()}"]
        if choice == 1:
            return [f"{target}.t += {self.float_number()}"]
        if choice == 2:
            return [f"{target}.n = {self.random.randrange(5)}"]
        if choice == 3:
            return [f"{target}.n += 1"]
        if choice == 4:
            return [f"{target}.swap()"]
        if choice == 5:
            return [f"y = y + {target}.step({self.float_number()})"]
        if choice == 6:
            return [f"{target}.a[{self.random.randrange(3)}] = {self.number()}"]
        if choice == 7:
            return [f"{target}.b += {self.number()}"]
        if choice == 8:
            return [f"{target}.part.w = {self.float_number()}"]
        if choice == 9:
            return [f"p.w = {self.float_number()}"]
        if choice == 10:
            return [f"{target}.a = {target}.b * {self.number()}"]
        if choice == 11:
            return [f"k = {target}.seek({self.number()})"]
        if choice == 12:
            return [f"y = float({self.number()})"]
        return [f"y = y + float({self.number()})"]

    def statement(self, depth):
        choice = self.random.randrange(13)
        if choice == 10 and self.random.random() < 0.4:
            return [self.random.choice([
                f"p = dataclasses.replace(p, w={self.float_number()})", f"q = dataclasses.replace(q, w={self.float_number()})",
                "q = Part(q.w + 1.0, q.v * 2.0)", f"h = State({self.float_number()}, h.n, h.a, h.b + 1, p)", "h = s", "p = q"])]
        if depth > 0 and choice == 11 and self.random.random() < 0.6:
            self.in_loop += 1
            body = self.body(depth - 1)
            self.in_loop -= 1
            return [f"j{depth} = 0", f"while j{depth} < {self.random.randrange(4)} and {self.random.choice(CONDITIONS)}:",
                    f"    j{depth} += 1", *indent(body)]
        if choice == 12:
            return [f"y = y + change({self.float_number()})"]
        if depth > 0 and choice < 2:
            return [f"if {self.random.choice(CONDITIONS)}:", *indent(self.body(depth - 1)),
                    *(["else:", *indent(self.body(depth - 1))] if self.random.random() < 0.5 else [])]
        if depth > 0 and choice == 2:
            self.in_loop += 1
            body = self.body(depth - 1)
            self.in_loop -= 1
            return [f"for i{depth} in range({self.random.randrange(4)}):", *indent(body)]
        if choice == 3 and self.in_loop and self.random.random() < 0.5:
            return [f"if {self.random.choice(CONDITIONS)}:",
                    *indent([*self.simple(), self.random.choice(["break", "continue", f"return {self.end}"])])]
        if choice == 4 and self.random.random() < 0.3:
            return [f"if {self.random.choice(CONDITIONS)}:", *indent([*self.simple(), f"return {self.end}"])]
        return self.simple()

    def body(self, depth):
        return [line for _ in range(self.random.randrange(1, 4)) for line in self.statement(depth)]

    def function(self):
        lines = ["y = 0.0", "q = Part(0.5, s.b)", "h = s" if self.random.random() < 0.5 else "h = State(0.25, 3, s.b + 1, s.a * 2, s.part)",
                 "p = s.part" if self.random.random() < 0.5 else "p = Part(2.5, s.a)"]
        lines += ["def change(d):", "    s.t = s.t + d", "    p.w = s.t * 0.5", "    return p.w"]
        for _ in range(self.random.randrange(2, 6)):
            lines += self.statement(2)
        return ["def f(s, x, k):", *indent(lines), *indent([f"return {self.end}"])]


def indent(lines):
    return ["    " + line for line in lines]


def program(seed):
    """The text of a module with a class State and a function f(s, x, k)."""
    return HEAD + "\n".join(Writer(seed).function()) + "\n"
