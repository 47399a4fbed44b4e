"""python -m numpy_examples [NAME ...] [--write] [--denominator] [--show]

Without names all docstrings. --denominator: only counts the legal statements and writes denominator.txt.
--write: writes results.txt and known_wrong.txt. --show: the text of every statement that is not right.
"""

import argparse
import collections
import re
import sys
import time
import warnings

from . import alone, compiled, counts
from .functions import DOCSTRINGS

WIDTH = 200  # of messages in the report


def parse(arguments):
    parser = argparse.ArgumentParser(prog="numpy_examples")
    parser.add_argument("names", nargs="*")
    for option in ("--write", "--denominator", "--show"):
        parser.add_argument(option, action="store_true")
    return parser.parse_args(arguments)


def write_denominator():
    lines, total = [], 0
    for name in DOCSTRINGS:
        legal, reasons = counts.examined(name)
        total += len(legal)
        lines.append(counts.denominator_line(name, legal, reasons))
    counts.write("denominator.txt", lines)
    print(f"{total} legal statements in {len(lines)} docstrings")


def summary(title, states):
    total = sum(states.values())
    if total:
        shares = [f"{state} {states[state]} ({states[state] / total:.1%})" for state in ("right", "refused", "wrong")]
        print(f"{title}: {total} legal: {', '.join(shares)}")


def ranking(refusals):
    print("\nRefused, most frequent first:")
    for (code, message), steps in sorted(refusals.items(), key=lambda item: -len(item[1])):
        print(f"{len(steps):4} {code} {message[:WIDTH]}")
        print(f"       {steps[0].name}: {alone.text_of(steps[0]).splitlines()[-1].strip()}")


def main(options):
    if options.denominator:
        write_denominator()
        return 0
    began, lines, known, refusals = time.time(), [], [], collections.defaultdict(list)
    total, named, codes = collections.Counter(), collections.Counter(), collections.Counter()
    for name in options.names or DOCSTRINGS:
        states = collections.Counter()
        for step in counts.examined(name)[0]:
            found = compiled.outcome(step)
            states[found.state] += 1
            if found.state == "refused":
                refusals[found.code, re.sub(r"of \d+ (item|dimension)s?\b", r"of n \1s", found.message)].append(step)
                codes[found.code] += 1
            if found.state == "wrong":
                known.append(f"{step.name}: {' '.join(found.message.split())[:WIDTH]}")
                print(f"WRONG {known[-1]}\n    " + alone.text_of(step).replace("\n", "\n    "), flush=True)
            elif options.show and found.state != "right":
                print(f"{step.name} {found.code} {found.message}\n    " + alone.text_of(step).replace("\n", "\n    "))
        line = f"{name}: {states['right']} right, {states['refused']} refused, {states['wrong']} wrong"
        print(line, flush=True)
        lines.append(line)
        total += states
        named += states if DOCSTRINGS[name][0] != "further" else collections.Counter()
    ranking(refusals)
    print("\n" + ", ".join(f"{code} {count}" for code, count in codes.most_common()))
    summary("All", total)
    summary("Of the named families", named)
    print(f"{time.time() - began:.0f} s")
    if options.write:
        counts.write("results.txt", lines)
        counts.write("known_wrong.txt", known)
    return 1 if total["wrong"] else 0


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main(parse(sys.argv[1:])))
