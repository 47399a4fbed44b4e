"""Plants faults one at a time and says which are not found by the tests that should.

Usage: ./dev plant [faults | conditions | NAME...]. There are two kinds:

faults      hooks of src/ (base::planted), each with the test that finds it in tests/planted_faults.txt. The table must name
            every hook and nothing else; a fault with "-" for a test is open.
conditions  legality conditions of transformations ("Name.condition", rewrite::legal), switched off. The tests called
            Name.* of test_transforms, 200 random graphs among them, must then fail. NAME alone means all of its own.

Each test must pass without a fault and fail with it; one that does not run counts as neither. What is not found is a
problem.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from sources import ROOT, files, read

TABLE = ROOT / "tests" / "planted_faults.txt"
TESTS = "tests/python/test_rules.py"
CPP_TESTS = Path(os.environ.get("THALWEG_BUILD", ROOT / "build")) / "tests" / "cpp"
CONDITION = re.compile(r'"([A-Z]\w+\.[a-z]\w*)"')
HOOK = re.compile(r'base::planted\("([\w.]+)"\)')
OPEN = "-"
ROOMS = ("frontend", "lower", "emit")


def table(text: str) -> dict[str, str]:
    """The faults and the test that finds each."""
    rows = (line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#"))
    return {fault: test.strip() for fault, test in rows}


def hooks() -> set[str]:
    """The faults that src/ can plant."""
    return {name for path in files(".cpp", ".h") if path.parts[0] == "src" for name in HOOK.findall(read(path))}


def mismatches(listed: set[str], planted: set[str]) -> list[str]:
    """What is in the table or in the sources only, and hooks that are named after no room."""
    return ([f"{name}: in {TABLE.name}, but no source plants it" for name in sorted(listed - planted)] +
            [f"{name}: planted, but {TABLE.name} names no test" for name in sorted(planted - listed)] +
            [f"{name}: no fault of {', '.join(ROOMS)}" for name in sorted(planted) if name.split(".")[0] not in ROOMS])


def verdict(status: int, fault: str) -> str:
    """pytest's exit status as found, missed or broken; a crash under a fault finds it, too."""
    if status == 0:
        return "missed" if fault else "passed"
    return "found" if status == 1 or status < 0 else "broken"


def run_cpp(room: str, tests: list[str], fault: str) -> str:
    """Tests of tests/cpp/ROOM, by name or pattern."""
    environment = {**os.environ, "THALWEG_PLANT": fault}
    done = subprocess.run([CPP_TESTS / f"test_{room}", f"--gtest_filter={':'.join(tests)}", "--gtest_fail_fast"],
                          cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)
    ran = f"Running {len(tests)} test" in done.stdout or any("*" in test for test in tests)
    return verdict(done.returncode, fault) if ran and "Running 0 tests" not in done.stdout else "broken"


def run_python(tests: list[str], fault: str) -> str:
    environment = {**os.environ, "THALWEG_CACHE": "off", "THALWEG_PLANT": fault}
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
                           *(f"{TESTS}::{test}" for test in tests)],
                          cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)
    result = verdict(done.returncode, fault)
    if result in ("broken", "found") and not fault or result == "broken":
        print(done.stdout[-2000:], done.stderr[-1000:], file=sys.stderr)
    return result


def run(tests: list[str], fault: str = "") -> str:
    """The tests of some rows of the table; of several results, the first that is no pass."""
    rooms = sorted({test.split("/")[0] for test in tests if "/" in test})
    results = [run_cpp(room, [test.split("/")[1] for test in tests if test.startswith(room + "/")], fault)
               for room in rooms]
    python = [test for test in tests if "/" not in test]
    results += [run_python(python, fault)] if python else []
    return next((result for result in results if result != "passed"), "passed")


def conditions() -> list[str]:
    """The legality conditions of all transformations."""
    found = {name for path in files(".cpp") if path.parts[:2] == ("src", "transforms") for name in CONDITION.findall(read(path))}
    return sorted(found)


def selected(name: str, wanted: list[str], kind: str) -> bool:
    return not wanted or kind in wanted or name in wanted or name.split(".")[0] in wanted


def plant_faults(wanted: list[str]) -> dict[str, str]:
    """What became of each fault, and of what is wrong with the table."""
    rows = table(TABLE.read_text())
    problems = mismatches(set(rows), hooks())
    rows = {name: test for name, test in rows.items() if selected(name, wanted, "faults")}
    if not rows or problems:
        return dict.fromkeys(problems, "wrong")
    if run(sorted(set(rows.values()) - {OPEN})) != "passed":
        return {"the tests of the faults": "fail without any fault"}
    results = {}
    for fault, test in rows.items():
        results[fault] = "open" if test == OPEN else run([test], fault)
        print(f"{results[fault]:8}{fault:32}{test}", flush=True)
    return results


def plant_conditions(wanted: list[str]) -> dict[str, str]:
    results = {}
    names = [name for name in conditions() if selected(name, wanted, "conditions")]
    for transform in sorted({name.split(".")[0] for name in names}):
        if run_cpp("transforms", [f"{transform}.*"], "") != "passed":
            results[f"the tests of {transform}"] = "fail without any fault"
            continue
        for name in (name for name in names if name.split(".")[0] == transform):
            results[name] = run_cpp("transforms", [f"{transform}.*"], name)
            print(f"{results[name]:8}{name:40}{transform}.*", flush=True)
    return results


def main(wanted: list[str]) -> int:
    results = plant_faults(wanted) | plant_conditions(wanted)
    problems = [f"{name}: {result}" for name, result in results.items() if result != "found"]
    problems += [] if results else ["nothing is called " + " ".join(wanted)]
    for problem in problems:
        print(f"plant_faults: {problem}")
    print(f"plant_faults: {len(results)} planted, {len(problems)} problems")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
