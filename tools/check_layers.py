"""Holds every #include against the rooms of CMakeLists.txt.

A file includes its own room, the rooms that its `thalweg_room` line lists, and what those may include; nothing includes
itself through others, not even inside one folder; foreign headers stay in the room that is there for them.
"""

import re
import sys
from pathlib import Path

from sources import ROOT, files, read

# Headers from outside that only some rooms may know.
FOREIGN = [
    (re.compile(r"^(sys|linux|asm|net|netinet|arpa)/|^(dlfcn|unistd|fcntl|pthread|sched|semaphore|spawn|poll|dirent|pwd|"
                r"signal|termios|link|elf|ucontext|cpuid|syscall)\.h$|intrin\.h$|^arm_(neon|sve)\.h$"),
     {"jit", "runtime"}, "the operating system and the instruction set"),
    (re.compile(r"^(llvm|clang|llvm-c|clang-c|lld)/"), {"jit"}, "the compiler libraries"),
    (re.compile(r"^isl/"), {"sets"}, "isl"),
    (re.compile(r"^nanobind/|^(Python|structmember)\.h$|^numpy/"), {"python"}, "CPython and NumPy"),
    (re.compile(r"^nlohmann/"), {"json", "driver"}, "the JSON library"),
]
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+([<"])([^>"]+)[>"]', re.MULTILINE)


def allowed_rooms() -> dict[str, set[str]]:
    """Each room with every room that it may include, itself among them."""
    lines = re.findall(r"^thalweg_room\((\w+)(?:\s+USES\s+([\w\s]+))?\)", read(Path("CMakeLists.txt")), re.MULTILINE)
    direct = {name: set(uses.split()) for name, uses in lines}
    direct["runtime"] = set()
    direct["python"] = {"driver"}

    def closure(room: str) -> set[str]:
        return {room}.union(*(closure(other) for other in direct[room]))

    return {room: closure(room) for room in direct}


def room_of(path: Path) -> str:
    return path.parts[1] if path.parts[0] == "src" else "runtime"


def target_of(path: Path, name: str) -> Path | None:
    """The file of ours that `#include "name"` in `path` means, if any."""
    for folder in (path.parent, Path("src"), Path("runtime/include"), Path("runtime/src")):
        if (ROOT / folder / name).is_file():
            return folder / name
    return None


def find_cycle(graph: dict[Path, list[Path]]) -> list[Path] | None:
    done: set[Path] = set()

    def visit(node: Path, trail: list[Path]) -> list[Path] | None:
        if node in trail:
            return trail[trail.index(node):] + [node]
        if node in done:
            return None
        for other in graph.get(node, []):
            if cycle := visit(other, trail + [node]):
                return cycle
        done.add(node)
        return None

    return next((cycle for node in graph if (cycle := visit(node, []))), None)


def check_include(path: Path, quote: str, name: str, rooms: dict[str, set[str]]) -> str | None:
    """What is wrong with one include, or None."""
    room = room_of(path)
    target = target_of(path, name) if quote == '"' else None
    if target is None:  # LLVM's headers are quoted by custom
        for pattern, owners, what in FOREIGN:
            if pattern.search(name):
                return None if room in owners else f"{name}: only {' and '.join(sorted(owners))} may know {what}"
        if quote == "<":
            return None
        return f'"{name}" is no file of ours; headers from outside are included with <...>'
    if room_of(target) not in rooms[room]:
        return f'"{name}": {room} may not include {room_of(target)} (CMakeLists.txt: thalweg_room)'
    return None


def main() -> int:
    rooms = allowed_rooms()
    problems, graph, count = [], {}, 0
    for path in files(".cpp", ".h", ".c"):
        if path.parts[0] not in ("src", "runtime") or path.parts[:2] == ("runtime", "tests"):
            continue
        if room_of(path) not in rooms:
            problems.append(f"{path}: folder {room_of(path)} has no thalweg_room line in CMakeLists.txt")
            continue
        graph[path] = []
        for quote, name in INCLUDE.findall(read(path)):
            count += 1
            problem = check_include(path, quote, name, rooms)
            if problem:
                problems.append(f"{path}: {problem}")
            elif quote == '"' and (target := target_of(path, name)):
                graph[path].append(target)
    if cycle := find_cycle(graph):
        problems.append("include cycle: " + " -> ".join(str(path) for path in cycle))
    for problem in problems:
        print(f"check_layers: {problem}")
    print(f"check_layers: {len(graph)} files, {count} includes, {len(rooms)} rooms, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
