"""Which family defines which function: looked up without reading the families. A test holds it against them."""

FAMILIES = {
    "arrangement": (
        "numpy.roll numpy.rot90 numpy.moveaxis numpy.atleast_1d numpy.atleast_2d numpy.tile numpy.append "
        "numpy.delete numpy.array_split numpy.split numpy.vsplit numpy.hsplit numpy.column_stack"),
    "counting": "numpy.count_nonzero numpy.flatnonzero numpy.nonzero numpy.argwhere numpy.bincount numpy.histogram",
    "cumulative": "numpy.cumsum numpy.cumprod numpy.nancumsum numpy.nancumprod",
    "differences": "numpy.diff numpy.ediff1d numpy.gradient numpy.trapezoid numpy.unwrap",
    "elementwise": (
        "numpy.isclose numpy.allclose numpy.array_equal numpy.nan_to_num numpy.sinc numpy.heaviside "
        "numpy.deg2rad numpy.radians numpy.rad2deg numpy.degrees numpy.logaddexp numpy.angle "
        "numpy.float_power"),
    "eigenvalues": "numpy.linalg.eigvalsh numpy.linalg.eigh",
    "factors": "numpy.linalg.slogdet numpy.linalg.det numpy.linalg.cholesky",
    "grids": (
        "numpy.meshgrid numpy.indices numpy.fromfunction numpy.tri numpy.diag numpy.diagflat numpy.vander numpy.pad"),
    "interpolation": "numpy.interp",
    "least_squares": "numpy.linalg.lstsq",
    "matrices": (
        "numpy.linalg.matrix_power numpy.linalg.multi_dot numpy.linalg.outer numpy.linalg.cross numpy.linalg.trace "
        "numpy.linalg.matrix_transpose numpy.matrix_transpose numpy.linalg.matmul numpy.linalg.tensordot "
        "numpy.linalg.vecdot numpy.vecdot numpy.matvec numpy.vecmat"),
    "nans": "numpy.nansum numpy.nanprod numpy.nanmin numpy.nanmax numpy.nanmean numpy.nanvar numpy.nanstd",
    "norms": "numpy.linalg.norm numpy.linalg.matrix_norm numpy.linalg.vector_norm",
    "order_statistics": "numpy.ptp numpy.average numpy.median numpy.quantile numpy.percentile",
    "polynomials": "numpy.polyval",
    "products": "numpy.matmul.stacked",
    "python_functions": "builtins.sum builtins.any builtins.all builtins.divmod",
    "ranks": "numpy.linalg.matrix_rank numpy.linalg.cond numpy.linalg.pinv",
    "reflections": "numpy.linalg.qr",
    "rounding": "numpy.around numpy.round numpy.isreal numpy.iscomplex builtins.round",
    "shape": "numpy.flip numpy.flipud numpy.fliplr numpy.triu numpy.tril numpy.repeat numpy.trace",
    "singular_values": "numpy.linalg.svd numpy.linalg.svdvals",
    "solving": "numpy.linalg.solve numpy.linalg.inv",
    "sorting": "numpy.sort numpy.argsort numpy.searchsorted numpy.digitize numpy.unique",
    "statistics": "numpy.var numpy.std numpy.cov numpy.corrcoef",
    "storing": "numpy.place.masked numpy.put.scattered",
    "sums_of_products": "numpy.inner numpy.vdot numpy.tensordot numpy.kron numpy.cross",
    "tensor_equations": "numpy.linalg.tensorinv numpy.linalg.tensorsolve",
    "ufuncs": (
        "numpy.add.outer numpy.subtract.outer numpy.multiply.outer numpy.divide.outer numpy.minimum.outer "
        "numpy.maximum.outer"),
}
FAMILY_OF = {path: family for family, paths in FAMILIES.items() for path in paths.split()}
