"""What an expression leaves behind (other items, operands of which only the shape, the type or the truth counts) raises."""

import numpy as np
import pytest

import thalweg

# X stands for something that raises in some calls.
TEXTS = """
(lambda x: 3)(X)
(lambda x, y=X: x)(3)
(lambda *x: len(x))(X, a)
(lambda **k: 3)(z=X)
len([X])
np.shape(X)
np.ndim(X + 1)
(np.add(X, 1)).ndim
(np.add(X, 1)).dtype == np.float64
isinstance(X, np.ndarray)
isinstance(X, int)
X is None
X is not None
(X + 1) is None
np.size(X)
np.zeros_like(X)
np.ones(np.shape(X))
np.result_type(X, a) == np.float64
[x for x in (a, X)][0]
[i for i, x in enumerate((a, X))]
{'x': X, 'y': 1}['y']
{'x': X, 'y': 1}.get('y')
{'x': X, 'y': 1}.get('z', 2)
{'y': 1}.get('y', X)
'x' in {'x': X}
(X, 1)[1]
(3, X)[:1][0]
[a, X][::-1][1]
[[X, 1], 2][1]
[[X, 1], 2][0][1]
(1, (X, 2))[1][1]
(a, X) is None
not [X]
bool([X])
3 if [X] else 4
(X, 3) == 3
(X, 3) == 'x'
np.where(True, a[0], X)
np.add(X, 1)
X * 0
np.iscomplexobj(X)
np.isrealobj(X + 1)
np.ndim([X])
(x := X) is None
max(3, 2) + (X, 1)[1]
""".strip().split("\n")
RAISING = ["b[v]", "1 // k", "1.0 / k", "a[k + 2]", "1 << k", "a[b[v].astype(np.int64)]"]


def programs(folder):
    text = ["import numpy as np"]
    for place, template in enumerate(TEXTS):
        for kind, raising in enumerate(RAISING):
            expression = template.replace("X", f"({raising})")
            text.append(f"def value_{place}_{kind}(a, b, v, k):\n    return {expression}\n")
            text.append(f"def statement_{place}_{kind}(a, b, v, k):\n    {expression}\n    return a\n")
    path = folder / "left_behind_programs.py"
    path.write_text("\n".join(text))
    names = {"__name__": "left_behind_programs"}
    exec(compile(path.read_text(), str(path), "exec"), names)
    return names


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return programs(tmp_path_factory.mktemp("left_behind"))


def outcome(function, n, k):
    try:
        return function(np.ones(3), np.arange(float(n)), np.array([2, 1]), k)
    except thalweg.UnsupportedError:
        return thalweg.UnsupportedError
    except Exception as error:
        return error


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("place", range(len(TEXTS)), ids=TEXTS)
def test_what_is_left_behind_raises(made, place):
    refused = 0
    for kind in range(len(RAISING)):
        for form in ("value", "statement"):
            function = made[f"{form}_{place}_{kind}"]
            program = thalweg.program(function, strict=True)
            for n, k in ((1, 1), (4, 1), (4, 0), (4, -1)):
                expected, found = outcome(function, n, k), outcome(program, n, k)
                if found is thalweg.UnsupportedError:
                    refused += 1
                elif isinstance(expected, Exception):
                    assert isinstance(found, type(expected)), (RAISING[kind], form, n, k, found)
                else:
                    assert not isinstance(found, Exception), (RAISING[kind], form, n, k, found)
                    assert np.array_equal(found, expected), (RAISING[kind], form, n, k, found)
    assert refused <= 24
