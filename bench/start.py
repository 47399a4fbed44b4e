"""What a user waits for before anything is computed, each in fresh processes: import, first call, load from the cache, call.

    ./dev bench start [--processes 11]

Prints the medians and the worst: `import thalweg`, the first call of a one-stencil program with the cache off and from a
warm cache (import and NumPy excluded), and a call of a tiny program with 4 arrays and 2 scalars.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time


def stencil(A, B):
    B[1:-1, 1:-1] = 0.2 * (A[1:-1, 1:-1] + A[1:-1, :-2] + A[1:-1, 2:] + A[2:, 1:-1] + A[:-2, 1:-1])


def tiny(a, b, c, d, alpha, beta):
    d[:] = alpha * a + beta * b + c


def child(tasks):
    import numpy as np

    start = time.perf_counter()
    import thalweg

    found = {"import ms": (time.perf_counter() - start) * 1e3}
    if "first" in tasks:
        program, A, B = thalweg.program(stencil), np.ones((64, 64)), np.ones((64, 64))
        start = time.perf_counter()
        program(A, B)
        found["first"] = (time.perf_counter() - start) * 1e3
    if "call" in tasks:
        program, arrays = thalweg.program(tiny), [np.ones(8) for _ in range(4)]
        program(*arrays, 2.0, 3.0)
        rounds = []
        for _ in range(50):
            start = time.perf_counter()
            for _ in range(2000):
                program(*arrays, 2.0, 3.0)
            rounds.append((time.perf_counter() - start) / 2000 * 1e6)
        found["call us"] = statistics.median(rounds)
    print(json.dumps(found))


def run(task, cache):
    environment = dict(os.environ, THALWEG_CACHE=cache)
    done = subprocess.run([sys.executable, __file__, "--child", task], env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=11)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return child(options.child)
    rows = {"import ms": [], "first call, cache off ms": [], "first call, warm cache ms": [], "call us": []}
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o700)
        run("first", folder)
        for _ in range(options.processes):
            cold = run("first", "off")
            rows["import ms"].append(cold["import ms"])
            rows["first call, cache off ms"].append(cold["first"])
            rows["first call, warm cache ms"].append(run("first", folder)["first"])
            rows["call us"].append(run("call", folder)["call us"])
    print(f"{'':<28}{'median':>9}{'worst':>9}")
    for name, values in rows.items():
        print(f"{name:<28}{statistics.median(values):>9.2f}{max(values):>9.2f}")


if __name__ == "__main__":
    main()
