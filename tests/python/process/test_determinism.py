"""The same program, the same bytes: across hash seeds, address layouts, thread counts and what was compiled before;
and the same bits on one and two threads."""

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

import thalweg
from scale import report, scaled
from texts import TEXTS, linear_algebra, networks, stencils  # noqa: F401
from tolerance import same_bits

HERE = os.path.dirname(__file__)
EXAMPLE = os.path.join(HERE, "..", "..", "..", "examples", "terrain")
BY_BLAS = {"gemm", "atax", "bicg", "mvt", "gesummv", "mlp", "trisolv"}  # products of matrices: thread counts may show

# Compiles the texts and the example after `before` other programs; tells the C and graph texts, in the order of TEXTS.
TERRAIN = "[np.random.default_rng(5).random((rows, rows + 3)), *np.zeros((2, rows, rows + 3)), 1e-5, 1e-7, 30.0, 10.0, 0.5, 5]"

CHILD = """
import hashlib, json, os, random, sys
sys.path[:0] = {path!r}
import numpy as np, thalweg
from texts import TEXTS, linear_algebra, networks, stencils
from others import OTHERS
order = random.Random({order})
others = order.sample(OTHERS, {before})
for program, arguments in others:
    program(*arguments())
names = sorted(TEXTS)
order.shuffle(names)
told = {{}}
for name in names:
    text = TEXTS[name]
    program = thalweg.program(text.function)
    program(*text.inputs(np.random.default_rng(7), **text.small))
    told[name] = [[build.c_text, str(build.graph), build.stages] for build in program.builds]
from model import runoff
runoff(*{terrain})
told["terrain"] = [[build.c_text, str(build.graph), build.stages] for build in runoff.builds]
print(hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest())
"""

OTHERS = """
import numpy as np, thalweg
TEMPLATES = ["a * {k}.5 + b", "np.sqrt(a + {k}) - b", "np.where(a > {k}, a, b)", "np.sum(a) * {k} + b", "np.exp(a * -{k}) @ b"]
def made(k):
    text = f"def other{k}(a, b):\\n    return {TEMPLATES[k % len(TEMPLATES)].format(k=k)}\\n"
    path = f"<other {k}>"
    import linecache
    linecache.cache[path] = (len(text), None, text.splitlines(True), path)
    space = dict(np=np)
    exec(compile(text, path, "exec"), space)
    return thalweg.program(space[f"other{k}"]), lambda: (np.ones(5), np.ones(5))
OTHERS = [made(k) for k in range(100)]
"""


def entries(folder):
    return {path.name: path.read_bytes() for path in folder.glob("*.so")}


def compiled(folder, run, *, before=0, order=0, command=(), **environment):
    """(digest of all C and graph texts, cache files by name) of one fresh process."""
    cache = folder / f"cache{run}"
    (folder / "others.py").write_text(OTHERS)
    script = CHILD.format(path=[str(folder), os.path.join(HERE, ".."), EXAMPLE], before=before, order=order,
                          terrain=TERRAIN.replace("rows", "20"))
    done = subprocess.run([*command, sys.executable, "-c", script], capture_output=True, text=True, timeout=600,
                          env={**os.environ, "THALWEG_CACHE": str(cache), **environment})
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), entries(cache)


def test_identical_bytes(tmp_path):
    fixed_addresses = ("setarch", "-R") if shutil.which("setarch") else ()
    texts, files = compiled(tmp_path, 0, PYTHONHASHSEED="0", THALWEG_NUM_THREADS="1")
    variants = [dict(PYTHONHASHSEED="1", THALWEG_NUM_THREADS="2", command=fixed_addresses),
                dict(PYTHONHASHSEED="2", before=scaled(10, 100), order=1),
                dict(PYTHONHASHSEED="3", before=scaled(10, 100), order=2, THALWEG_NUM_THREADS="3", MALLOC_PERTURB_="165")]
    for run, variant in enumerate(variants, 1):
        other_texts, other_files = compiled(tmp_path, run, **variant)
        assert other_texts == texts, variant
        assert set(files) <= set(other_files), "a cache key differs"
        assert all(other_files[name] == content for name, content in files.items()), "an object differs"
    if scaled(False, True):
        report(f"determinism: {len(files)} objects, {len(variants) + 1} processes, identical texts, keys and bytes")


def outputs(program, make):
    arguments = make()
    result = program(*arguments)
    return [leaf for leaf in (*(result if isinstance(result, tuple) else (result,)), *arguments)
            if isinstance(leaf, (np.ndarray, np.generic))]


LARGE = dict(TSTEPS=4, N=300, TMAX=4, NX=300, NY=310, I=64, J=60, K=40, NI=200, NJ=220, NK=240, M=300, H=8, SM=128, C_in=3,
             S0=300, S1=200, S2=100, npt=100)
OWN_SIZES = dict(jacobi_1d=dict(TSTEPS=20, N=200_000), heat_3d=dict(TSTEPS=4, N=60), softmax=dict(N=4, H=8, SM=128),
                 azimint_naive=dict(N=100_000, npt=100))


@pytest.mark.parametrize("name", sorted(set(TEXTS) - BY_BLAS))
def test_one_and_two_threads(name, monkeypatch):
    text = TEXTS[name]
    sizes = OWN_SIZES.get(name) or {key: LARGE[key] for key in text.small}
    program = thalweg.program(text.function)
    first = None
    for _ in range(scaled(3, 20)):
        for threads in ("1", "2"):
            monkeypatch.setenv("THALWEG_NUM_THREADS", threads)
            found = outputs(program, lambda: text.inputs(np.random.default_rng(3), **sizes))
            first = first or found
            assert len(found) == len(first) and all(same_bits(a, b) for a, b in zip(found, first)), threads


def test_terrain_on_one_and_two_threads(monkeypatch):
    monkeypatch.syspath_prepend(EXAMPLE)
    from model import runoff

    first = None
    for _ in range(scaled(3, 20)):
        for threads in ("1", "2"):
            monkeypatch.setenv("THALWEG_NUM_THREADS", threads)
            found = outputs(runoff, lambda: eval(TERRAIN, dict(np=np, rows=300)))
            first = first or found
            assert all(same_bits(a, b) for a, b in zip(found, first)), threads


@pytest.mark.parametrize("name", sorted(BY_BLAS))
def test_products_repeat_themselves(name, monkeypatch):
    """Between thread counts BLAS may differ; with one count the program repeats its bits, call after call."""
    text = TEXTS[name]
    program = thalweg.program(text.function)
    monkeypatch.setenv("THALWEG_NUM_THREADS", "2")
    runs = [outputs(program, lambda: text.inputs(np.random.default_rng(3), **text.small)) for _ in range(scaled(3, 20))]
    assert all(same_bits(a, b) for run in runs for a, b in zip(run, runs[0]))
