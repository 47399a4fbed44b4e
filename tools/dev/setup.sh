# Sourced by ./dev: system packages, the virtual environment, configure, build. Every step first asks whether it
# is needed, so that a second run costs nothing; what cannot be had is named in one line with the command for it.
# All output goes to stderr: `./dev python -c ...` keeps its stdout.

PACKAGES=(llvm-19-dev libclang-19-dev liblld-19-dev lld-19 clang-19 libclang-rt-19-dev libisl-dev libgmp-dev zlib1g-dev
  libzstd-dev libfmt-dev nlohmann-json3-dev libgtest-dev ccache cmake ninja-build g++ clang-format-19
  python3 python3-venv python3-dev)

# A precompiled header knows its sources by their full paths, so checkouts share nothing of what ccache holds. With
# THALWEG_CMAKE=-DTHALWEG_PRECOMPILE=OFF, paths below the checkout count as relative and they do.
if [[ ${THALWEG_CMAKE:-} == *PRECOMPILE=OFF* ]]; then
  export CCACHE_BASEDIR=$ROOT CCACHE_NOHASHDIR=true
else
  export CCACHE_SLOPPINESS=pch_defines,time_macros
fi

say() { echo "thalweg: $*" >&2; }
die() { say "$*"; exit 1; }
jobs_count() { echo "${THALWEG_JOBS:-$(nproc)}"; }

# Every C and C++ file of ours, NUL-separated; generated files (golden ones too) and ignored files are left out.
cpp_files() {
  git -C "$ROOT" ls-files -z --cached --others --exclude-standard -- '*.cpp' '*.h' '*.c' ':!tests/golden'
}

# What a long step prints, thinned to a line now and then.
progress() { awk -v every="$1" '{ if (NR % every == 1) { print "  " substr($0, 1, 110); fflush() } }' >&2; }

packages() {
  if ! command -v dpkg-query >/dev/null; then
    command -v ninja >/dev/null && command -v cmake >/dev/null ||
      die "this is not Debian: install the equivalents of: ${PACKAGES[*]}"
    return 0
  fi
  local have missing=() package
  have=$(dpkg-query -W -f '${Package}=${db:Status-Status}\n' "${PACKAGES[@]}" 2>/dev/null || true)
  for package in "${PACKAGES[@]}"; do
    grep -qxF "$package=installed" <<<"$have" || missing+=("$package")
  done
  ((${#missing[@]} == 0)) && return 0

  local as_root=()
  if [[ $(id -u) != 0 ]]; then
    sudo -n true 2>/dev/null && as_root=(sudo -n) ||
      die "packages are missing and you are not root; run: sudo apt-get install -y --no-install-recommends ${missing[*]}"
  fi
  mkdir -p "$BUILD"
  local log=$BUILD/apt.log apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y)
  say "installing ${#missing[@]} packages of the system (log: $log)"
  "${as_root[@]}" "${apt[@]}" update >"$log" 2>&1 || true  # a stale list may still do; the install below decides
  "${as_root[@]}" "${apt[@]}" install --no-install-recommends "${missing[@]}" 2>&1 | tee -a "$log" | progress 40 ||
    die "cannot install packages (no network? see $log); run: apt-get update && apt-get install -y ${missing[*]}"
}

# The newest CPython from 3.10 to 3.13 that can build extension modules and environments.
find_python() {
  local candidate test='import ensurepip, os, sys, sysconfig, venv
sys.exit(not ((3, 10) <= sys.version_info[:2] <= (3, 13) and sys.implementation.name == "cpython"
              and os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h"))))'
  for candidate in ${THALWEG_PYTHON:-python3.13 python3.12 python3.11 python3.10 python3 /usr/bin/python3}; do
    "$candidate" -c "$test" 2>/dev/null && { echo "$candidate"; return 0; }
  done
  return 1
}

environment() {
  local venv=$ROOT/.venv wanted python log
  wanted=$(sha256sum <"$ROOT/tools/requirements.txt")
  if [[ -f $venv/stamp && $(<"$venv/stamp") == "$wanted" ]] && "$venv/bin/python" -c '' 2>/dev/null; then return 0; fi
  python=$(find_python) ||
    die "no Python 3.10 to 3.13 with headers found; run: sudo apt-get install -y python3 python3-dev python3-venv"
  mkdir -p "$BUILD"
  log=$BUILD/pip.log
  say "virtual environment .venv with $("$python" --version) (log: $log)"
  "$venv/bin/python" -c '' 2>/dev/null || "$python" -m venv --clear "$venv" >"$log" 2>&1 ||
    die "cannot make .venv (see $log); run: sudo apt-get install -y python3-venv"
  "$venv/bin/python" -m pip install --disable-pip-version-check -r "$ROOT/tools/requirements.txt" 2>&1 |
    tee -a "$log" | grep --line-buffered -E '^(Collecting|Installing|ERROR)' | progress 8 || true
  "$venv/bin/python" -c 'import numpy, scipy, nanobind, scikit_build_core, pytest, xdist, hypothesis, rich, matplotlib' 2>>"$log" ||
    die "cannot install Python packages (no network? see $log); run: .venv/bin/pip install -r tools/requirements.txt"
  echo "$wanted" >"$venv/stamp"
}

build() {
  local arguments=(-G Ninja "-DPython_EXECUTABLE=$ROOT/.venv/bin/python") stamp=$BUILD/configured
  # clang compiles the house in two thirds of g++'s time; it is installed for the sanitizers anyway.
  command -v clang++-19 >/dev/null && arguments+=(-DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19)
  arguments+=(${THALWEG_CMAKE:-} "$@")
  if [[ ! -f $BUILD/build.ninja || ! -f $stamp || $(<"$stamp") != "${arguments[*]}" ]]; then
    say "configuring $BUILD"
    cmake -S "$ROOT" -B "$BUILD" "${arguments[@]}" >"$BUILD/cmake.log" 2>&1 ||
      { tail -20 "$BUILD/cmake.log" >&2; die "cmake failed (log: $BUILD/cmake.log)"; }
    echo "${arguments[*]}" >"$stamp"
  fi
  local ninja=(ninja -C "$BUILD" -j"$(jobs_count)")
  export NINJA_STATUS='[%f/%t %es] '
  if [[ -t 2 ]]; then
    "${ninja[@]}" >&2 || die "the build failed"
  else
    "${ninja[@]}" 2>&1 | { grep --line-buffered -vE 'no work to do|globbed directories|Entering directory' >&2 || true; } ||
      die "the build failed"
  fi
}

# setup [CMAKE_ARGUMENT...]. Two ./dev at a time in one build folder wait for each other.
setup() {
  packages
  mkdir -p "$BUILD"
  exec 9>"$BUILD/lock"
  flock -n 9 || { say "waiting for another ./dev in $BUILD"; flock 9; }
  environment
  build "$@"
  exec 9>&-
}
