"""What a user sees of a program that cannot be compiled: line, caret, what was found, what to write instead."""

import subprocess
import sys
import textwrap

import numpy as np
import pytest

import thalweg

A = np.arange(12.0).reshape(3, 4)


# (body of f(a), part of the line that is pointed at, words of the message, exception class)
WRONG = [
    ("return undefined_name + a", "undefined_name", "not defined", NameError),
    ("if a[0, 0] > 0:\n    b = a\nreturn b", "b", "unbound", Exception),
    ("return {'a': 1}.keys()", "return", "returning a view of a dictionary", NotImplementedError),
    ("with open('x') as f:\n    pass", "with", "not supported", NotImplementedError),
    ("return [x for x in a]", "a", "known only at run time", NotImplementedError),
    ("return np.linalg.eig(a)", "np.linalg.eig", "not supported", NotImplementedError),
    ("return np.argpartition(a[0], 1)", "np.argpartition", "'numpy.argpartition' is not supported", NotImplementedError),
    ("return np.power.reduce(a[0])", "np.power.reduce", "depends in NumPy on the machine", NotImplementedError),
    ("return np.no_such_function(a)", "np.no_such_function", "no attribute", NotImplementedError),
    ("return np.sum(a, axis=7)", "np.sum", "axis", np.exceptions.AxisError),
    ("return a[0, 0, 0]", "a[0, 0, 0]", "too many indices", IndexError),
    ("if a > 0:\n    return 1\nreturn 2", "a > 0", "ambiguous", ValueError),
    ("for x in a[0, 0]:\n    pass\nreturn a", "a[0, 0]", "not iterable", TypeError),
    ("for x in {a[0, 0]: 1}:\n    pass\nreturn a", "a", "as the key of a dictionary", NotImplementedError),
    ("x = (1, 2)\nif a[0, 0] > 9:\n    raise ValueError(x)\nreturn a", "raise", "mentions 'x', a tuple", NotImplementedError),
    ("return a.no_such_method()", "a.no_such_method", "no attribute", Exception),
    ("try:\n    a += 1\nexcept ValueError:\n    pass\nreturn a", "try", "not supported", NotImplementedError),
    ("x, y = a.shape[0], 1, 2\nreturn a", "x, y", "unpack", ValueError),
    ("return math.sqrt(2) + a", "math", "not defined", NameError),
]


@pytest.mark.parametrize("body, at, words, family", WRONG, ids=[body.split("\n")[0] for body, *_ in WRONG])
def test_wrong_programs(body, at, words, family, tmp_path, monkeypatch):
    source = "import numpy as np\nimport thalweg\n\n@thalweg.program\ndef f(a):\n" + textwrap.indent(body, "    ") + "\n"
    (tmp_path / "wrong_program.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    sys.modules.pop("wrong_program", None)
    import wrong_program
    with pytest.raises(family) as caught:
        wrong_program.f(A.copy())
    text = str(caught.value)
    assert isinstance(caught.value, thalweg.CompileError), type(caught.value)
    assert caught.value.code.startswith("TW") and caught.value.code in text
    lines = text.splitlines()
    assert len(lines) <= 15 and words in text, text
    assert "wrong_program.py" in text
    shown = [k for k, line in enumerate(lines) if line.strip().strip("^~") == "" and "^" in line]
    assert shown, text
    caret = lines[shown[0]].index("^")
    assert lines[shown[0] - 1][caret:].startswith(at), text
    assert source.splitlines()[caught.value.lineno - 1].strip() == lines[shown[0] - 1].strip(), text
    for internal in ("src/", ".cpp", "nanobind", "internal check", "std::"):
        assert internal not in text
    sys.modules.pop("wrong_program", None)


def test_traceback_has_no_internal_frames(tmp_path):
    (tmp_path / "prog.py").write_text("import numpy as np\nimport thalweg\n\n@thalweg.program\ndef f(a):\n"
                                      "    return a + undefined_name\n\nf(np.ones(3))\n")
    done = subprocess.run([sys.executable, "prog.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.count("  File ") <= 2, done.stderr  # the call, and the place of the error
    assert "site-packages" not in done.stderr and "program.py" not in done.stderr
    assert len(done.stderr.splitlines()) <= 15


def test_fix_is_shown():
    @thalweg.program
    def f(a):
        return sorted(a[0])

    with pytest.raises(NotImplementedError, match="fix: "):
        f(A)


def test_run_time_errors_show_the_line():
    @thalweg.program
    def f(a, i):
        return a[i, 0]

    with pytest.raises(IndexError) as caught:
        f(A, 3)
    text = str(caught.value)
    with pytest.raises(IndexError) as expected:
        f.f(A, 3)
    assert str(expected.value) in text
    assert "return a[i, 0]" in text and "^" in text and "test_errors.py" in text


def test_shapes_that_do_not_fit():
    @thalweg.program
    def f(a, b):
        return a + b

    for first, second in ((np.ones(3), np.ones(4)), (np.ones((2, 3)), np.ones((3, 2))), (np.ones(3), np.ones((4, 2)))):
        with pytest.raises(ValueError) as expected:
            f.f(first, second)
        with pytest.raises(ValueError) as found:
            f(first, second)
        assert "broadcast" in str(expected.value) and "broadcast" in str(found.value)


def test_python_division_by_zero():
    @thalweg.program
    def f(n, d):
        return n // d + n % d

    assert f(7, 2) == 4
    with pytest.raises(ZeroDivisionError):
        f(7, 0)


def test_error_in_a_called_program_points_into_it():
    @thalweg.program
    def inner(a):
        return a[5]

    @thalweg.program
    def outer(a):
        return inner(a) + 1

    with pytest.raises(IndexError, match=r"a\[5\]"):
        outer(np.ones(3))


def test_the_same_error_every_time():
    @thalweg.program
    def f(a):
        return a + undefined_name  # noqa: F821

    texts = set()
    for _ in range(3):
        with pytest.raises(NameError) as caught:
            f(A)
        texts.add(str(caught.value))
    assert len(texts) == 1


def test_arrays_for_which_there_is_no_memory():
    @thalweg.program
    def f(n, m):
        return np.zeros((n, m))

    for function in (f, f.f):
        with pytest.raises(MemoryError, match="Unable to allocate"):
            function(2**45, 1)
        with pytest.raises(ValueError, match="array is too big"):
            function(2**61, 3)
    assert np.array_equal(f(2, 2), np.zeros((2, 2)))
