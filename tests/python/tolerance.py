"""What "equal to NumPy" means, as functions: bit for bit for exact texts, a stated bound for the others.

Sums of n products computed in different orders differ by at most about 2 n eps times the sum of absolute terms
(Higham, Accuracy and Stability, section 3.1, for both sides together); functions from vector math libraries are within
4 ulp each. `relative_bound(n, dtype)` is that factor; callers multiply by the sum of absolute terms.
"""

import numpy as np

FUNCTION_ULPS = 4


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


def close(found, expected, terms):
    """Within the bound, the sum of absolute terms taken as the largest finite magnitude in the result times one."""
    found, expected = np.asarray(found), np.asarray(expected)
    if found.dtype != expected.dtype or found.shape != expected.shape:
        return False
    if found.size == 0:
        return True
    if found.dtype.kind not in "fc":
        return same_bits(found, expected)
    scale = np.maximum(np.abs(expected), np.max(np.abs(expected), initial=0, where=np.isfinite(expected)))
    return bool(np.all((np.abs(found - expected) <= relative_bound(terms, found.dtype) * scale) | (found == expected) |
                       (np.isnan(found) & np.isnan(expected))))
