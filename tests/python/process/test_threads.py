"""Many Python threads that call and compile at once; programs inside programs; fork() in the middle of it all."""

import os
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import thalweg
from scale import report, scaled
from tolerance import same_bits

HERE = os.path.dirname(__file__)

# Twenty programs: (text of the body, arguments). `K` is what makes a fresh compilation differ from all before.
BODIES = [
    "return a * {k}.5 + b",
    "return np.sqrt(a) - b * {k}",
    "return np.where(a > 0.5, a + {k}, b)",
    "return np.sum(a * b) + {k}",
    "a[1:] = a[1:] + b[:-1] * {k}",
    "for i in range(1, a.shape[0]):\n        a[i] = a[i - 1] * 0.5 + b[i] + {k}",
    "return np.max(a) + np.min(b) * {k}, a[::2]",
    "c = a + b\n    return c * c - {k}, c[::-1]",
    "for i in thalweg.map[0:a.shape[0]]:\n        a[i] = b[i] * b[i] + {k}",
    "return a @ b + {k}",
]

COMMON = """
import faulthandler, os, random, sys, threading, time
faulthandler.dump_traceback_later({limit}, exit=True)
sys.path[:0] = {path!r}
import numpy as np, thalweg
from programs import made, not_while_forking, right

def fail(found):
    sys.__excepthook__(*found[:3])
    os._exit(3)

threading.excepthook = fail
"""

PROGRAMS = """
import linecache, os, threading
import numpy as np, thalweg
from tolerance import same_bits
BODIES = {bodies!r}

def made(number, k):
    text = f"def p{{number}}_{{k}}(a, b):\\n    " + BODIES[number % len(BODIES)].format(k=k) + "\\n"
    path = f"<program {{number}} {{k}} {{os.getpid()}}>"
    linecache.cache[path] = (len(text), None, text.splitlines(True), path)
    space = dict(np=np, thalweg=thalweg)
    exec(compile(text, path, "exec"), space)
    return thalweg.program(space[f"p{{number}}_{{k}}"])

SIZES = [5, 64, 1000, 40_000]  # the last one is parallel
DATA = {{n: (np.random.default_rng(n).random(n), np.random.default_rng(n + 1).random(n)) for n in SIZES}}

def arguments(size):
    return [each.copy() for each in DATA[size]]

def outcome(call, size):
    given = arguments(size)
    result = call(*given)
    return [*(result if isinstance(result, tuple) else (result,)), *given]

EXPECTED = {{}}
# OpenBLAS ends its threads before a fork, and a product of NumPy's that another thread has begun is then half done.
not_while_forking = threading.RLock()

def right(program, number, k, size):
    \"\"\"Whether a call gives the bits of the program's first one, or (where the operations are exact) NumPy's.\"\"\"
    found = outcome(program, size)
    expected = EXPECTED.get((number, k, size))
    if expected is None:
        with not_while_forking:
            expected = outcome(program.f, size)
        close = all(np.allclose(x, y, rtol=1e-12, atol=0) for x, y in zip(found, expected) if x is not None)
        EXPECTED[number, k, size] = found
        return close
    return len(found) == len(expected) and all(x is y or same_bits(x, y) for x, y in zip(found, expected))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("threads")
    (folder / "programs.py").write_text(PROGRAMS.format(bodies=BODIES))
    return folder


def run(folder, script, limit, **environment):
    path = [str(folder), os.path.join(HERE, "..")]
    text = COMMON.format(limit=limit, path=path) + textwrap.dedent(script)
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=limit + 60,
                          env={**os.environ, "THALWEG_NUM_THREADS": "3", **environment})
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-6000:]
    return done.stdout.strip()


CALLERS = """
CALLS, FRESH = {calls}, {fresh}
programs = [made(number, 1) for number in range(20)]
wrong, compiled, lock = [], 0, threading.Lock()

def caller(seed):
    global compiled
    rng = random.Random(seed)
    for call in range(CALLS // 16):
        number, k = rng.randrange(20), 1
        program = programs[number]
        if rng.random() < FRESH:
            k = 1000 * seed + call
            program = made(number, k)
            with lock:
                compiled += 1
        size = rng.choice([5, 64, 1000, 40_000])
        if not right(program, number, k, size):
            wrong.append((number, k, size))

threads = [threading.Thread(target=caller, args=(seed,)) for seed in range(16)]
begin = time.perf_counter()
for thread in threads: thread.start()
for thread in threads: thread.join()
assert not wrong, wrong[:5]
builds = sum(len(program.builds) for program in programs)
print(f"{{CALLS}} calls of 20 programs by 16 threads, {{compiled}} fresh programs meanwhile, {{builds}} builds of the 20: "
      f"{{time.perf_counter() - begin:.0f}} s, all right")
"""


def test_sixteen_threads(folder):
    calls = scaled(2_000, 100_000)
    told = run(folder, CALLERS.format(calls=calls, fresh=0.01), scaled(100, 1500), THALWEG_CACHE="off")
    assert told.endswith("all right")
    if scaled(False, True):
        report(told)


FORKS = """
import multiprocessing, signal
ROUNDS = {rounds}
programs = [made(number, 1) for number in range(20)]
for number, program in enumerate(programs):
    assert right(program, number, 1, 40_000)
stop = False

def busy(seed):
    rng, k = random.Random(seed), 10_000 * (seed + 1)
    while not stop:
        number = rng.randrange(20)
        k += 1
        fresh = rng.random() < 0.05
        assert right(made(number, k) if fresh else programs[number], number, k if fresh else 1, rng.choice([64, 40_000]))

def child(round):
    signal.alarm(60)  # a hang becomes a failure
    good = all(right(programs[number], number, 1, size) for number in range(20) for size in (64, 40_000))
    number = round % 20
    good = good and right(made(number, 77_000 + round), number, 77_000 + round, 40_000)  # compiles in the child
    if round % 4 == 0:  # a grandchild
        pid = os.fork()
        if pid == 0:
            signal.alarm(60)  # a hang becomes a failure
            os._exit(0 if right(programs[number], number, 1, 40_000) else 1)
        good = good and os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    return good

for callers in (0, 4):  # a quiet parent, then one whose threads call and compile while it forks
    threads = [threading.Thread(target=busy, args=(seed,)) for seed in range(callers)]
    for thread in threads: thread.start()
    for round in range(ROUNDS):
        with not_while_forking:
            pid = os.fork()
        if pid == 0:
            os._exit(0 if child(round) else 1)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        assert code == 0, (callers, round, code)
    stop = True
    for thread in threads: thread.join()
    stop = False
print("forks")

def work(number):
    return right(programs[number], number, 1, 40_000) and right(made(number, 9), number, 9, 64)

with multiprocessing.get_context("fork").Pool(4) as pool:
    assert all(pool.map(work, range(20)))
assert all(right(program, number, 1, 40_000) for number, program in enumerate(programs))  # the parent goes on
print("all right")
"""


def test_forks(folder):
    rounds = scaled(3, 150)
    assert run(folder, FORKS.format(rounds=rounds), scaled(150, 1500), THALWEG_CACHE="off").endswith("all right")
    if scaled(False, True):
        report(f"{2 * rounds} forks, half of them under 4 threads that call and compile; a multiprocessing pool: right")


GLOBALS = """
import types
module = types.ModuleType("module")
text = "def reads(a):\\n    return a * G\\n"
import linecache
linecache.cache["<reads>"] = (len(text), None, text.splitlines(True), "<reads>")
exec(compile(text, "<reads>", "exec"), module.__dict__)
reads, stop, wrong = thalweg.program(module.reads), False, []
module.G = 1

def changes():
    rng = random.Random(0)
    for value in range({changes}):
        module.G = rng.choice([value, float(value), np.float32(value), np.arange(4.0) + value])
        time.sleep(0.002)

def calls(seed):
    a = np.ones(4)
    while not stop:
        before = module.G
        found = reads(a)
        after = module.G
        # While the value is being changed either is right; a call between two changes has one answer.
        if before is after and not same_bits(found, a * before):
            wrong.append((found, before))

from tolerance import same_bits
threads = [threading.Thread(target=calls, args=(seed,)) for seed in range(4)]
for thread in threads: thread.start()
changes()
stop = True
for thread in threads: thread.join()
assert not wrong, wrong[:3]
print("all right")
"""


def test_a_global_changes_under_callers(folder):
    script = GLOBALS.format(changes=scaled(50, 1000))
    assert run(folder, script, scaled(100, 900), THALWEG_CACHE="off").endswith("all right")


N = thalweg.symbol("N")


@thalweg.program
def row_sums(a):
    out = np.zeros(a.shape[0])
    for i in thalweg.map[0:a.shape[0]]:
        out[i] = np.sum(a[i] * 2.0)
    return out


@thalweg.program
def calls_a_program(a):
    return row_sums(a) + 1.0


def through_python(a):
    return row_sums(a)


@thalweg.program(strict=False)
def calls_back(a: thalweg.float64[N, 500]):
    b = a * 2.0
    c: thalweg.float64[N] = through_python(b)
    return c - 1.0


def test_programs_inside_programs(monkeypatch):
    a = np.random.default_rng(0).random((400, 500))
    for threads in ("1", "3"):
        monkeypatch.setenv("THALWEG_NUM_THREADS", threads)
        for _ in range(scaled(5, 200)):
            expected = row_sums(a)
            assert np.allclose(expected, row_sums.f(a), rtol=1e-13, atol=0)
            assert same_bits(calls_a_program(a), expected + 1.0)
            assert same_bits(calls_back(a), row_sums(a * 2.0) - 1.0)
