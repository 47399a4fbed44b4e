# Sourced by ./dev: builds the wheel with the pinned tools of .venv, then inspects it.

wheel() {
  cd "$ROOT" && mkdir -p "$BUILD"
  say "building the wheel (log: $BUILD/wheel.log)"
  rm -f dist/thalweg-*.whl
  CMAKE_BUILD_PARALLEL_LEVEL=$(jobs_count) .venv/bin/python -m pip wheel . -v --disable-pip-version-check \
    --no-deps --no-build-isolation --config-settings=build-dir=build-wheel -w dist 2>&1 |
    tee "$BUILD/wheel.log" | grep --line-buffered -E '^ *(\[[0-9]+/|\*\*\*)' | progress 25 ||
    { grep -E "error|FAILED|Error" "$BUILD/wheel.log" | head -20 >&2; die "the wheel was not built (log: $BUILD/wheel.log)"; }
  .venv/bin/python tools/check_wheel.py dist/thalweg-*.whl
}
