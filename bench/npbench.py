"""The 52 NPBench algorithms in plain NumPy, decorated, against NumPy: equal? how fast? how long does the first call take?

    ./dev bench npbench [--size small|main] [--pairs 5] [--limit 120] [NAME ...]

Each algorithm runs in a process of its own (two threads for both sides, cache off): the answers of the first call are held
against NumPy's, then calls of NumPy and of the program are timed in turns, on fresh copies of the arguments. Prints the
medians, their ratio, what the first call takes longer than a later one, and the geometric mean of the ratios. `--limit`:
seconds for one algorithm; it stops pairs early, and what exceeds it twice is reported as such. Where the pairs asked for
take less than 15 seconds, up to five times as many are run.
"""

import argparse
import copy
import json
import math
import os
import statistics
import subprocess
import sys
import time
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHORT = 15   # seconds: an algorithm that has taken no longer is timed in up to MOST times as many pairs
MOST = 5
TESTS = HERE.parent / "tests" / "python"


def child(name, size, pairs, limit):
    sys.path.insert(0, str(TESTS))
    import numpy as np

    import thalweg
    from npbench import KERNELS, SIZES
    from support import agree, call

    kernel = KERNELS[name]
    arguments = list(kernel.initialise(np.random.default_rng(1), **SIZES[name][size]))
    program = thalweg.program(kernel.function)

    def timed(function):
        given = copy.deepcopy(arguments)
        start = time.perf_counter()
        with np.errstate(all="ignore"):
            outcome = call(function, given)
        return time.perf_counter() - start, outcome

    begin = time.perf_counter()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", thalweg.Notice)
        first, found = timed(program)
    warnings.simplefilter("ignore")
    if found[2] is not None:
        print(json.dumps({"error": str(found[2]).splitlines()[0][:100]}))
        return
    spent, expected = timed(kernel.function)
    report = {"equal": bool(agree(found, expected, kernel.same(arguments))), "callbacks": any(
        "CPython" in str(notice.message) for notice in told)}
    theirs, mine = [spent], []
    # Short calls are the ones that the machine's noise moves: more pairs of them.
    def enough():
        so_far = time.perf_counter() - begin
        return len(mine) >= pairs and (so_far > SHORT or len(mine) >= MOST * pairs) or mine and so_far > limit

    while not enough():
        mine.append(timed(program)[0])
        theirs.append(timed(kernel.function)[0])
    report.update(numpy=statistics.median(theirs), thalweg=statistics.median(mine), first=first - statistics.median(mine),
                  pairs=len(mine))
    print(json.dumps(report))


def run(name, options):
    environment = {"THALWEG_CACHE": "off", "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2", **os.environ}
    command = [sys.executable, __file__, "--child", name, "--size", options.size, "--pairs", str(options.pairs),
               "--limit", str(options.limit)]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=2 * options.limit)
    except subprocess.TimeoutExpired:
        return {"error": f"more than {2 * options.limit} s"}
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1][:100]}
    return json.loads(done.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--size", default="small", choices=["tiny", "small", "main"])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--limit", type=float, default=120)
    parser.add_argument("--child")
    options = parser.parse_args()
    if options.child:
        return child(options.child, options.size, options.pairs, options.limit)
    names = options.names or sorted(json.loads((TESTS / "npbench" / "sizes.json").read_text()))
    ratios, firsts, equal = [], [], 0
    print(f"{options.size:<24}{'NumPy ms':>11}{'Thalweg ms':>12}{'ratio':>8}{'first call +ms':>16}")
    for name in names:
        found = run(name, options)
        if "error" in found:
            print(f"{name:<24}{found['error']}", flush=True)
            continue
        ratios.append(found["numpy"] / found["thalweg"])
        firsts.append(found["first"])
        equal += found["equal"]
        print(f"{name:<24}{found['numpy'] * 1e3:>11.3f}{found['thalweg'] * 1e3:>12.3f}{ratios[-1]:>8.2f}"
              f"{found['first'] * 1e3:>16.1f}{'' if found['equal'] else '  DIFFERS'}{'  calls back' if found['callbacks'] else ''}",
              flush=True)
    if ratios:
        print(f"{equal} of {len(names)} equal; NumPy's time over ours: geometric mean "
              f"{math.exp(statistics.mean(map(math.log, ratios))):.2f}, least {min(ratios):.2f}; "
              f"first call: median +{statistics.median(firsts) * 1e3:.0f} ms, worst +{max(firsts) * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
