"""May a loop run its iterations in any order, or at once? Decided from a trace alone.

Two iterations conflict where both touch one place and one of them writes it. Not counted are

- temporaries: names, and elements of arrays that the function itself made, which every iteration that touches them
  writes before it reads them. Their value behind the loop is the last iteration's: where it is read before it is
  written again, the last iteration must be one that wrote it. Arrays of the caller are no temporaries;
- accumulations of integers and booleans in one of the statement forms of forms.py, all accesses to the place being of
  that form and of one operation. Floating-point ones have a fixed order and do conflict;
- induction variables: an int name whose only writes are `v += c`, by the same steps in every iteration.

A loop that `break` or `return` may end has no legal order but its own. A while loop must count: its condition is one
comparison, of induction variables and of what the loop leaves alone.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Conflict:
    kind: str               # flow, anti, output, accumulation, last value, exit, condition
    text: str


def conflict_of(trace, execution):
    """The first conflict between iterations of one run of a loop, or None."""
    if execution.left_at is not None:
        return Conflict("exit", f"line {execution.left_at} ends the loop")
    if len(execution.starts) < 2:
        return None
    iterations = execution.iterations(trace)
    touched = {}
    for t, events in enumerate(iterations):
        for event in events:
            touched.setdefault(event.place, []).append((t, event))
    inductive = set()
    for place, uses in touched.items():
        if not _meets(uses) or _is_temporary(trace, execution, place, uses) or _is_free(uses):
            continue
        if _is_inductive(place, uses, execution.whole):
            inductive.add(place)
            continue
        return _describe(trace, place, uses)
    return _uncounted(trace, execution, touched, inductive) if execution.tests else None


def _meets(uses):
    writers = {t for t, event in uses if event.write}
    return bool(writers) and len({t for t, _ in uses}) > 1


def _is_temporary(trace, execution, place, uses):
    if not trace.is_local(place) or not _written_first(uses):
        return False
    last = execution.whole - 1
    return any(t == last and event.write for t, event in uses) or not trace.read_after(place, execution.end)


def _written_first(uses):
    seen = set()
    for t, event in uses:
        if t not in seen and not event.write:
            return False
        seen.add(t)
    return True


def _is_free(uses):
    tags = {event.tag for _, event in uses}
    return len(tags) == 1 and None not in tags and next(iter(tags)).exact


def _is_inductive(place, uses, whole):
    if not isinstance(place, str):
        return False
    steps, before = [[] for _ in range(whole)], None
    for t, event in uses:
        if event.value is None:
            return False
        if event.write:
            if event.tag is None or event.tag.operation != "+" or t >= whole:
                return False
            steps[t].append(event.value - before)
        before = event.value
    return all(step == steps[0] for step in steps)


def _describe(trace, place, uses):
    name = trace.describe(place)
    if trace.is_local(place) and _written_first(uses):
        return Conflict("last value", f"{name} is used behind the loop, and not the last iteration may have written it")
    tags = {event.tag for _, event in uses}
    if len(tags) == 1 and None not in tags:
        return Conflict("accumulation", f"{name} accumulates in floating point at line {uses[0][1].line}")
    for index, (t, event) in enumerate(uses):
        for earlier, other in uses[:index]:
            if earlier != t and (event.write or other.write):
                kind = "output" if event.write and other.write else "anti" if event.write else "flow"
                return Conflict(kind, f"{name}: iteration {earlier} {_verb(other)}, iteration {t} {_verb(event)}")
    raise AssertionError("a place that meets has two iterations")


def _verb(event):
    return f"{'writes' if event.write else 'reads'} it at line {event.line}"


def _uncounted(trace, execution, touched, inductive):
    """A while loop whose number of iterations is not known before it runs."""
    read = [frozenset(event.place for event in trace.events[begin:end])
            for begin, end in zip(execution.starts, execution.tests)]
    written = {place for place, uses in touched.items() if any(event.write for _, event in uses)}
    if execution.comparison and len(set(read)) == 1 and not (read[0] & written) - inductive and read[0] & inductive:
        return None
    return Conflict("condition", "what the iterations do decides how many there are")
