"""What checking indices costs: the NPBench algorithms with the checks on and off.

    ./dev bench bounds [--size small|main] [--pairs 21] [NAME ...]

Each algorithm runs in a process of its own (two threads, cache off); calls with and without the checks take turns on fresh
copies of the arguments. Prints both medians, the ratio of on to off, half the distance between the quartiles of the ratios
of pairs, and the geometric means over all and over the stencils; "same text" where the C text is the same with and without,
because every index was proved to be in bounds.
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
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests" / "python"
STENCILS = ("adi", "fdtd_2d", "hdiff", "heat_3d", "jacobi_1d", "jacobi_2d", "seidel_2d", "vadv", "cavity_flow", "channel_flow")


def child(name, size, pairs, limit):
    sys.path.insert(0, str(TESTS))
    import warnings

    import numpy as np

    import thalweg
    from npbench import KERNELS, SIZES
    from support import call

    warnings.simplefilter("ignore")
    kernel = KERNELS[name]
    arguments = list(kernel.initialise(np.random.default_rng(1), **SIZES[name][size]))
    programs = [thalweg.program(kernel.function, bounds=bounds) for bounds in (True, False)]

    def timed(program):
        given = copy.deepcopy(arguments)
        start = time.perf_counter()
        call(program, given)
        return time.perf_counter() - start

    begin = time.perf_counter()
    for program in programs:
        timed(program)
    times = []
    while len(times) < pairs and (len(times) < 3 or time.perf_counter() - begin < limit):
        order = (0, 1) if len(times) % 2 else (1, 0)
        found = {k: timed(programs[k]) for k in order}
        times.append((found[0], found[1]))
    ratios = [on / off for on, off in times]
    quartiles = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else [1, 1, 1]
    texts = [[build.c_text for build in program.builds] for program in programs]
    print(json.dumps({"same": texts[0] == texts[1], "on": statistics.median(on for on, _ in times), "off": statistics.median(off for _, off in times),
                      "ratio": statistics.median(ratios), "spread": (quartiles[2] - quartiles[0]) / 2,
                      "pairs": len(times)}))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--size", default="small", choices=["tiny", "small", "main"])
    parser.add_argument("--pairs", type=int, default=21)
    parser.add_argument("--limit", type=float, default=60)
    parser.add_argument("--child")
    options = parser.parse_args()
    if options.child:
        return child(options.child, options.size, options.pairs, options.limit)
    names = options.names or sorted(json.loads((TESTS / "npbench" / "sizes.json").read_text()))
    environment = {"THALWEG_CACHE": "off", "OMP_NUM_THREADS": "2", **os.environ}
    ratios = {}
    print(f"{options.size:<24}{'on ms':>11}{'off ms':>11}{'on/off':>9}{'+-':>8}{'pairs':>7}")
    for name in names:
        command = [sys.executable, __file__, "--child", name, "--size", options.size, "--pairs", str(options.pairs),
                   "--limit", str(options.limit)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            print(f"{name:<24}{(done.stderr.strip().splitlines() or ['failed'])[-1][:80]}", flush=True)
            continue
        found = json.loads(done.stdout.splitlines()[-1])
        ratios[name] = found["ratio"]
        print(f"{name:<24}{found['on'] * 1e3:>11.3f}{found['off'] * 1e3:>11.3f}{found['ratio']:>9.3f}"
              f"{found['spread']:>8.3f}{found['pairs']:>7}{'  same text' if found['same'] else ''}", flush=True)
    for what, chosen in (("all", list(ratios)), ("stencils", [name for name in ratios if name in STENCILS])):
        if chosen:
            logs = [math.log(ratios[name]) for name in chosen]
            print(f"{what}: {len(chosen)}, geometric mean of on/off {math.exp(statistics.mean(logs)):.3f}, "
                  f"worst {max(chosen, key=ratios.get)} {max(ratios[name] for name in chosen):.3f}")


if __name__ == "__main__":
    main()
