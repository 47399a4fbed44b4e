#!/usr/bin/env bash
# Shows that the wheel stands alone: a bare Debian 12 root with Python and nothing else, the wheel in a fresh virtual
# environment, then the terrain example with an empty PATH, /tmp noexec, the home read-only, and every child process and
# every opened file traced. Needs root, network, debootstrap and strace.
#
#   tools/bare_wheel.sh dist/thalweg-*.whl [ARGUMENTS OF THE EXAMPLE]
set -euo pipefail
PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
FRESH=${THALWEG_FRESH:-/tmp/fresh}
ROOT=$FRESH/bare
WHEEL=${1:?the wheel}
shift

export THALWEG_FRESH_ROOT=$ROOT THALWEG_FRESH_INCLUDE=ca-certificates,python3,python3-venv
"$PROJECT/tools/fresh_root.sh" make
command -v strace >/dev/null || apt-get install -y strace

# The wheel is named for CPython 3.11, which is Debian 12's own.
rm -rf "$ROOT/opt/thalweg"
mkdir -p "$ROOT/opt/thalweg"
cp "$WHEEL" "$ROOT/opt/thalweg/"
cp -r "$PROJECT/examples" "$ROOT/opt/thalweg/"
grep -E '^(numpy|numba|matplotlib|rich)==' "$PROJECT/tools/requirements.txt" >"$ROOT/opt/thalweg/requirements.txt"
"$PROJECT/tools/fresh_root.sh" inside bash -c 'cd /opt/thalweg && python3 -m venv venv &&
  venv/bin/pip install -q -r requirements.txt thalweg-*.whl &&
  MPLCONFIGDIR=/opt/thalweg/mpl venv/bin/python -c "import matplotlib.font_manager"'  # its first import asks fc-list

cat >"$ROOT/opt/thalweg/probe.py" <<'TEXT'
"""Numba before and after Thalweg; then a program of ours, cache off and on."""
import numba, numpy, os, sys
@numba.njit
def twice(a): return a * 2
assert (twice(numpy.arange(3.0)) == [0, 2, 4]).all()
import thalweg
@thalweg.program
def step(a, b): b[1:-1] = 0.5 * (a[:-2] + a[2:])
a = numpy.arange(10.0); b = numpy.zeros(10); step(a, b)
assert (b[1:-1] == a[1:-1]).all(), b
assert (twice(b) == b * 2).all()
@numba.njit
def thrice(a): return a * 3
assert (thrice(b) == b * 3).all()
print("probe: numba and thalweg side by side")
TEXT

run_bare() {  # LOG COMMAND...
  local log=$1
  shift
  strace -f -qq -o "$log" -e trace=execve,fork,vfork,clone,clone3,open,openat \
    unshare --mount --pid --fork bash -c '
      set -e
      root=$1; shift
      mount --make-rprivate /
      mount -t proc proc "$root/proc"
      mount --rbind /dev "$root/dev"
      mount -t tmpfs -o noexec tmpfs "$root/tmp"
      mount --bind "$root/root" "$root/root" && mount -o remount,ro,bind "$root/root"
      mkdir -p "$root/tmp/out" && cd "$root"
      exec chroot "$root" /usr/bin/env -i -C /tmp/out HOME=/root PATH=/nonexistent MPLCONFIGDIR=/opt/thalweg/mpl "$@"' \
    bare "$ROOT" "$@"
}

check_trace() {  # LOG: after python starts, no exec and no child process; no compiler, LLVM or BLAS of the system opened
  awk '/execve\("\/opt\/thalweg\/venv\/bin\/python/ { on = 1; next } on' "$1" >"$1.python"
  local bad
  bad=$(grep -E 'execve\(|vfork\(|fork\(|clone3?\(' "$1.python" | grep -v 'CLONE_THREAD' || true)
  [[ -z $bad ]] || { echo "bare wheel: child processes:"; echo "$bad" | head; exit 1; }
  bad=$(grep -E 'open(at)?\(' "$1.python" | grep -vE 'ENOENT|/opt/thalweg/' |
    grep -iE 'llvm|clang|/gcc|blas|lapack|/bin/(cc|ld|as)\b' || true)
  [[ -z $bad ]] || { echo "bare wheel: opened outside the environment:"; echo "$bad" | head; exit 1; }
  echo "bare wheel: $(grep -c 'CLONE_THREAD' "$1.python") threads, no child process, nothing of a compiler or BLAS outside opened"
}

run_bare "$FRESH/probe.trace" /opt/thalweg/venv/bin/python /opt/thalweg/probe.py
check_trace "$FRESH/probe.trace"
run_bare "$FRESH/terrain.trace" /opt/thalweg/venv/bin/python /opt/thalweg/examples/terrain/terrain.py "$@"
check_trace "$FRESH/terrain.trace"
echo "bare wheel: the terrain runs"
