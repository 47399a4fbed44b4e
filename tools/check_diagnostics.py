"""Holds the diagnostics against their list, the tests, the style rule and the users' page.

Every code "TWnnnn" in src/ and python/ has one line in src/base/diagnostics.def, every line is used, every code appears
in a test, a code is used in one folder only, messages follow docs/diagnostics.md, and the table in docs/errors.md is
the list (`--write` renews it). `--propose` prints lines for codes that the list lacks, to be read and pasted.
"""

import re
import sys
from pathlib import Path

from sources import ROOT, files, read

LIST = Path("src/base/diagnostics.def")
USUAL_FIXES = Path("src/base/fixes.cpp")  # speaks of codes, and uses none
PAGE = Path("docs/errors.md")
BEGIN, END = "<!-- begin: tools/check_diagnostics.py --write -->", "<!-- end -->"
FAMILIES = ["syntax", "unsupported", "type", "value", "index", "overflow", "zero_division", "name", "internal"]
CODE = re.compile(r"\bTW\d{4}\b")
# A code as an argument or a field, and the first literal of the message behind it.
USE = re.compile(r'"(TW\d{4})"((?:(?!"TW\d{4}")[^;])*)')
LITERAL = re.compile(r'"((?:\\.|[^"\\\n])*)"')


def read_list() -> tuple[dict[str, tuple[str, str]], list[str]]:
    """The entries code -> (family, message), and what is wrong with the list itself."""
    entries, problems, last = {}, [], ""
    for number, line in enumerate(read(LIST).splitlines(), 1):
        if not line or line.startswith("//"):
            continue
        match = re.fullmatch(r'TW_DIAGNOSTIC\((TW\d{4}), (\w+), "(.+)"\)', line)
        if not match:
            problems.append(f"{LIST}:{number}: not of the form TW_DIAGNOSTIC(TWnnnn, family, \"message\")")
            continue
        code, family, message = match.groups()
        if code <= last:
            problems.append(f"{LIST}:{number}: {code} is repeated or out of order")
        if family not in FAMILIES:
            problems.append(f"{LIST}:{number}: no family {family} (base/diagnostic.h: ErrorKind)")
        if fault := style_fault(message):
            problems.append(f"{LIST}:{number}: {fault}")
        entries[code], last = (family, message), code
    return entries, problems


def style_fault(message: str) -> str | None:
    """The rule of docs/diagnostics.md that a message breaks, if any."""
    if re.match(r"[A-Z][a-z]+ ", message) and not re.match(r"(Python|Thalweg|Numba|Debian)\b", message):
        return f'a message starts in lower case, unless with a name: "{message}"'
    if message.endswith((".", "!")) and not message.endswith("..."):
        return f'a message ends without a period: "{message}"'
    return None


def uses_of(path: Path) -> list[tuple[str, int, list[str]]]:
    """(code, line, literals of the statement behind it) for each use in a source file."""
    text = re.sub(r"//[^\n]*", "", read(path)) if path.suffix != ".py" else read(path)
    return [(match[1], text.count("\n", 0, match.start()) + 1, LITERAL.findall(match[2]) if path.suffix != ".py" else [])
            for match in USE.finditer(text)]


def check_sources(entries: dict) -> list[str]:
    problems, used, room_of = [], set(), {}
    for path in files(".cpp", ".h", ".py"):
        if path.parts[0] not in ("src", "python", "runtime") or path == USUAL_FIXES:
            continue
        for code, line, literals in uses_of(path):
            used.add(code)
            room = str(Path(*path.parts[:2]))
            if path.parts[0] != "python" and room_of.setdefault(code, room) != room:
                problems.append(f"{path}:{line}: {code} belongs to {room_of[code]}; take another code")
            if code not in entries:
                problems.append(f"{path}:{line}: {code} is not in {LIST}")
            faults = [style_fault(literals[0]) if literals else None]
            faults += [f'a message ends without a period: "{text}"' for text in literals[-1:]
                       if re.search(r"[a-z)']\.$", text)]
            problems += [f"{path}:{line}: {fault}" for fault in faults if fault]
    problems += [f"{LIST}: {code} is used nowhere" for code in entries if code not in used]
    tested = set().union(*(CODE.findall(read(path)) for path in files(".cpp", ".h", ".py", ".txt")
                           if path.parts[0] == "tests"))
    problems += [f"no test under tests/ mentions {code}" for code in entries if code not in tested]
    return problems


def propose(entries: dict) -> None:
    """Prints a line for each code that the list lacks, guessed from its first use."""
    seen = set(entries)
    for path in files(".cpp", ".h"):
        text = read(path) if path.parts[0] == "src" else ""
        for match in USE.finditer(text):
            if match[1] in seen:
                continue
            seen.add(match[1])
            around = text[max(0, match.start() - 200):match.end()]
            families = [family for family in re.findall(r"ErrorKind::(\w+)", around) if family in FAMILIES]
            message = "{...}".join(LITERAL.findall(match[2])) or "?"
            print(f'TW_DIAGNOSTIC({match[1]}, {families[-1] if families else "unsupported"}, "{message}")  // {path}')


def page_table(entries: dict) -> str:
    rows = [f"| {code} | {family} | {message.replace('|', chr(92) + '|')} |"
            for code, (family, message) in entries.items()]
    return "\n".join([BEGIN, "", "| code | family | message |", "|---|---|---|", *rows, "", END])


def main() -> int:
    entries, problems = read_list()
    if "--propose" in sys.argv:
        propose(entries)
        return 0
    page = read(PAGE)
    renewed = re.sub(re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: page_table(entries), page, flags=re.DOTALL)
    if "--write" in sys.argv:
        (ROOT / PAGE).write_text(renewed, encoding="utf-8")
    elif renewed != page or BEGIN not in page:
        problems.append(f"{PAGE} is behind {LIST}; run ./dev python tools/check_diagnostics.py --write")
    problems += check_sources(entries)
    for problem in problems:
        print(f"check_diagnostics: {problem}")
    print(f"check_diagnostics: {len(entries)} diagnostics, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
