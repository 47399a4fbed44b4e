"""No stale program: texts, texts of callees in other modules and values of globals are edited, 500 times in full, in
processes that share a cache and in processes that go on; and processes are killed while they fill that cache."""

import os
import subprocess
import sys

from scale import report, scaled
from support import compiler_inside

pytestmark = compiler_inside   # another compiler has no cache

HERE = os.path.dirname(__file__)

# Forks a child for every edit, so that each is a new process for the price of a fork. `f` is what CPython runs.
DRIVER = """
import importlib, linecache, os, random, signal, sys, time
sys.dont_write_bytecode = True  # CPython tells edits within a second apart by size alone
sys.path[:0] = {path!r}
import numpy as np, thalweg
from tolerance import same_bits
EDITS, KILLS = {edits}, {kills}
rng = random.Random(0)
OWN = ["a * {{}} + helper(a)", "a + {{}} * G", "np.sqrt(a + {{}}) + helper(a) * G", "np.where(a > 0.5, a, {{}} + helper(a))"]
CALLEE = ["x * 2 + {{}}", "x - {{}} * LIMIT", "np.maximum(x, {{}})"]
VALUES = ["{{}}", "{{}}.5", "np.float32({{}})", "np.full(7, {{}}.25)"]
state = dict(own=(0, 1), callee=(0, 1), value=(0, 1))

def write(name, text):
    with open({folder!r} + "/" + name + ".py", "w") as file:
        file.write(text)

def texts():
    pick = lambda list, which: list[state[which][0]].format(state[which][1])
    write("callee", f"import numpy as np, thalweg\\nLIMIT = {{state['value'][1]}}\\n"
          f"@thalweg.program\\ndef helper(x):\\n    return {{pick(CALLEE, 'callee')}}\\n")
    write("main", f"import numpy as np, thalweg\\nfrom callee import helper\\nG = {{pick(VALUES, 'value')}}\\n"
          f"@thalweg.program\\ndef f(a):\\n    return {{pick(OWN, 'own')}}\\n")

def edit():
    what = rng.choice(["own", "callee", "value"])
    number = rng.randrange(6)  # few: so that old entries are met again
    state[what] = (rng.randrange(dict(own=4, callee=3, value=4)[what]), number)
    return what

def expected():
    # By CPython, from the texts as they are now.
    space = {{}}
    for name in ("callee", "main"):
        text = open({folder!r} + "/" + name + ".py").read().replace("@thalweg.program\\n", "").replace("from callee import helper\\n", "")
        exec(compile(text, name, "exec"), space)
    return space["f"](ARRAY.copy())

ARRAY = np.linspace(0.0, 1.0, 7)

def load():
    for name in ("main", "callee"):
        sys.modules.pop(name, None)
    importlib.invalidate_caches()
    linecache.checkcache()
    return importlib.import_module("main")

def right(main):
    return same_bits(main.f(ARRAY.copy()), expected())

def in_child(work):
    pid = os.fork()
    if pid == 0:
        signal.alarm(120)
        good = False
        try:
            good = work()
        finally:
            sys.stderr.flush()
            os._exit(0 if good else 1)
    return pid

def passes(pid):
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0

# New processes, after some of them were killed at any moment.
for round in range(EDITS // 2):
    what = edit()
    texts()
    if round < KILLS:
        pid = in_child(lambda: right(load()))
        time.sleep(rng.uniform(0.0, 0.08))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    assert passes(in_child(lambda: right(load()))), (round, what, state)

# One process that goes on: modules are imported again; the global and the callee are replaced in the living module.
def lives():
    main = load()
    for round in range(EDITS // 2):
        what = edit()
        texts()
        if what == "own":
            main = load()
        elif what == "callee":
            main.helper = (importlib.reload(sys.modules["callee"])).helper
            linecache.checkcache()
        else:
            main.G = eval(VALUES[state["value"][0]].format(state["value"][1]))
            main.helper.f.__self__._function.__globals__["LIMIT"] = state["value"][1]
        if not right(main):
            print("stale", round, what, state, file=sys.stderr)
            return False
    return True

texts()
assert passes(in_child(lives)), state
print("all right")
"""


def test_edits(tmp_path):
    edits, kills = scaled(24, 500), scaled(4, 100)
    script = DRIVER.format(path=[str(tmp_path), os.path.join(HERE, "..")], folder=str(tmp_path), edits=edits, kills=kills)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=scaled(200, 2400),
                          env={**os.environ, "THALWEG_CACHE": str(tmp_path / "cache")})
    assert done.stdout.strip() == "all right", done.stdout + done.stderr[-3000:]
    entries = len(list((tmp_path / "cache").glob("*.so")))
    assert entries > 3
    if scaled(False, True):
        report(f"{edits} edits, {kills} processes killed while they compile and store, {entries} cache entries: none stale")


def test_an_edit_without_import_is_no_other_program(tmp_path):
    """A file that was edited after its import: what runs is still the function that was imported, or an error says why not."""
    (tmp_path / "edited.py").write_text("import thalweg\n@thalweg.program\ndef f(a):\n    return a * 2\n")
    script = (f"import sys; sys.path[:0] = [{str(tmp_path)!r}]; sys.dont_write_bytecode = True\n"
              "import numpy as np, thalweg, edited\n"
              f"open({str(tmp_path / 'edited.py')!r}, 'w').write('import thalweg\\n@thalweg.program\\ndef f(a):\\n    return a * 3\\n')\n"
              "try:\n    edited.f(np.ones(2))\nexcept thalweg.CompileError as error:\n    print('has changed' in str(error))\n")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "True", done.stdout + done.stderr
