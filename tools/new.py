"""./dev new pass|transform|library NAME: a source file and its test, in the form that docs/how-to-add.md describes.

The source declines everything until its `match` (or `run`) is written, and the test says so: what is there is true.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = {"pass": "passes", "transform": "transforms", "library": "library"}


def template(folder: str, suffix: str) -> str:
    return (ROOT / "tools" / "templates" / f"{folder}{suffix}").read_text(encoding="utf-8")


def fill(text: str, name: str) -> str:
    camel = "".join(part.capitalize() for part in name.split("_"))
    return text.replace("NAME", name).replace("CAMEL", camel)


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or arguments[0] not in FOLDERS:
        print("usage: ./dev new pass|transform|library NAME", file=sys.stderr)
        return 2
    kind, name = arguments
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        print(f"./dev new: '{name}' is no snake_case name", file=sys.stderr)
        return 2
    folder = FOLDERS[kind]
    outputs = {ROOT / "src" / folder / f"{name}.cpp": template(folder, ".cpp.in"),
               ROOT / "tests" / "cpp" / folder / f"{name}_test.cpp": template(folder, "_test.cpp.in")}
    for path in outputs:
        if path.exists():
            print(f"./dev new: {path.relative_to(ROOT)} exists", file=sys.stderr)
            return 1
    for path, text in outputs.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(fill(text, name), encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
