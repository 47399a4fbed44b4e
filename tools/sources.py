"""What the check scripts share: the list of our files, and C++ text without comments and strings."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def files(*suffixes: str) -> list[Path]:
    """Paths, relative to the root, of every file of ours with one of these suffixes; ignored files are left out."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    return sorted(Path(name) for name in set(names) if name.endswith(suffixes) and (ROOT / name).is_file())


def read(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


_NOISE = re.compile(
    r'R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"'  # raw strings
    r'|//[^\n]*|/\*.*?\*/'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"
    r"|^[ \t]*#(?:\\\n|[^\n])*",  # preprocessor lines with their continuations
    re.DOTALL | re.MULTILINE)


def bare_cpp(text: str) -> str:
    """C++ text with comments, literals and preprocessor lines blanked out; line numbers stay."""
    return _NOISE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
