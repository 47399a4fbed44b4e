"""Every algorithm of the collection at its tiny size: NumPy's answer in every result and argument, or a known refusal."""

import warnings

import numpy as np
import pytest

import thalweg
from npbench import KERNELS, SIZES
from support import agree, outcome
from tolerance import close, same_bits

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
    terms = kernel.terms(arguments) if kernel.terms else None
    expected = outcome(kernel.function, arguments)
    assert expected[2] is None
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", thalweg.Notice)
        found = outcome(thalweg.program(kernel.function), arguments)
    if name in NOT_YET and found[2] is not None and f"[{NOT_YET[name][:6]}]" in str(found[2]):
        raise Refused(NOT_YET[name])
    calls_back = any("call back into CPython" in str(notice.message) for notice in told)
    assert calls_back == (name in CALLS_BACK), [str(notice.message) for notice in told]
    same = same_bits if terms is None else lambda a, b: close(a, b, terms)
    assert agree(found, expected, same), f"compiled: {found}\nNumPy: {expected}"
