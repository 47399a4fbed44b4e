"""What the compiler made of the loops of the corpus, read from the graph after the passes and held against the verdicts.

`python -m loops.compiled` prints the share of legal loops that run in parallel, and every refusal with its reason.
"""

import re
from dataclasses import dataclass

import numpy as np

import thalweg

from .corpus import LOOPS
from .domain import random_input
from .evaluate import Evaluator
from .legality import conflict_of
from .verdicts import read_table, verdicts

TAKEN = ("parallel", "guarded", "reduction")


@dataclass
class Finding:
    """One loop of the corpus and the compiler's verdict on it."""

    place: str
    header: str
    kind: str           # of the table: legal, illegal, depends
    verdict: str        # the compiler's for typical arguments
    reason: str = ""
    illegal: str = ""   # a parallel build serves a call whose iterations conflict: which conflict

    @property
    def taken(self):
        return self.verdict in TAKEN

    def __str__(self):
        return f"{self.place} | {self.header} | {self.kind} | {self.verdict}{': ' * bool(self.reason)}{self.reason}"


def findings(loop, table):
    """The loops of one function, compiled for typical arguments; those that may conflict also for arguments where they do."""
    evaluator = Evaluator(loop.function)
    typical = random_input(loop.domains, loop.parameters, np.random.default_rng(5), 7)
    conflicting = [line for line, _, kind in table if kind != "legal"]
    witnesses = [verdict.arguments for verdict in verdicts(loop, evaluator, until=conflicting) if verdict.arguments]
    found = {line: Finding(f"{loop.file}:{line} {loop.name}", header, kind, "") for line, header, kind in table}
    program = thalweg.program(loop.function)
    for arguments in [typical, *witnesses]:
        try:
            made, reasons = verdicts_of_the_compiler(program, arguments)
        except thalweg.CompileError as error:
            made, reasons = dict.fromkeys(found, "refused"), dict.fromkeys(found, str(error).splitlines()[0])
        conflicts = conflicts_of(evaluator, arguments)
        for line, finding in found.items():
            verdict = made.get(line, "gone")
            if arguments is typical:
                finding.verdict, finding.reason = verdict, reasons.get(line, "")
            if line in conflicts and verdict in ("parallel", "reduction"):
                finding.illegal = finding.illegal or f"{verdict}, yet {conflicts[line].text}"
    return list(found.values())


def verdicts_of_the_compiler(program, arguments):
    """({line: verdict}, {line: reason}) of the loops, in the build that serves these arguments: an earlier one, if it may."""
    build = program.compile(*copies(arguments))
    explained = program.explain()[program.builds.index(build)]
    nests = {nest["line"]: nest for nest in explained.get("nests", []) if nest["kind"] == "loop"}
    reductions = {line: "reduction" for line, nest in nests.items() if nest["verdict"] == "reduction"}
    made = reductions | verdicts_in([text for _, text in build.stages])
    return made, {line: nest["reason"] for line, nest in nests.items()}


def verdicts_in(stages):
    """{line: verdict} from the texts of a graph after each pass. Loops and the maps made of them are called for_i_LINE; a
    map that is fused with another loses its name, so every stage is asked for maps, and the last one for loops."""
    maps = set().union(*(lines(r"\w+ = map", text, r"\[") for text in stages))
    loops = lines("loop", stages[-1], r"\b")
    return {line: "guarded" if line in maps & loops else "parallel" if line in maps else "serial" for line in maps | loops}


def lines(kind, text, end):
    return {int(line) for line in re.findall(rf"^ *{kind} (?:for_\w+|while)_(\d+){end}", text, re.MULTILINE)}


def conflicts_of(evaluator, arguments):
    """{line: conflict} of the loops that have one in this call."""
    with np.errstate(all="ignore"):
        _, trace = evaluator.run(copies(arguments))
    return {execution.line: conflict for execution in trace.executions if (conflict := conflict_of(trace, execution))}


def copies(arguments):
    return [value.copy() if isinstance(value, np.ndarray) else value for value in arguments]


def all_findings():
    table = read_table()
    return [finding for name, loop in LOOPS.items() for finding in findings(loop, table[name])]


def share_taken(found):
    legal = [finding for finding in found if finding.kind == "legal"]
    return sum(finding.taken for finding in legal) / len(legal)


def report(found):
    """Lines of text: the share taken, illegal ones, refusals."""
    counts = {kind: [finding for finding in found if finding.kind == kind] for kind in ("legal", "depends", "illegal")}
    for kind, ones in counts.items():
        yield f"{kind:8} {len(ones):4} loops, in parallel {sum(finding.taken for finding in ones)}"
    yield f"taken: {100 * share_taken(found):.1f} % of the legal ones"
    yield from (f"ILLEGAL {finding}: {finding.illegal}" for finding in found if finding.illegal)
    yield from (f"not taken: {finding}" for finding in counts["legal"] if not finding.taken)


if __name__ == "__main__":
    print("\n".join(report(all_findings())))
