"""Plain NumPy texts at their main sizes: NumPy and Thalweg in interleaved pairs, two threads for both sides.

    ./dev bench texts [NAME ...] [--pairs 11] [--threads 2]

Prints, per text, the median of NumPy's seconds over Thalweg's (above 1: Thalweg is faster), both medians, and the first
call. Inputs are drawn fresh for each pair; in-place texts get copies of them.
"""

import argparse
import copy
import json
import os
import statistics
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests" / "python"))


def seconds(function, arguments):
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


def pair(text, program, sizes, rng, numpy_first):
    inputs = text.inputs(rng, **sizes)
    order = [("numpy", program.f), ("thalweg", program)]
    times = {}
    for name, function in order if numpy_first else reversed(order):
        times[name] = seconds(function, copy.deepcopy(inputs))
    return times


def measure(text, sizes, pairs):
    import numpy as np

    import thalweg

    rng = np.random.default_rng(1)
    program = thalweg.program(text.function)
    first = seconds(program, text.inputs(rng, **sizes))
    runs = [pair(text, program, sizes, rng, index % 2 == 0) for index in range(pairs)]
    ratio = statistics.median(run["numpy"] / run["thalweg"] for run in runs)
    return ratio, statistics.median(run["numpy"] for run in runs), statistics.median(run["thalweg"] for run in runs), first


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--pairs", type=int, default=11)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", str(options.threads))
    os.environ["THALWEG_NUM_THREADS"] = str(options.threads)
    from texts import TEXTS, linear_algebra, networks, stencils, sweeps  # noqa: F401

    sizes = json.loads((HERE / "sizes.json").read_text())
    print(f"{'text':14} {'NumPy/Thalweg':>13} {'NumPy s':>9} {'Thalweg s':>9} {'first call s':>12}")
    for name in options.names or sizes:
        ratio, numpy_time, thalweg_time, first = measure(TEXTS[name], sizes[name], options.pairs)
        print(f"{name:14} {ratio:13.2f} {numpy_time:9.4f} {thalweg_time:9.4f} {first:12.3f}", flush=True)


if __name__ == "__main__":
    main()
