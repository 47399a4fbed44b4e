"""What was made of a program, for people and as JSON: `program.explain()`."""

import json
import linecache
import os

MOST_LINES = 6  # of other statements, shown under a nest


class Explanation(list):
    """The builds of a program, one dict each: why, general, guards, nests, and aliased, cached, compiled,
    times.

    Printed, it is text with the source lines; `.json()` is the same as JSON, `.data` as plain objects. As in the JSON,
    `explanation["builds"]` is the list and `explanation["program"]` the name.
    """

    def __init__(self, program, builds):
        super().__init__(builds)
        self.program = program

    @property
    def data(self):
        keys = ("why", "general", "guards", "nests")
        return {"program": self.program, "builds": [{key: build[key] for key in keys} for build in self]}

    def __getitem__(self, key):
        return self.data[key] if isinstance(key, str) else super().__getitem__(key)

    def json(self):
        return json.dumps(self.data, indent=2)

    def text(self):
        return "\n".join(_text(self.program, self)) + "\n"

    __str__ = text

    def __repr__(self):
        return self.text()


def of_build(build):
    """The dict of one build."""
    return {**json.loads(build.explain_json()), **build.describe()}


def _verdict(nest):
    words = [nest["verdict"].upper()]
    words += [word.upper() for word in ("vectorised", "tiled") if nest[word]]
    if nest["fused_with"]:
        lines = ", ".join(map(str, nest["fused_with"]))
        words.append(f"FUSED WITH line{'s' if len(nest['fused_with']) > 1 else ''} {lines}")
    return ", ".join(words)


def _place(file, line, end_line=0):
    name = os.path.basename(file) or "?"
    return f"{name}:{line}-{end_line}" if end_line > line else f"{name}:{line}"


def _text(program, builds):
    yield f"{program}: {len(builds)} build{'' if len(builds) == 1 else 's'}"
    if not builds:
        yield "  nothing was compiled yet: call it, or .compile() it"
    for number, build in enumerate(builds, 1):
        yield ""
        origin = " (from the disk cache)" if build.get("cached") else "" if build.get("compiled", True) else " (not run yet)"
        yield f"build {number}: {build['why']}{origin}"
        yield from _guards(build["guards"])
        yield from _nests(build["nests"])


def _guards(guards):
    if not guards:
        yield "  no guards: it serves every call with these types"
        return
    yield "  guards, tested at every call (another build serves what fails one):"
    for guard in guards:
        reason = f"  ({guard['reason']})" if guard.get("reason") else ""
        yield f"    {guard['condition']}   {_place(guard['file'], guard['line'])}{reason}"


def _nests(nests):
    if not nests:
        yield "  no loop nests"
        return
    yield "  loop nests:"
    for nest in nests:
        what = nest["kind"] + (f" over {nest['variable']}" if nest["variable"] else "")
        yield f"    {_place(nest['file'], nest['line'], nest['end_line'])}  {what}: {_verdict(nest)}"
        source = linecache.getline(nest["file"], nest["line"]).strip()
        if source:
            yield f"        | {source}"
        yield f"        {nest['reason']}"
        others = sorted(line for line in nest["lines"] if not nest["line"] <= line <= nest["end_line"])
        for line in others[:MOST_LINES]:
            yield f"        | {line}: {linecache.getline(nest['file'], line).strip()}"
        if others[MOST_LINES:]:
            yield f"        | and {len(others) - MOST_LINES} more lines"
        if nest["transformations"]:
            yield f"        applied: {', '.join(nest['transformations'])}"
