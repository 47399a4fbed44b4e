"""What "equal to NumPy" means, as functions: bit for bit for exact texts, a stated bound for the others.

Sums of n products computed in different orders differ by at most about 2 n eps times the sum of absolute terms
(Higham, Accuracy and Stability, section 3.1, for both sides together); functions from vector math libraries are within
4 ulp each. `relative_bound(n, dtype)` is that factor; callers multiply by the sum of absolute terms.

Where an algorithm amplifies rounding (the paths of many bodies; Durbin's recurrence for a matrix that is not positive
definite), no factor of terms bounds two right answers: NumPy's own is as far from the exact one as ours. There `moved`
says for each element how far NumPy's result moves when every number that goes in moves by one unit in the last place,
so that all rounding on the way falls otherwise. AMPLIFIED times the largest of RUNS moves is allowed besides the bound,
whose terms are then those of one step; seen are up to 4 times. An element that hardly anything is amplified in (the
energy after a few steps) is held as tightly as in other problems.
"""

import copy

import numpy as np
from support import leaves

FUNCTION_ULPS = 4
RUNS = 8
AMPLIFIED = 16


def relative_bound(terms, dtype):
    """2 (n + k) eps: n terms of a reduction, k ulps of elementary functions on the way."""
    return 2 * (terms + 4 * FUNCTION_ULPS) * np.finfo(dtype).eps


def same_bits(found, expected):
    found, expected = np.asarray(found), np.asarray(expected)
    if found.dtype != expected.dtype or found.shape != expected.shape:
        return False
    if found.size == 0:
        return True
    both_nan = np.isnan(found) & np.isnan(expected) if found.dtype.kind in "fc" else np.zeros(found.shape, bool)
    same = np.ascontiguousarray(found).view(np.uint8).reshape(*found.shape, -1) == \
        np.ascontiguousarray(expected).view(np.uint8).reshape(*expected.shape, -1)
    return bool(np.all(same.all(axis=-1) | both_nan))


def moved(function, arguments, seed=1):
    """For each array or number of the result, then for each argument after the call: how far its elements move."""
    rng = np.random.default_rng(seed)

    def nudged(argument):
        if not isinstance(argument, np.ndarray) or argument.dtype.kind != "f":
            return copy.deepcopy(argument)
        towards = np.where(rng.random(argument.shape) < 0.5, -np.inf, np.inf)
        return np.nextafter(argument, towards.astype(argument.dtype))

    def run(given):
        with np.errstate(all="ignore"):
            result = function(*given)
        return [np.asarray(each) for each in leaves(result) + given]

    unmoved = run(copy.deepcopy(arguments))
    furthest = [np.zeros(each.shape) for each in unmoved]
    for _ in range(RUNS):
        furthest = [np.maximum(most, np.abs(now - before))
                    for most, now, before in zip(furthest, run([nudged(each) for each in arguments]), unmoved)]
    return furthest


def close(found, expected, terms, amplified=0.0):
    """Within the bound, the sum of absolute terms taken as the largest finite magnitude in the result times one.

    `amplified`: what `moved` says of this result.
    """
    found, expected = np.asarray(found), np.asarray(expected)
    if found.dtype != expected.dtype or found.shape != expected.shape:
        return False
    if found.size == 0:
        return True
    if found.dtype.kind not in "fc":
        return same_bits(found, expected)
    scale = np.maximum(np.abs(expected), np.max(np.abs(expected), initial=0, where=np.isfinite(expected)))
    bound = relative_bound(terms, found.dtype) * scale + AMPLIFIED * amplified
    return bool(np.all((np.abs(found - expected) <= bound) | (found == expected) |
                       (np.isnan(found) & np.isnan(expected))))
