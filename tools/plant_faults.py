"""Plants the faults of tests/planted_faults.txt one at a time and says which the named test does not find.

Usage: ./dev plant [NAME...]. The table must name every hook of src/ (base::planted) and nothing else. Each test must
pass without a fault and fail with it; a test that does not run counts as neither. A fault with "-" for a test is open:
it counts as a problem until a test finds it.
"""

import os
import re
import subprocess
import sys

from sources import ROOT, files, read

TABLE = ROOT / "tests" / "planted_faults.txt"
TESTS = "tests/python/test_rules.py"
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


def run(tests: list[str], fault: str = "") -> str:
    environment = {**os.environ, "THALWEG_CACHE": "off", "THALWEG_PLANT": fault}
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
                           *(f"{TESTS}::{test}" for test in tests)],
                          cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)
    result = verdict(done.returncode, fault)
    if result in ("broken", "found") and not fault or result == "broken":
        print(done.stdout[-2000:], done.stderr[-1000:], file=sys.stderr)
    return result


def main(wanted: list[str]) -> int:
    rows = table(TABLE.read_text())
    problems = mismatches(set(rows), hooks()) + [f"{name}: no such fault" for name in wanted if name not in rows]
    rows = {name: test for name, test in rows.items() if not wanted or name in wanted}
    if not problems and run(sorted(set(rows.values()) - {OPEN})) != "passed":
        problems.append("the tests fail without any fault")
    if not problems:
        for fault, test in rows.items():
            result = "open" if test == OPEN else run([test], fault)
            print(f"{result:8}{fault:32}{test}", flush=True)
            if result != "found":
                problems.append(f"{fault}: {result}")
    for problem in problems:
        print(f"plant_faults: {problem}")
    print(f"plant_faults: {len(rows)} faults, {len(problems)} problems")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
