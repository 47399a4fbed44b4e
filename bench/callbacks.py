"""What a call back into CPython costs, and whether four threads get through a million of them.

    ./dev bench callbacks [--calls 100000]

Prints the time of one crossing with a number and with an array of four numbers, without an annotation that says what
comes back (CPython then runs the loop and its body is compiled) and a statement that is refused, each beside the same
loop in CPython; and the time that 4 threads take for 1,000,000 crossings together.
"""

import argparse
import statistics
import threading
import time
import warnings

import numpy as np

import thalweg


class Outside:
    """Something that only CPython can call."""

    def __call__(self, x):
        return x + 1.0


outside = Outside()


def numbers(n, x):
    for i in range(n):
        y: float = outside(x)
        x = y
    return x


def arrays(n, a):
    for i in range(n):
        y: thalweg.float64[4] = outside(a)
        a[:] = y
    return a


def untyped(n, a):
    for i in range(n):
        y = outside(a)
        a[:] = y * 0.5
    return a


def refused(n, x):
    for i in range(n):
        y = {x}
        x = x + 1.0
    return x


def microseconds(function, calls, argument):
    found = []
    for _ in range(5):
        start = time.perf_counter()
        function(calls, argument)
        found.append((time.perf_counter() - start) / calls * 1e6)
    return statistics.median(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=100_000)
    options = parser.parse_args()
    warnings.simplefilter("ignore", thalweg.Notice)
    for what, function, argument in (("a number", numbers, 0.0), ("an array", arrays, np.zeros(4)),
                                     ("an array, untyped", untyped, np.zeros(4)), ("a refused statement", refused, 0.0)):
        program = thalweg.program(function)
        program(2, argument)
        print(f"{what:<19} compiled {microseconds(program, options.calls, argument):.2f} us a turn, "
              f"CPython {microseconds(function, options.calls, argument):.2f} us")
    program = thalweg.program(numbers)
    program(2, 0.0)
    threads = [threading.Thread(target=program, args=(250_000, 0.0)) for _ in range(4)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"1,000,000 crossings by 4 threads: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
