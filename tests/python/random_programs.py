"""What the generators of random programs share: a program held against NumPy on several inputs, and their command line.

A generator gives text_of(seed), the text of a function `program`, and examine(seed, compiled=False).
"""

import argparse
import collections
import random
import warnings

import numpy as np

import thalweg
from program_fuzz.outcomes import NO_LONGER, RAISED, run
from support import function_from


class LineWriter:
    """Draws of a seed, and the lines written so far."""

    def __init__(self, seed):
        self.random, self.lines = random.Random(seed), []

    def pick(self, *choices):
        return self.random.choice(choices)

    def chance(self, probability):
        return self.random.random() < probability

    def line(self, indent, text):
        self.lines.append("    " * indent + text)


def held_against_numpy(text, name, inputs, copies, unlike, compiled=False, unclear=None, straight=False):
    """("compiled" or the code of the refusal, what differs or None) of the first input that says so.

    copies(arguments): the same once more, in memory of their own. unlike(found, expected, changed, arguments): what differs
    in the results, or in what became of the arguments. unclear(arguments, expected, changed): is NumPy's answer no measure?
    straight: CPython comes to all of the program, so that nothing in it is wrong where CPython gives a result.
    """
    function = function_from(text, name, "program")
    program = thalweg.program(function, strict=True)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for k, arguments in enumerate(inputs):
            plain, mine = copies(arguments), copies(arguments)
            expected, error = run(function, plain)
            if error is None and unclear is not None and unclear(arguments, expected, plain):
                continue
            found, problem = run(program if compiled else program.interpret, mine)
            if isinstance(problem, thalweg.CompileError) and not (error is not None and isinstance(problem, type(error))):
                claim = straight and error is None and claimed_as_wrong(function, problem, copies(arguments))
                return problem.code, f"input {k}: {problem}" if claim or isinstance(problem, thalweg.InternalError) else None
            if error is not None and not isinstance(problem, (*RAISED, thalweg.CompileError, type(error))):
                return "compiled", f"input {k} {arguments}: {found!r}, {problem!r}; NumPy raises {error!r}"
            if error is None and isinstance(problem, OverflowError) and any(text in str(problem) for text in NO_LONGER):
                continue
            if error is None and problem is not None:
                return "compiled", f"input {k} {arguments}: raises {problem!r}; NumPy gives {expected!r}"
            what = unlike(found, expected, mine, plain) if error is None else None
            if what is not None:
                return "compiled", f"input {k} {arguments}: {what}"
    return "compiled", None


def claimed_as_wrong(function, problem, arguments):
    """Is a program that NumPy runs refused as one that CPython refuses too, where a call back into CPython is due?"""
    if isinstance(problem, (thalweg.UnsupportedError, thalweg.InternalError)) or problem.code == "TW1001":
        return False   # names are asked for wherever they stand
    return isinstance(run(thalweg.program(function, strict=False), arguments)[1], thalweg.CompileError)


def assert_as_numpy(generator, seeds, **options):
    """Of a generator's module: none of the programs differs; the statuses."""
    statuses = []
    for seed in seeds:
        status, what = generator.examine(seed, **options)
        assert what is None, f"seed {seed}, {what}\n{generator.text_of(seed)}"
        statuses.append(status)
    return statuses


def search(name, text_of, examine, arguments):
    """The command line of a generator; 1 if something differs."""
    parser = argparse.ArgumentParser(prog=name)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--compiled", action="store_true", help="as machine code, not interpreted")
    parser.add_argument("--show", type=int)
    options = parser.parse_args(arguments)
    if options.show is not None:
        print(text_of(options.show), *examine(options.show, compiled=options.compiled))
        return 0
    statuses, wrong = collections.Counter(), 0
    for seed in range(options.first, options.first + options.count):
        status, what = examine(seed, compiled=options.compiled)
        statuses[status] += 1
        if what is not None:
            wrong += 1
            print(f"seed {seed}, {what}", flush=True)
    print(f"{options.count} programs: {dict(statuses.most_common())}, {wrong} differences")
    return 1 if wrong else 0
