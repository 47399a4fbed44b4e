"""Questions about what a value is, and whether two are alike."""

import numpy as np


def is_real_object(x):
    if x is None or isinstance(x, str):
        return True
    return not np.iscomplexobj(x)


def all_equivalent(a1, a2):
    """Whether the elements are equal after broadcasting."""
    fits = True
    for d, n in enumerate(np.shape(a1)):
        for e, m in enumerate(np.shape(a2)):
            if np.ndim(a1) - d == np.ndim(a2) - e:
                fits = fits and (n == m or n == 1 or m == 1)
    if not fits:
        return False
    return bool(np.all(np.equal(a1, a2)))


DEFINITIONS = {"numpy.isrealobj": is_real_object, "numpy.array_equiv": all_equivalent}
