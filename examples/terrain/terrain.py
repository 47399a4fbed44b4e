"""The main job: rain on the Jacksboro fault elevation model, in NumPy and in Thalweg, to the last bit."""

import argparse
import os
import statistics
import sys
import time
from pathlib import Path

os.environ.setdefault("MPLBACKEND", "Agg")

import numpy as np
from matplotlib import cbook
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from model import runoff
from picture import draw

RAIN, SOAK, CHEZY, DT = 20e-3 / 3600, 1e-3 / 3600, 6.0, 4.0  # 20 mm/h of rain, 1 mm/h soaks in
FIELDS = ("water depth", "runoff total", "flow east", "flow south")


def elevation():
    """Heights in m, float64[344, 403], and the cell size in m; the data ships inside matplotlib."""
    data = cbook.get_sample_data("jacksboro_fault_dem.npz")
    heights = np.ascontiguousarray(data["elevation"], dtype=np.float64)
    metres_per_degree = 111_200 * np.cos(np.deg2rad((data["ymin"] + data["ymax"]) / 2))
    return heights, float(data["dx"] * metres_per_degree)


class Job:
    """One way to run the model: fresh fields each time, stepped in blocks so that progress can be shown."""

    def __init__(self, ground, cell, steps, block):
        self.ground, self.cell, self.steps, self.block = ground, cell, steps, block

    def run(self, function, tick=lambda done: None):
        """Returns (seconds, fields)."""
        water, total = np.zeros_like(self.ground), np.zeros_like(self.ground)
        seconds = 0.0
        for begin in range(0, self.steps, self.block):
            count = min(self.block, self.steps - begin)
            start = time.perf_counter()
            east, south = function(self.ground, water, total, RAIN, SOAK, CHEZY, self.cell, DT, count)
            seconds += time.perf_counter() - start
            tick(count)
        return seconds, (water, total, east, south)


def with_threads(function, threads):
    def run(*arguments):
        os.environ["THALWEG_NUM_THREADS"] = str(threads)
        return function(*arguments)

    return run


def first_call(job):
    """Seconds of a one-step call that compiles, and the build's phases in ms."""
    water, total = np.zeros_like(job.ground), np.zeros_like(job.ground)
    start = time.perf_counter()
    runoff(job.ground, water, total, RAIN, SOAK, CHEZY, job.cell, DT, 1)
    return time.perf_counter() - start, runoff.explain()[-1]["times"] if runoff.explain() else {}


def numba_version():
    try:
        import numba
    except ImportError:
        return None
    return numba.njit(runoff.f.__self__._function)


def check(reference, fields, who):
    """Every bit of every field; stops with the first difference."""
    for name, expected, found in zip(FIELDS, reference, fields):
        same = expected.view(np.uint64) == found.view(np.uint64)
        if not same.all():
            at = tuple(int(i) for i in np.argwhere(~same)[0])
            sys.exit(f"terrain: {who} differs from NumPy in {name} at {at}: {expected[at]!r} and {found[at]!r}")


def measure(job, repeats, console):
    """Runs everything; returns rows (name, first call s, median s) and NumPy's fields."""
    ways = [("NumPy", runoff.f, None)]
    first, phases = first_call(job)
    numba = numba_version()
    if numba:
        start = time.perf_counter()
        job_small = Job(job.ground, job.cell, 1, 1)
        job_small.run(numba)
        ways.append(("Numba", numba, time.perf_counter() - start))
    cores = len(os.sched_getaffinity(0))
    for threads in sorted({1, min(2, cores)}):
        ways.append((f"Thalweg, {threads} thread{'s' if threads > 1 else ''}", with_threads(runoff, threads), first))
    rows, reference = [], None
    with Progress(TextColumn("{task.description:22}"), BarColumn(), TextColumn("{task.completed}/{task.total} steps"),
                  TimeElapsedColumn(), console=console) as progress:
        for name, function, start in ways:
            runs = 1 if name in ("NumPy", "Numba") else repeats
            task = progress.add_task(name, total=runs * job.steps)
            times = []
            for _ in range(runs):
                seconds, fields = job.run(function, lambda done: progress.advance(task, done))
                times.append(seconds)
                if reference is None:
                    reference = fields
                elif name != "Numba":  # Numba's own arithmetic is not our promise
                    check(reference, fields, name)
            rows.append((name, start, statistics.median(times)))
    return rows, reference, phases


def report(rows, phases, job, console):
    table = Table(title=f"{job.steps} steps on {job.ground.shape[0]} x {job.ground.shape[1]} cells")
    for column in ("", "first call", "later calls", "per step", "against NumPy"):
        table.add_column(column, justify="left" if not column else "right")
    for name, first, seconds in rows:
        table.add_row(name, f"{first * 1e3:.0f} ms" if first else "", f"{seconds:.3f} s",
                      f"{seconds / job.steps * 1e6:.0f} us", f"{rows[0][2] / seconds:.1f} x")
    console.print(table)
    if phases:
        console.print("compile time by phase (ms): " + ", ".join(f"{name} {ms:.1f}" for name, ms in phases.items() if ms))
    console.print("every field of every Thalweg run is bit-identical to NumPy's")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--block", type=int, default=50, help="steps in one call")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--picture", type=Path, default=Path("out/terrain.png"))
    options = parser.parse_args()
    console = Console()
    ground, cell = elevation()
    job = Job(ground, cell, options.steps, options.block)
    rows, fields, phases = measure(job, options.repeats, console)
    report(rows, phases, job, console)
    options.picture.parent.mkdir(parents=True, exist_ok=True)
    draw(ground, cell, fields, rows, options.picture)
    console.print(f"picture: {options.picture}")


if __name__ == "__main__":
    main()
