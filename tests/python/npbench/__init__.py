"""The 52 algorithms of the NPBench collection in plain NumPy: no annotations, nothing rewritten to please a compiler.

`KERNELS[name].initialise(rng, **SIZES[name][size])` gives the arguments of `KERNELS[name].function`; a size is `tiny`
(ours: a call takes NumPy well under a second), `small` or `main`.
"""

import json
from pathlib import Path

from . import (combinatorics, flows, fractals, linear_algebra, networks, physics, signals, solvers, statistics, stencils)
from .kernel import Kernel

FIELDS = (linear_algebra, solvers, statistics, stencils, flows, networks, fractals, physics, combinatorics, signals)
KERNELS: dict[str, Kernel] = {kernel.function.__name__: kernel for field in FIELDS for kernel in field.KERNELS}
SIZES: dict[str, dict[str, dict]] = json.loads(Path(__file__).with_name("sizes.json").read_text())
