"""A piece of the run, in a process of its own."""

import resource
import signal
import traceback

from . import outcomes, programs

PATIENCE = 120   # seconds for one program, of which the slowest take 10 on a busy machine
INTERPRETER = 30   # seconds for one that is interpreted, after which nothing is known of it
ENDLESS_IN_NUMPY = "endless in NumPy"   # a `while` loop that adds to an array whose length it asks: no program to compare
MEMORY = 4 * 2**30   # bytes of one process: `np.full(np.prod(b), 5)` raises MemoryError, before the machine ends the process


class Endless(BaseException):
    pass


def stop(*_):
    raise Endless


def ends_not_in_numpy(seed, error):
    """Was it NumPy's run of the program that was stopped?"""
    return any(frame.filename == f"<oracle {seed}>" for frame in traceback.extract_tb(error.__traceback__))


def bounded():
    """This process may have so much memory and no more."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))


def examined(program, inputs):
    """What `outcomes.examine` says of one program, in a process that may have so much memory."""
    bounded()
    return outcomes.examine(program, inputs)


def work(bounds):
    first, last, inputs, interpret = bounds
    out = []
    bounded()
    signal.signal(signal.SIGALRM, stop)
    for seed in range(first, last):
        program = programs.make(seed)
        signal.alarm(INTERPRETER if interpret else PATIENCE)
        try:
            report = outcomes.examine(program, inputs, interpret=interpret)
            out.append((seed, report.status, report.message, report.differences, program.counts + report.counts,
                        hash(program.describe().split("\n", 1)[1])))
        except Endless as error:
            if ends_not_in_numpy(seed, error):
                out.append((seed, ENDLESS_IN_NUMPY, "", [], program.counts, None))
                continue
            differences = [] if interpret else [(0, f"no end after {PATIENCE} s", None)]
            out.append((seed, "too slow" if interpret else "endless", "", differences, program.counts, seed))
        except Exception as error:   # of the fuzzer itself
            out.append((seed, "fuzzer", f"{type(error).__name__}: {error}", [], program.counts, 0))
    signal.alarm(0)
    return out
