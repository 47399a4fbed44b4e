"""Cover and intersection queries per second on the memlets of all texts. Usage: ./dev bench queries [rounds]"""

import os
import pathlib
import subprocess
import sys

import numpy as np

import thalweg

ROOT = pathlib.Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests" / "python"))
from texts import TEXTS, linear_algebra, networks, stencils  # noqa: E402, F401

BUILD = pathlib.Path(os.environ.get("THALWEG_BUILD", ROOT / "build"))


def record(folder):
    """The graph of each text as the frontend makes it, and after the passes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in sorted(TEXTS.items()):
        build = thalweg.program(text.function).compile(*text.inputs(np.random.default_rng(7), **text.small))
        for number, (stage, graph) in enumerate(build.stages):
            if number in (0, len(build.stages) - 1):
                (folder / f"{name}_{number}_{stage}.txt").write_text(graph)


if __name__ == "__main__":
    record(BUILD / "queries")
    subprocess.run(["ninja", "-C", BUILD, "memlet_queries"], check=True, stdout=sys.stderr)
    sys.exit(subprocess.run([BUILD / "bench" / "memlet_queries", BUILD / "queries", *sys.argv[1:]]).returncode)
