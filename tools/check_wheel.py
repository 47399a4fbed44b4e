"""Inspects a wheel: what is inside, how large it is, and that its libraries need nothing beyond a bare Linux."""

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

LARGEST = 60e6  # bytes, of the wheel file
NEEDED = ["METADATA", "entry_points.txt", "LICENSE", "thalweg/__init__.py", "thalweg/_thalweg*.so",
          "thalweg/libthalweg_jit.so"]
# What every glibc system with a NumPy wheel has. The compiler library links even libstdc++ statically.
ALLOWED_LIBRARIES = re.compile(r"(libc|libm|libdl|libpthread|librt|ld-linux-x86-64|libgcc_s|libstdc\+\+)\.so\.\d+")


def needed_libraries(library: Path) -> list[str]:
    text = subprocess.run(["readelf", "-d", library], check=True, capture_output=True, text=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.*)\]", text)


def problems_of(wheel: Path) -> list[str]:
    problems = []
    size = wheel.stat().st_size
    print(f"{wheel}: {size / 1e6:.1f} MB")
    if size > LARGEST:
        problems.append(f"larger than {LARGEST / 1e6:.0f} MB")
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        archive.extractall(folder)
        files = [path for path in Path(folder).rglob("*") if path.is_file()]
        for pattern in NEEDED:
            if not any(path.match(pattern) for path in files):
                problems.append(f"no {pattern} inside")
        for path in sorted(files):
            if path.suffix == ".so":
                libraries = needed_libraries(path)
                print(f"  {path.name}: {path.stat().st_size / 1e6:.1f} MB, needs {', '.join(libraries)}")
                problems += [f"{path.name} needs {name}" for name in libraries if not ALLOWED_LIBRARIES.match(name)]
        metadata = next(path for path in files if path.name == "METADATA").read_text()
        required = [line for line in re.findall(r"Requires-Dist: (.*)", metadata) if "extra ==" not in line]
        if required != ["numpy>=2"]:
            problems.append(f"requires {required}, not only numpy>=2")
    return problems


def main() -> int:
    problems = [problem for name in sys.argv[1:] for problem in problems_of(Path(name))]
    for problem in problems:
        print(f"check_wheel: {problem}", file=sys.stderr)
    return 1 if problems or len(sys.argv) < 2 else 0


if __name__ == "__main__":
    sys.exit(main())
