"""The verdict of every loop of the corpus over all inputs in its range, as text.

`legal`: no input has a conflict. `illegal`: some have, and so has every run of three or more iterations that write
something. `depends`: some have, and some such run has none; a parallel version must test which it is.
"""

import ast
import pathlib
from dataclasses import dataclass, field

import numpy as np

from .domain import every_input
from .evaluate import Evaluator, loops_of
from .legality import conflict_of


@dataclass
class Verdict:
    function: str
    file: str
    line: int
    header: str
    conflict: object = None         # of the first input that has one
    sizes: dict = None
    arguments: list = None          # that input, before the call
    free: bool = False              # some run of three or more iterations had no conflict
    runs: int = 0                   # runs of two or more iterations
    seen: set = field(default_factory=set)

    @property
    def kind(self):
        return "legal" if self.conflict is None else "depends" if self.free else "illegal"

    def __str__(self):
        text = f"{self.file}:{self.line} {self.function} | {self.header} | {self.kind}"
        if self.conflict is None:
            return text
        values = " ".join(f"{name}={_short(value)}" for name, value in self.sizes.items())
        return f"{text} | {self.conflict.kind}: {self.conflict.text} | {values}"


def _short(value):
    return str(value.tolist()).replace(" ", "") if isinstance(value, np.ndarray) else value


def verdicts(loop, evaluator=None, until=None):
    """One verdict a loop of the function; with `until`, stops when the loops of these lines have shown a conflict."""
    evaluator = evaluator or Evaluator(loop.function)
    found = {node.lineno: Verdict(loop.name, loop.file, node.lineno, _header(node))
             for node in loops_of(evaluator.tree)}
    variables = {node.target.id for node in loops_of(evaluator.tree) if isinstance(node, ast.For)}
    for known, arguments in every_input(loop.domains, loop.parameters):
        if until is not None and all(found[line].conflict for line in until):
            break
        given = [value.copy() if isinstance(value, np.ndarray) else value for value in arguments]
        try:
            with np.errstate(all="ignore"):
                _, trace = evaluator.run(given)
        except (IndexError, ValueError, ZeroDivisionError):
            continue            # what stands in memory after an error is unspecified: nothing to compare
        for execution in trace.executions:
            _judge(found[execution.line], trace, execution, known, arguments, loop, variables)
    return list(found.values())


def _writes(trace, execution, variables):
    return any(event.write and event.place not in variables for event in trace.events[execution.starts[0]:execution.end])


def _judge(verdict, trace, execution, known, arguments, loop, variables):
    if execution.whole < 2 and execution.left_at is None and not execution.tests:
        return
    conflict = conflict_of(trace, execution)
    verdict.runs += execution.whole >= 2
    if conflict is None:
        verdict.free = verdict.free or execution.whole >= 3 and _writes(trace, execution, variables)
    elif verdict.conflict is None:
        verdict.conflict, verdict.arguments = conflict, arguments
        contents = {name: value for name, value in zip(loop.parameters, arguments)
                    if hasattr(loop.domains[name], "contents")}
        verdict.sizes = {**known, **contents}


def _header(node):
    copy = type(node)(**{**{name: getattr(node, name, None) for name in node._fields}, "body": [ast.Pass()]})
    return ast.unparse(ast.fix_missing_locations(copy)).split("\n")[0].rstrip(":")


def table(loops):
    """The lines of verdicts.txt."""
    return [str(verdict) for loop in loops for verdict in verdicts(loop)]


def read_table():
    """The committed verdicts: {function: [(line, header, kind), ...]}."""
    read = {}
    for line in (pathlib.Path(__file__).parent / "verdicts.txt").read_text().splitlines():
        place, header, kind = line.split(" | ")[:3]
        file_and_line, function = place.split(" ")
        read.setdefault(function, []).append((int(file_and_line.split(":")[1]), header, kind))
    return read


if __name__ == "__main__":
    from .corpus import LOOPS

    print("\n".join(table(LOOPS.values())))
