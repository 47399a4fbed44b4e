# Sourced by ./dev: bench/NAME.py and the C++ benchmarks bench_NAME of bench/CMakeLists.txt.

bench_one() {  # NAME ARGS...
  local name=$1
  shift
  if [[ -f $ROOT/bench/$name.py ]]; then
    run_python "$ROOT/bench/$name.py" "$@"
  else
    ninja -C "$BUILD" "bench_$name" >&2
    "$BUILD/bench/bench_$name" "$@"
  fi
}

bench_names() {
  (cd "$ROOT/bench" && ls -- *.py 2>/dev/null | sed 's/\.py$//'
    sed -n 's/^add_executable(bench_\([a-z0-9_]*\).*/\1/p' CMakeLists.txt)
}

bench() {
  local name
  if (($#)); then bench_one "$@"; return; fi
  for name in $(bench_names); do
    say "bench $name"
    bench_one "$name"
  done
}
