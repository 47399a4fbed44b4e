"""Whose docstrings are read: the families that the project set itself, and (FURTHER) functions beside them."""

import numpy

NAMED = {
    "creation":
        "zeros ones full empty arange linspace logspace geomspace eye identity zeros_like ones_like full_like "
        "empty_like array asarray asanyarray ascontiguousarray asfortranarray copy fromfunction fromiter indices "
        "meshgrid tri tril triu diag diagflat vander",
    "shape":
        "reshape ravel transpose matrix_transpose swapaxes moveaxis rollaxis squeeze expand_dims broadcast_to "
        "broadcast_arrays broadcast_shapes atleast_1d atleast_2d atleast_3d ndim shape size",
    "joining and splitting":
        "concatenate stack vstack hstack dstack column_stack block append insert delete resize unstack "
        "split array_split vsplit hsplit dsplit",
    "ufuncs": "*ufuncs",
    "reductions":
        "sum prod mean average median std var min max ptp argmin argmax any all cumsum cumprod cumulative_sum "
        "cumulative_prod count_nonzero trace percentile quantile",
    "sorting": "sort argsort searchsorted unique",
    "counting": "histogram bincount digitize",
    "products": "einsum tensordot dot vdot inner outer matmul",
    "linalg": "*linalg",
    "fft": "*fft",
    "arrangement": "interp pad roll flip rot90 tile repeat",
    "differences": "gradient diff trapezoid",
    "nan": "*nan",
    "closeness": "isclose allclose",
    "indexing": "take put where choose nonzero ix_",
}
FURTHER = {
    "elementwise":
        "clip round fix real imag angle real_if_close sinc i0 unwrap isreal iscomplex isposinf isneginf "
        "iscomplexobj isrealobj isscalar array_equal array_equiv sort_complex piecewise select",
    "statistics and polynomials":
        "convolve correlate cov corrcoef histogram2d histogramdd histogram_bin_edges polyval polyadd polysub polymul "
        "polydiv polyder polyint polyfit poly roots kron cross ediff1d bartlett blackman hamming hanning kaiser",
    "sorting and sets":
        "lexsort partition argpartition unique_all unique_counts unique_inverse unique_values isin intersect1d "
        "setdiff1d setxor1d union1d flatnonzero argwhere trim_zeros",
    "indexing":
        "take_along_axis put_along_axis compress extract place putmask fill_diagonal diagonal diag_indices "
        "diag_indices_from tril_indices triu_indices tril_indices_from triu_indices_from mask_indices unravel_index "
        "ravel_multi_index fliplr flipud apply_along_axis apply_over_axes mgrid ogrid r_ c_ copyto packbits unpackbits "
        "einsum_path can_cast result_type promote_types",
}


def _callable(module, names):
    values = {name: getattr(module, name) for name in sorted(names)}
    return [name for name, value in values.items() if callable(value) and not isinstance(value, type)]


def _listed(text):
    """The names of a line above; of a group with a star, those that the installed NumPy has."""
    if text == "*ufuncs":
        return [name for name in sorted(dir(numpy)) if isinstance(getattr(numpy, name), numpy.ufunc)]
    if text == "*nan":
        return _callable(numpy, [name for name in dir(numpy) if name.startswith("nan") and name != "nan"])
    if text in ("*linalg", "*fft"):
        module = getattr(numpy, text[1:])
        names = [name for name in module.__all__ if name[0].islower()] if hasattr(module, "__all__") else dir(module)
        return [f"{text[1:]}.{name}" for name in _callable(module, names) if name != "test"]
    return text.split()


def _found(name):
    value = numpy
    for part in name.split("."):
        value = getattr(value, part, None)
    return value


def _docstrings():
    """{name: (group, docstring)}: each docstring once, under the first of its names."""
    found, seen = {}, set()
    for groups in (NAMED, FURTHER):
        for group, text in groups.items():
            for name in _listed(text):
                docstring = getattr(_found(name), "__doc__", None)
                if docstring and docstring not in seen:
                    seen.add(docstring)
                    found[name] = (group if groups is NAMED else "further", docstring)
    return found


DOCSTRINGS = _docstrings()
