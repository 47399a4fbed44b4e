"""Every algorithm of the collection at its tiny size: NumPy's answer in every result and argument, or a known refusal."""

import warnings

import numpy as np
import pytest

import thalweg
from npbench import KERNELS, SIZES
from support import agree, leaves, outcome

# What is refused today, by the first construct that is; a kernel that begins to work fails here until it is taken out.
NOT_YET = {}

# What runs, but not without CPython: a kernel that no longer needs it fails here until it is taken out.
CALLS_BACK = set()


class Refused(Exception):
    """The refusal that NOT_YET names."""


def marked(name):
    if name not in NOT_YET:
        return name
    return pytest.param(name, marks=pytest.mark.xfail(strict=True, raises=Refused, reason=NOT_YET[name]))


def test_all_are_there():
    assert len(KERNELS) == 52 and set(KERNELS) == set(SIZES) and set(NOT_YET) <= set(KERNELS)


@pytest.mark.parametrize("name", [marked(name) for name in sorted(KERNELS)])
def test_equals_numpy(name):
    kernel = KERNELS[name]
    arguments = list(kernel.initialise(np.random.default_rng(1), **SIZES[name]["tiny"]))
    expected = outcome(kernel.function, arguments)
    assert expected[2] is None
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", thalweg.Notice)
        found = outcome(thalweg.program(kernel.function), arguments)
    if name in NOT_YET and found[2] is not None and f"[{NOT_YET[name][:6]}]" in str(found[2]):
        raise Refused(NOT_YET[name])
    calls_back = any("call back into CPython" in str(notice.message) for notice in told)
    assert calls_back == (name in CALLS_BACK), [str(notice.message) for notice in told]
    assert agree(found, expected, kernel.same(arguments)), f"compiled: {found}\nNumPy: {expected}"


AMPLIFYING = sorted(name for name, kernel in KERNELS.items() if kernel.amplifies)


@pytest.mark.parametrize("name", AMPLIFYING)
def test_what_amplifies_rounding_is_as_exact_as_numpy(name):
    """At a size where no factor of terms holds; and at most 8 times as far from the exact answer as NumPy."""
    kernel = KERNELS[name]
    arguments = list(kernel.initialise(np.random.default_rng(1), **SIZES[name]["small"]))
    expected, found = outcome(kernel.function, arguments), outcome(thalweg.program(kernel.function), arguments)
    assert agree(found, expected, kernel.same(arguments))
    exact = outcome(kernel.function, [each.astype(np.longdouble) if isinstance(each, np.ndarray) else each
                                      for each in arguments])
    for ours, theirs, right in zip(leaves(found[0]), leaves(expected[0]), leaves(exact[0])):
        assert np.max(np.abs(ours - right)) <= 8 * np.max(np.abs(theirs - right))


@pytest.mark.parametrize("name", AMPLIFYING)
def test_the_amplified_bound_sees_a_wrong_number(name):
    kernel = KERNELS[name]
    arguments = list(kernel.initialise(np.random.default_rng(1), **SIZES[name]["small"]))
    same = kernel.same(arguments)
    result, after, _ = outcome(kernel.function, arguments)
    rng = np.random.default_rng(2)
    wrong = [each * (1 + 1e-8 * rng.random(each.shape)) if isinstance(each, np.ndarray) else each for each in arguments]
    assert not agree((outcome(kernel.function, wrong)[0], after, None), (result, after, None), same)
