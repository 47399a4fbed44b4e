# Sourced by ./dev: the tests under the address and undefined-behaviour sanitizers. Every finding ends the test.

export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1

# The house itself: its C++ tests in a build of their own.
sanitize_cpp() {
  BUILD=$ROOT/build-sanitize
  setup -DTHALWEG_SANITIZE=address,undefined -DTHALWEG_PYTHON=OFF
  # The C text that the tests of emit/ compile gets the same treatment.
  # It is loaded into the test, whose runtime of the sanitizer it uses.
  THALWEG_EMIT_CC="clang-19 -O1 -g -march=native -fsanitize=address,undefined -fno-sanitize-recover=all" \
    test_cpp ${1:+-R "$1"}
}

# What the house makes: the C text of every program of the Python tests, by clang with the sanitizers.
sanitize_python() {
  setup
  local library
  library=$(clang-19 -print-file-name=libclang_rt.asan-x86_64.so)
  [[ -f $library ]] || library=$(clang-19 -print-file-name=libclang_rt.asan.so)
  [[ -f $library ]] || die "no address sanitizer found; run: sudo apt-get install -y libclang-rt-19-dev"
  export THALWEG_CC="env -u LD_PRELOAD clang-19 -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -shared-libasan"
  # CPython and the libraries around it never free everything; python itself is not instrumented.
  ASAN_OPTIONS=detect_leaks=0:verify_asan_link_order=0:allocator_may_return_null=1:handle_segv=0 \
    LD_PRELOAD=$library test_python "$@"
}

sanitize() {
  case "${1:-}" in
    cpp) sanitize_cpp "${@:2}" ;;
    python) sanitize_python "${@:2}" ;;
    "") (sanitize_cpp) && sanitize_python ;;
    *) die "./dev sanitize [cpp [REGEX] | python [ARGS]]" ;;
  esac
}
