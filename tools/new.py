"""./dev new pass|transform|library NAME: a source file and its test, in the form that docs/how-to-add.md describes.

What is written is a small working example of its kind, tested and registered: rename, replace, and read its head comment.
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


def register_operation(name: str) -> None:
    """Adds the row of a library operation where the library starts with its rows."""
    for file, pattern, addition in (
            ("src/library/operations.h", r"(\n\n\}  // namespace thalweg::library)", f"\nOperation {name}_operation();\\1"),
            ("src/library/registry.cpp", r"(callback_operation\(\))", f"\\1, {name}_operation()")):
        path = ROOT / file
        text, count = re.subn(pattern, addition, path.read_text(encoding="utf-8"), count=1)
        if not count:
            sys.exit(f"./dev new: {file} has another form than expected; add {name}_operation() to it")
        path.write_text(text, encoding="utf-8")
        print(f"added a line to {file}")


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
    if kind != "library":
        outputs[ROOT / "src" / folder / f"{name}.h"] = template(folder, ".h.in")
    for path in outputs:
        if path.exists():
            print(f"./dev new: {path.relative_to(ROOT)} exists", file=sys.stderr)
            return 1
    for path, text in outputs.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(fill(text, name), encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")
    if kind == "library":
        register_operation(name)
    else:
        print("it runs by default once src/passes/pipelines.cpp names it")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
