"""Programs that are dropped leave nothing behind: compile, call, look at the graph, drop, over and over."""

import os
import subprocess
import sys

import pytest

from scale import report, scaled
from support import compiler_inside

pytestmark = compiler_inside   # what another compiler makes is loaded for good

LIMIT = 20  # MB over 10,000 cycles

# Names, constants and graphs differ from cycle to cycle, so that what is kept once per name, constant or text shows.
CYCLES = """
import gc, linecache, sys
import numpy as np, thalweg
BODIES = [
    "return {a} * {k}.5 + {b}",
    "return np.sum({a}) * {k} + {b}",
    "return np.where({a} > {k}, {a}, {b})",
    "return ({a} + {b})[::2] * {k}",
    "return helper({a}) + {k}",
    "for i in range(1, {a}.shape[0]):\\n        {a}[i] = {a}[i - 1] * 0.5 + {b}[i] + {k}",
    "for i in thalweg.map[0:{a}.shape[0]]:\\n        {b}[i] = {a}[i] * {a}[i] + {k}\\n    return {b}[1:]",
    "return np.exp({a} * -{k}.25) @ {b}",
    "G{k} = {a} * VALUE\\n    return G{k}, {b} - {k}",
    "return {a} + unknown_{k}",
]

@thalweg.program
def helper(a):
    return a * 2

def resident():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6

def cycle(k):
    body = BODIES[k % len(BODIES)].format(k=k, a=f"a{k}", b=f"b{k}")
    text = f"def f{k}(a{k}, b{k}):\\n    {body}\\n"
    path = f"<cycle {k % 100}>"
    linecache.cache[path] = (len(text), None, text.splitlines(True), path)
    space = dict(np=np, thalweg=thalweg, helper=helper, VALUE=k)
    exec(compile(text, path, "exec"), space)
    f = thalweg.program(space[f"f{k}"])
    space[f"f{k}"] = f  # a cycle of references, as every module has
    if "unknown" in body:
        try:
            f(np.ones(6), np.zeros(6))
        except NameError:
            return
    for value in (k, k + 0.5):
        space["VALUE"] = value  # the program that reads it is compiled anew
        given, plain = [np.ones(6), np.zeros(6)], [np.ones(6), np.zeros(6)]
        assert all(map(np.array_equal, (f(*given), *given), (f.f(*plain), *plain))), text
        if "VALUE" not in body:
            break
    for state in f.builds[0].graph.states():  # Python objects for elements of the graph, with attributes
        for node in state.nodes():
            node.cycle = [k]
    f.explain().json()

WARM, CYCLES = int(sys.argv[1]), int(sys.argv[2])
for k in range(WARM):
    cycle(k)
before, marks = resident(), []
for k in range(CYCLES):
    cycle(WARM + k)
    if (k + 1) % max(CYCLES // 10, 1) == 0:
        marks.append(round(resident() - before, 1))
print(marks[-1], before, marks)
"""


@pytest.mark.parametrize("cache", ["off", "on"])
def test_compile_and_drop(tmp_path, cache):
    """With the cache on the first process compiles and stores, the second loads the same programs from the disk."""
    script = tmp_path / "cycles.py"
    script.write_text(CYCLES)
    folder = "off" if cache == "off" else str(tmp_path / "cache")
    warm, cycles = scaled(20, 100), scaled(50, 10_000 if cache == "off" else 2_000)
    for _ in range(1 if cache == "off" else 2):
        done = subprocess.run([sys.executable, str(script), str(warm), str(cycles)], capture_output=True, text=True,
                              timeout=scaled(300, 6000), env={**os.environ, "THALWEG_CACHE": folder})
        assert done.returncode == 0, done.stderr[-3000:]
        growth = float(done.stdout.split()[0])
        if scaled(False, True):
            marks = done.stdout.split("[")[1].strip("]\n")
            report(f"{cycles} cycles, cache {cache}: growth {growth} MB, after each tenth {marks}")
        assert growth <= LIMIT * max(cycles / 10_000, 0.2), done.stdout
