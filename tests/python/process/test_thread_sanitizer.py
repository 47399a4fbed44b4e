"""The pool and the parallel regions of emitted programs under clang's thread sanitizer: no data race.

A program of its own: the runtime's sources and the emitted C of the texts, all instrumented, without Python. In full
(THALWEG_LONG=1) the runtime's C++ tests too.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

import thalweg
from scale import report, scaled
from texts import TEXTS, linear_algebra, networks, stencils  # noqa: F401

ROOT = Path(__file__).parents[3]
RUNTIME = ROOT / "runtime"
SOURCES = sorted(path for path in (RUNTIME / "src").glob("*.cpp") if path.name not in ("prelude.cpp", "external_math.cpp"))
FLAGS = ["-g", "-O1", "-march=native", "-ffp-contract=off", "-fsanitize=thread", f"-I{RUNTIME / 'include'}",
         f"-I{RUNTIME / 'src'}"]


@thalweg.program
def nested_maps(a, b):
    for i in thalweg.map[0:a.shape[0]]:
        b[i] = np.sum(a[i] * 2.0) + np.max(a[i])
    return np.sum(b)


CASES = {  # name: (program, arguments); sizes at which regions are parallel
    "nested_maps": (nested_maps, lambda: [np.random.default_rng(0).random((300, 400)), np.zeros(300)]),
    **{name: (thalweg.program(TEXTS[name].function),
              lambda name=name, sizes=sizes: TEXTS[name].inputs(np.random.default_rng(0), **sizes))
       for name, sizes in dict(jacobi_2d=dict(TSTEPS=3, N=300), fdtd_2d=dict(TMAX=3, NX=300, NY=310),
                               hdiff=dict(I=64, J=60, K=20), softmax=dict(N=4, H=4, SM=64), atax=dict(M=300, N=310),
                               azimint_naive=dict(N=50_000, npt=20)).items()},
}

MAIN = """
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>
#include <vector>
#include "thalweg/runtime.h"
{declarations}
struct Case {{
  const char* name;
  int32_t (*entry)(thw_context*, const thw_call*);
  std::vector<int64_t> symbols;
  std::vector<std::string> files;
}};
static const std::vector<Case> cases = {{
{cases}
}};
static std::string read(const std::string& name) {{
  std::string bytes;
  FILE* file = fopen(name.c_str(), "rb");
  if (file == nullptr) return bytes;
  char block[65536];
  for (size_t size; (size = fread(block, 1, sizeof block, file)) > 0;) bytes.append(block, size);
  fclose(file);
  return bytes;
}}
static std::vector<std::string> run(const Case& c, int threads) {{
  std::vector<std::string> memory;
  for (const std::string& file : c.files) memory.push_back(read(file));
  std::vector<void*> data;
  for (std::string& each : memory) data.push_back(each.data());
  std::vector<thw_array> results(8);
  thw_context context;
  thw_context_init(&context, thw_default_runtime());
  context.threads = threads;
  const thw_call call{{data.data(), c.symbols.data(), results.data()}};
  if (c.entry(&context, &call) != 0) memory.push_back("stopped");
  return memory;
}}
int main() {{
  for (const Case& c : cases) {{
    const auto expected = run(c, 1);
    for (int round = 0; round < {rounds}; ++round)
      if (run(c, 3) != expected) return printf("%s differs\\n", c.name), 1;
  }}
  std::vector<std::thread> callers;  // and from several threads at once
  for (int k = 0; k < 3; ++k)
    callers.emplace_back([k] {{
      for (int round = 0; round < {rounds}; ++round)
        for (size_t i = 0; i < cases.size(); ++i) run(cases[(i + k) % cases.size()], 3);
    }});
  for (std::thread& caller : callers) caller.join();
  printf("%zu programs\\n", cases.size());
}}
"""


def clang():
    compiler = shutil.which("clang++-19") or shutil.which("clang++")
    found = [subprocess.run([compiler, f"-print-file-name={name}"], capture_output=True, text=True).stdout.strip()
             for name in ("libclang_rt.tsan-x86_64.a", "libclang_rt.tsan.a")] if compiler else []
    if not any(map(os.path.isabs, found)):
        pytest.skip("no clang with a thread sanitizer (libclang-rt-19-dev)")
    return compiler


def build(folder, compiler, sources, output, *more):
    objects = []
    for number, (source, flags) in enumerate(sources):
        objects.append(str(folder / f"{output}{number}.o"))
        language = ["-x", "c", "-std=gnu17", "-w"] if str(source).endswith(".c") else ["-x", "c++", "-std=c++20"]
        subprocess.run([compiler, *FLAGS, *language, *flags, "-c", str(source), "-o", objects[-1]], check=True)
    subprocess.run([compiler, "-fsanitize=thread", *objects, *more, "-ldl", "-o", str(folder / output)], check=True)


def sanitized(folder, output, *arguments):
    # One sanitizer a process: the tests themselves may run under another.
    environment = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    environment["TSAN_OPTIONS"] = "halt_on_error=1:exitcode=66:die_after_fork=0"
    done = subprocess.run([str(folder / output), *arguments], capture_output=True, text=True, timeout=scaled(120, 900),
                          env=environment)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def described(folder, name, program, arguments):
    """The C initializer of one case, its entry under a name of its own; the arrays go into files."""
    entry = program.builds[-1].c_text
    entry = entry[entry.index("int32_t thw_entry("):]
    values = dict(zip(program.__wrapped__.__code__.co_varnames, arguments))
    for key, value in list(values.items()):
        values.update({f"{key}_d{d}": extent for d, extent in enumerate(np.shape(value))})
    symbols = [values[found] for found in re.findall(r"int64_t (\w+) = call->symbols\[\d+\];", entry)]
    files = []
    for found in re.findall(r"(\w+) = [^;]*call->data\[\d+\];", entry):
        files.append(f'"{folder / name}.{found}"')
        Path(files[-1].strip('"')).write_bytes(np.asarray(values[found]).tobytes())
    return f'{{"{name}", entry_{name}, {{{", ".join(map(str, symbols))}}}, {{{", ".join(files)}}}}},'


def test_emitted_regions(tmp_path, monkeypatch):
    compiler = clang()
    monkeypatch.setenv("THALWEG_CACHE", "off")
    sources, cases, names = [(path, []) for path in SOURCES], [], []
    chosen = dict(list(CASES.items())[:scaled(4, len(CASES))])
    for name, (program, make) in chosen.items():
        program(*make())
        text = program.builds[-1].c_text
        assert "parallel_for" in text, name
        (tmp_path / f"{name}.c").write_text(text)
        sources.append((tmp_path / f"{name}.c", [f"-Dthw_entry=entry_{name}"]))
        cases.append(described(tmp_path, name, program, make()))
        names.append(f'extern "C" int32_t entry_{name}(thw_context*, const thw_call*);')
    (tmp_path / "main.cpp").write_text(MAIN.format(declarations="\n".join(names), cases="\n".join(cases),
                                                   rounds=scaled(2, 20)))
    build(tmp_path, compiler, [*sources, (tmp_path / "main.cpp", [])], "regions")
    assert sanitized(tmp_path, "regions") == f"{len(chosen)} programs\n"
    if scaled(False, True):
        report(f"thread sanitizer: {len(chosen)} programs, one caller and three, 20 rounds: clean")


@pytest.mark.skipif(not scaled(False, True), reason="a minute of compiling: THALWEG_LONG=1")
def test_pool(tmp_path):
    compiler = clang()
    tests = [ROOT / "tests" / "cpp" / "runtime" / name for name in ("pool_test.cpp", "turns_test.cpp")]
    build(tmp_path, compiler, [(path, []) for path in [*SOURCES, *tests]], "pool", "-lgtest", "-lgtest_main", "-lpthread")
    told = sanitized(tmp_path, "pool", "--gtest_repeat=5")
    report(f"thread sanitizer over the C++ tests of pool and turns, 5 times: {told.count('[  PASSED  ]')} clean")
