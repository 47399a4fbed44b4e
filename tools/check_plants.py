"""Shows that the tests notice every legality condition that is not held.

A condition is a name "Transformation.condition" handed to rewrite::legal(). For each one in src/, the tests of the suite
that is called like the transformation run under THALWEG_PLANT=name, which lets the condition pass: some test must then
fail. Those written by hand run first, the fuzz tests (names with Random) only where none of them fails.

    python tools/check_plants.py BUILD_FOLDER [NAME...]     NAME is a transformation or one of its conditions
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from sources import ROOT, files, read

CONDITION = re.compile(r'"([A-Z]\w*\.[a-z_]+)"')
CALL = re.compile(r"\blegal\(\s*([^,]+),")
SUITE = re.compile(r"\bTEST(?:_F|_P)?\((\w+),")


def conditions() -> tuple[dict[str, str], list[str]]:
    """Each condition with the file it stands in, and calls whose condition cannot be read."""
    found, unread = {}, []
    for path in files(".cpp", ".h"):
        if path.parts[0] != "src":
            continue
        text = re.sub(r"//[^\n]*", "", read(path))
        if "legal(" not in text and "Conditions" not in text:
            continue
        for name in CONDITION.findall(text):
            found.setdefault(name, str(path))
        for argument in CALL.findall(text):
            if not argument.startswith('"') and not re.match(r"(conditions\.\w+|std::string_view condition)$", argument):
                unread.append(f"{path}: legal({argument}, ...) does not name its condition")
    return found, unread


def suites() -> dict[str, str]:
    """The room of each test suite: its binary is test_ROOM."""
    rooms = {}
    for path in files(".cpp"):
        if path.parts[:2] != ("tests", "cpp"):
            continue
        for suite in SUITE.findall(read(path)):
            rooms.setdefault(suite, path.parts[2])
    return rooms


def fails(binary: Path, condition: str, filter_: str) -> bool:
    """Whether a test of the filter fails under this plant ("": under none)."""
    environment = {**os.environ, "THALWEG_PLANT": condition}
    try:
        run = subprocess.run([binary, f"--gtest_filter={filter_}", "--gtest_brief=1"], env=environment,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600)
    except subprocess.TimeoutExpired:
        return True  # it goes on for ever, which ctest's own limit reports
    return run.returncode != 0


def main() -> int:
    build, wanted = Path(sys.argv[1]), set(sys.argv[2:])
    found, problems = conditions()
    rooms, tried, sound = suites(), 0, {}
    for condition, path in sorted(found.items()):
        suite = condition.split(".")[0]
        if wanted and not wanted & {condition, suite}:
            continue
        tried += 1
        if suite not in rooms:
            problems.append(f"{path}: no test suite is called {suite}, for condition {condition}")
            continue
        binary = build / "tests" / "cpp" / f"test_{rooms[suite]}"
        by_hand, random = f"{suite}.*-*Random*:*Chains*", f"{suite}.*Random*:{suite}.*Chains*"
        if suite not in sound:
            sound[suite] = not fails(binary, "", by_hand) and not fails(binary, "", random)
        if not sound[suite]:
            problems.append(f"{path}: tests of {suite} fail without any plant")
            continue
        if fails(binary, condition, by_hand) or fails(binary, condition, random):
            continue
        problems.append(f"{path}: without {condition} all tests of {suite} pass")
    for problem in problems:
        print(problem)
    print(f"{tried} conditions, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
