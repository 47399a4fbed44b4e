"""explain(): golden text, the keys of its JSON, and what it says about real texts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import thalweg
from support import compiler_inside
from texts import TEXTS, linear_algebra, networks, stencils, sweeps  # noqa: F401

GOLDEN = Path(__file__).parents[1] / "golden" / "explain"
EXAMPLES = Path(__file__).parent / "explained"

BUILD_KEYS = {"why": str, "general": bool, "guards": list, "nests": list}
GUARD_KEYS = {"condition": str, "file": str, "line": int, "reason": str}
NEST_KEYS = {"file": str, "line": int, "end_line": int, "kind": str, "variable": str, "verdict": str, "vectorised": bool,
             "tiled": bool, "fused_with": list, "reason": str, "lines": list, "transformations": list}
KINDS = {"loop", "map", "reduction", "copy", "library"}
VERDICTS = {"parallel", "guarded", "reduction", "library", "serial"}


def command(*arguments):
    return subprocess.run([sys.executable, "-m", "thalweg.cli", "explain", *map(str, arguments)], capture_output=True,
                          text=True, timeout=120, env={**os.environ, "THALWEG_CACHE": "off"})


def held_against(path, text):
    if os.environ.get("THALWEG_UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert text == path.read_text()


def check_keys(found, keys):
    assert list(found) == list(keys)
    for key, kind in keys.items():
        assert type(found[key]) is kind, key


def check_schema(data):
    """The schema of docs/explain.md."""
    assert list(data) == ["program", "builds"]
    for build in data["builds"]:
        check_keys(build, BUILD_KEYS)
        for guard in build["guards"]:
            check_keys(guard, GUARD_KEYS)
        for nest in build["nests"]:
            check_keys(nest, NEST_KEYS)
            assert nest["kind"] in KINDS and nest["verdict"] in VERDICTS and nest["reason"]
            assert nest["line"] in nest["lines"] and set(nest["fused_with"]) <= set(nest["lines"])
            assert nest["line"] <= nest["end_line"] and os.path.exists(nest["file"])


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.stem)
def test_golden(path):
    done = command(path)
    assert done.returncode == 0, done.stderr
    held_against(GOLDEN / f"{path.stem}.txt", done.stdout)
    again = command("--json", path)
    held_against(GOLDEN / f"{path.stem}.json", again.stdout.replace(str(path), path.name))
    data = json.loads(again.stdout)
    for one in data if isinstance(data, list) else [data]:
        check_schema(one)


def test_one_function_and_unknown_ones():
    path = EXAMPLES / "nests.py"
    assert command(path, "sweep").stdout.startswith("sweep: 1 build")
    done = command(path, "nothing")
    assert done.returncode == 1 and "nothing" in done.stderr and not done.stdout


def test_what_cannot_be_compiled_is_said(tmp_path):
    path = tmp_path / "wrong.py"
    path.write_text("import thalweg\n@thalweg.program\ndef f(a: thalweg.float64[3]):\n    return a + nothing\n"
                    "@thalweg.program\ndef g(a: thalweg.float64[3]):\n    return a + 1\n")
    done = command(path)
    assert done.returncode == 1 and "nothing" in done.stderr and "Traceback" not in done.stderr
    assert done.stdout.startswith("g: 1 build")


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_texts_are_explained(name):
    """End to end: every loop nest of a text that was called has a verdict, a line that exists and a reason."""
    text = TEXTS[name]
    program = thalweg.program(text.function)
    program(*text.inputs(np.random.default_rng(3), **text.small))
    explanation = program.explain()
    check_schema(explanation.data)
    assert json.loads(explanation.json()) == explanation.data
    code = text.function.__code__
    lines = range(code.co_firstlineno, code.co_firstlineno + 200)
    (build,) = explanation.data["builds"]
    # A program that it calls may stand elsewhere.
    assert any(nest["file"] == code.co_filename and nest["line"] in lines for nest in build["nests"])
    printed = str(explanation)
    assert name in printed.splitlines()[0]
    for nest in build["nests"]:
        assert f"{os.path.basename(nest['file'])}:{nest['line']}" in printed


@pytest.mark.parametrize("name", ["floyd_warshall", "cholesky", "lu", "spmv", "seidel_2d", "adi", "vadv"])
def test_sweeps_golden(name):
    """Why the loops of the field's recurrences are serial, and what inside them is not."""
    text = TEXTS[name]
    program = thalweg.program(text.function)
    program(*text.inputs(np.random.default_rng(3), **text.small))
    held_against(GOLDEN / f"{name}.txt", str(program.explain()).replace(" (from the disk cache)", "") + "\n")


def test_every_loop_has_a_verdict():
    """One report for each `for` of the source, at its line."""
    @thalweg.program
    def loops(a, b):
        for i in range(1, a.shape[0]):
            a[i] += a[i - 1]
        for i in range(b.shape[0]):
            for j in range(b.shape[1]):
                b[i, j] = b[i, j] * a[i] + j
        return a

    loops(np.ones(5), np.ones((5, 4)))
    nests = [nest for nest in loops.explain()[0]["nests"] if nest["kind"] == "loop"]
    start = loops._function.__code__.co_firstlineno
    assert [nest["line"] - start for nest in nests] == [2, 4, 5]
    assert [nest["variable"] for nest in nests] == ["i", "i", "j"]
    assert nests[0]["verdict"] == "serial"


@compiler_inside
def test_explaining_what_came_from_the_cache(tmp_path):
    script = tmp_path / "cached.py"
    script.write_text("import numpy as np, thalweg\n@thalweg.program\ndef f(a):\n    return a * 2 + 1\n"
                      "f(np.ones(9))\ntext = str(f.explain())\nprint(text)\n")
    run = lambda: subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120,  # noqa: E731
                                 env={**os.environ, "THALWEG_CACHE": str(tmp_path / "cache")}).stdout
    first, second = run(), run()
    assert "(from the disk cache)" in second and "PARALLEL" in second
    assert second.replace(" (from the disk cache)", "") == first


def test_before_anything_is_compiled():
    @thalweg.program
    def f(a):
        return a

    assert "nothing was compiled yet" in str(f.explain()) and f.explain().data == {"program": "f", "builds": []}
