# Sourced by ./dev: everything that must hold of the sources, then a build with warnings as errors and all tests.
# A failed step does not hide the next one; the closing lines name what failed.

check_format() {
  cd "$ROOT"
  local unformatted
  unformatted=$(cpp_files | xargs -0 clang-format-19 --dry-run -Werror 2>&1 | sed -n 's/:[0-9:]* error: .*//p' | sort -u)
  [[ -z $unformatted ]] || { printf 'check_format: %s\n' $unformatted 'run: ./dev fmt'; return 1; }
}

check() {
  local failed=() step
  for step in check_format check_layers check_sizes check_diagnostics; do
    say "${step/_/ }"
    if [[ $step == check_format ]]; then (check_format); else run_python "$ROOT/tools/$step.py"; fi || failed+=("${step#check_}")
  done
  say "build with warnings as errors, then the tests"
  BUILD=$ROOT/build-check
  # The benchmarks are part of no other build: here they must at least compile.
  if (setup -DTHALWEG_WERROR=ON && ninja -C "$BUILD" bench/all >&2); then
    (test_all) || failed+=(tests)
  else
    failed+=(build)
  fi
  if ((${#failed[@]})); then die "check failed: ${failed[*]}"; fi
  say "check passed"
}
