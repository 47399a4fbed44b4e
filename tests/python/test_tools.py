"""The check scripts of tools/ find what they are there to find."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import check_diagnostics  # noqa: E402
import check_layers  # noqa: E402
import check_sizes  # noqa: E402
import plant_faults  # noqa: E402


@pytest.mark.parametrize("path, include, expected", [
    ("src/base/writer.cpp", ("<", "string"), None),
    ("src/ir/node.h", ('"', "base/result.h"), None),
    ("src/base/writer.cpp", ('"', "ir/node.h"), "base may not include ir"),
    ("src/base/writer.cpp", ('"', "ir/nothing.h"), "no file of ours"),
    ("src/ir/node.h", ("<", "sys/mman.h"), "only jit and runtime"),
    ("src/lower/loops.cpp", ("<", "immintrin.h"), "only jit and runtime"),
    ("src/jit/compiler/session.cpp", ('"', "llvm/IR/Module.h"), None),
    ("src/driver/driver.cpp", ('"', "llvm/IR/Module.h"), "only jit"),
])
def test_layers(path, include, expected):
    problem = check_layers.check_include(Path(path), *include, check_layers.allowed_rooms())
    assert (problem is None) if expected is None else (expected in problem)


def test_layers_cycle():
    a, b, c = Path("a.h"), Path("b.h"), Path("c.h")
    assert check_layers.find_cycle({a: [b], b: [c], c: []}) is None
    assert check_layers.find_cycle({a: [b], b: [c], c: [b]}) == [b, c, b]


CPP = """namespace a {
#define BRACE {
struct S : Base<int> {
  S(int x) : a_{x}, b_(x) {
    run("}");
  }
  int get() const { return b_; }
  int a_ = {1};
};
X_MACRO(one)
static std::vector<int> table = {1, 2};
auto f(int x) -> std::vector<int> {
  if (x) {
    return {x};
  }
  auto g = [&] { return 1; };
  // }
  return {};
}
}
"""


def test_sizes_cpp():
    found = {size.name: size.lines for size in check_sizes.cpp_functions(Path("x.cpp"), CPP)}
    assert found == {"x.cpp:S": 3, "x.cpp:get": 1, "x.cpp:f": 8}


@pytest.mark.parametrize("message, good", [
    ("found 'x', expected a name", True),
    ("NumPy raises here", True),
    ("IndexError in a map", True),
    ("Found a thing", False),
    ("found a thing.", False),
    ("and so on ...", True),
])
def test_diagnostic_style(message, good):
    assert (check_diagnostics.style_fault(message) is None) == good


def test_every_planted_fault_is_in_the_table():
    rows = plant_faults.table(plant_faults.TABLE.read_text())
    assert plant_faults.mismatches(set(rows), plant_faults.hooks()) == []
    assert list(rows) == sorted(rows)


def test_plant_faults():
    assert plant_faults.table("# words\nemit.a   test_x[y]\n\nlower.b  -\n") == {"emit.a": "test_x[y]", "lower.b": "-"}
    assert len(plant_faults.mismatches({"emit.a", "emit.b"}, {"emit.b", "emit.c", "ir.d"})) == 4
    assert [plant_faults.verdict(status, "emit.a") for status in (0, 1, -11, 4, 5)] == [
        "missed", "found", "found", "broken", "broken"]
    assert [plant_faults.verdict(status, "") for status in (0, 1)] == ["passed", "found"]
