"""Reports the largest files and functions, C++ and Python; fails where one is over the limit without a written reason.

Reasons stand in tools/size_exceptions.txt, one a line: `path: reason` for a file, `path:function: reason` for a function.
"""

import ast
import re
import sys
from pathlib import Path
from typing import NamedTuple

from sources import bare_cpp, files, read

FILE_LIMIT, FUNCTION_LIMIT = 800, 100  # lines
REPORTED = 10
EXCEPTIONS = Path("tools/size_exceptions.txt")
# Uses of X-macros, one a line without a semicolon, are no part of the function that follows them.
LEADING_MACROS = re.compile(r"\A(\s*[A-Z_0-9]{4,}\([^;{}\n]*\)[ \t]*\n)+")


class Size(NamedTuple):
    lines: int
    name: str  # "path" or "path:function"


def python_functions(path: Path, text: str) -> list[Size]:
    return [Size(node.end_lineno - node.lineno + 1, f"{path}:{node.name}")
            for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


def head_kind(head: str) -> str:
    """What a brace opens, told from the text before it: "scope" (namespace, type), "function", "value" or "member"."""
    if re.search(r"\b(namespace|extern)\b[^()=]*$", head):
        return "scope"
    if re.search(r"\b(class|struct|union|enum)\b[^()=]*$", head) or re.search(
            r"\b(class|struct|union)\s+(alignas\([^)]*\)\s*)?[\w:]+[^()=;]*$", head):
        return "scope"
    if "(" not in head or re.search(r"(^|[^=!<>])=\s*$", head):
        return "value"
    if re.search(r"\)\s*(noexcept\s*)?:(?!:)", head) and re.search(r"[\w>]\s*$", head) and not head.rstrip().endswith(")"):
        return "member"  # `: member_{...}` in a constructor's list
    return "function"


def function_name(head: str) -> str:
    for match in re.finditer(r"([~\w:]+|operator\s*\S+?)\s*\(", head):
        if match[1] not in ("requires", "decltype", "noexcept", "alignas", "__attribute__"):
            return match[1].strip(":")
    return "?"


def cpp_functions(path: Path, text: str) -> list[Size]:
    """Function definitions by matching braces in the bare text; lambdas count with the function around them."""
    bare = bare_cpp(text)
    found, stack, head_start, position = [], [], 0, 0
    for match in re.finditer(r"[{};]", bare):
        position, symbol = match.start(), match[0]
        inside = bool(stack) and stack[-1][0] != "scope"
        if symbol == "{":
            head = bare[head_start:position]
            kind = "value" if inside else head_kind(head)
            stack.append((kind, head, head_start))
            if kind != "member":
                head_start = position + 1
            continue
        if symbol == "}" and stack:
            kind, head, start = stack.pop()
            if kind == "member":
                continue  # the constructor's head goes on
            if kind == "function":
                head = LEADING_MACROS.sub(lambda macros: re.sub(r"\S", " ", macros[0]), head)
                first = start + len(head) - len(head.lstrip())
                lines = bare.count("\n", first, position) + 1
                found.append(Size(lines, f"{path}:{function_name(head)}"))
        if not (stack and stack[-1][0] == "member"):
            head_start = position + 1
    return found


def measure() -> tuple[list[Size], list[Size]]:
    all_files, functions = [], []
    for path in files(".cpp", ".h", ".c", ".py"):
        text = read(path)
        all_files.append(Size(text.count("\n"), str(path)))
        functions += python_functions(path, text) if path.suffix == ".py" else cpp_functions(path, text)
    return sorted(all_files, reverse=True), sorted(functions, reverse=True)


def read_exceptions() -> dict[str, str]:
    lines = [line.strip() for line in read(EXCEPTIONS).splitlines() if line.strip() and not line.startswith("#")]
    return dict(re.match(r"(\S+):\s+(\S.*)", line).groups() for line in lines)


def main() -> int:
    all_files, functions = measure()
    for title, sizes in (("files", all_files), ("functions", functions)):
        lengths = [size.lines for size in sizes]
        print(f"check_sizes: {len(sizes)} {title}, median {lengths[len(lengths) // 2]} lines, "
              f"nine in ten up to {lengths[len(lengths) // 10]}; the largest:")
        for size in sizes[:REPORTED]:
            print(f"  {size.lines:5}  {size.name}")
    too_large = {size.name: size.lines for size in all_files if size.lines > FILE_LIMIT}
    too_large |= {size.name: size.lines for size in functions if size.lines > FUNCTION_LIMIT}
    excused = read_exceptions()
    problems = [f"{name} has {lines} lines; split it, or give the reason in {EXCEPTIONS}"
                for name, lines in too_large.items() if name not in excused]
    problems += [f"{EXCEPTIONS}: {name} is within the limit; remove its line" for name in excused if name not in too_large]
    for problem in problems:
        print(f"check_sizes: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
