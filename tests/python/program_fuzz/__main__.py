"""python -m program_fuzz [--first SEED] [--count N] [--inputs K] [--processes P] [--interpret] [--show SEED] [--refusals]

Programs run compiled; with --interpret their graphs are interpreted, as the frontend makes them: three times as many in the
same time, of which nothing that comes after the frontend is seen.
"""

import argparse
import collections
import concurrent.futures
import concurrent.futures.process
import multiprocessing
import re
import sys
import time

from . import listed, outcomes, programs
from .piece import ENDLESS_IN_NUMPY, bounded, work


def parse(arguments):
    parser = argparse.ArgumentParser(prog="program_fuzz")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--inputs", type=int, default=20)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--interpret", action="store_true", help="the reference interpreter instead of machine code")
    parser.add_argument("--show", type=int)
    parser.add_argument("--refusals", action="store_true", help="what was refused, most frequent first")
    return parser.parse_args(arguments)


def show(seed, inputs, interpret):
    bounded()
    program = programs.make(seed)
    print(program.describe())
    report = outcomes.examine(program, inputs, interpret=interpret)
    print(report.status, report.message)
    for k, what, arguments in report.differences:
        print(f"input {k}: {what}")
        for p, a in zip(program.parameters, arguments):
            print(f"  {p.name} = {a!r}")


CONTEXT = multiprocessing.get_context("spawn")
DIED = concurrent.futures.process.BrokenProcessPool


def outcomes_of(pieces, processes):
    """What the pieces gave, in order; every few hundred programs in new processes, as each keeps what it compiled.

    (`max_tasks_per_child` of CPython 3.11 waits for ever when the last one has ended.) Where a process dies, what is
    open of its group goes on one by one: a program that ends a process is a difference.
    """
    for first in range(0, len(pieces), 20 * processes):
        group = pieces[first:first + 20 * processes]
        done = 0
        try:
            with concurrent.futures.ProcessPoolExecutor(processes, mp_context=CONTEXT) as pool:
                for future in [pool.submit(work, piece) for piece in group]:
                    result = future.result()
                    done += 1
                    yield result
        except DIED:
            yield from map(survivors, group[done:])


def survivors(piece):
    """The outcomes of one piece; after a death each program alone."""
    try:
        return alone(piece)
    except DIED:
        pass
    found = []
    for seed in range(*piece[:2]):
        try:
            found += alone((seed, seed + 1, *piece[2:]))
        except DIED:
            found.append((seed, "died", "", [(0, "the process died", None)], collections.Counter(), seed))
    return found


def alone(piece):
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=CONTEXT) as pool:
        return pool.submit(work, piece).result()


def main(arguments):
    options = parse(arguments)
    if options.show is not None:
        show(options.show, options.inputs, options.interpret)
        return 0
    began, last = time.time(), options.first + options.count
    pieces = [(k, min(k + 25, last), options.inputs, options.interpret) for k in range(options.first, last, 25)]
    statuses, counts, refusals, distinct, wrong = (collections.Counter(), collections.Counter(),
                                                   collections.defaultdict(list), set(), 0)
    for done, results in enumerate(outcomes_of(pieces, options.processes), 1):
        for seed, status, message, differences, reached, identity in results:
            statuses[status] += 1
            counts += reached
            if status != ENDLESS_IN_NUMPY:
                distinct.add(identity)
            if message:
                code = re.search(r"TW\d+", message)
                refusals[f"{status} {code.group() if code else message[:60]}"].append((seed, message))
            for k, what, _ in differences:
                wrong += 1
                print(f"DIFFERENCE seed {seed} input {k}: {what[:300]}", flush=True)
        if done % 20 == 0 or done == len(pieces):
            print(f"{min(done * 25, options.count)} programs, {time.time() - began:.0f} s: {dict(statuses)}, "
                  f"{wrong} differences", flush=True)
    for what in sorted(counts):
        print(f"  {what}: {counts[what]}")
    missing = listed.unreached(counts)
    print(f"{len(listed.LISTED) - len(missing)} of {len(listed.LISTED)} listed kinds reached; not: {missing}")
    for what, seeds in sorted(refusals.items(), key=lambda item: -len(item[1])):
        print(f"  {len(seeds)} {what}: seeds {[seed for seed, _ in seeds[:6]]}")
        if options.refusals:
            print("    " + seeds[0][1].replace("\n", "\n    "))
    how = "interpreted" if options.interpret else "compiled"
    print(f"{len(distinct)} distinct programs, {statuses['compiled'] / options.count:.1%} {how}, {wrong} differences")
    return 1 if wrong or statuses["fuzzer"] or missing and options.count >= 5000 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
