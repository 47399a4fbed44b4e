"""A piece of the run, in a process of its own."""

from . import outcomes, programs


def work(bounds):
    first, last, inputs = bounds
    out = []
    for seed in range(first, last):
        program = programs.make(seed)
        try:
            report = outcomes.examine(program, inputs)
            out.append((seed, report.status, report.message, report.differences, program.counts + report.counts,
                        hash(program.describe().split("\n", 1)[1])))
        except Exception as error:   # of the fuzzer itself
            out.append((seed, "fuzzer", f"{type(error).__name__}: {error}", [], program.counts, 0))
    return out
