"""Which family defines which function: looked up without reading the families. A test holds it against them."""

FAMILIES = {
    "applying": "numpy.apply_along_axis numpy.apply_over_axes",
    "arrangement": "numpy.rot90 numpy.atleast_1d.one numpy.atleast_2d.one numpy.tile numpy.append numpy.column_stack",
    "averages": "numpy.ptp numpy.average",
    "axes": "numpy.moveaxis numpy.rollaxis numpy.roll",
    "bits": "numpy.packbits numpy.unpackbits",
    "broadcasting": "numpy.broadcast_shapes",
    "choosing": "numpy.select numpy.piecewise numpy.copyto",
    "compiler": "",
    "correlation": "numpy.convolve numpy.correlate",
    "counting": (
        "numpy.count_nonzero numpy.flatnonzero numpy.nonzero numpy.argwhere numpy.bincount numpy.histogram "
        "numpy.histogram_bin_edges"),
    "cumulative": (
        "numpy.cumsum numpy.cumprod numpy.cumulative_sum numpy.cumulative_prod numpy.nancumsum numpy.nancumprod"),
    "diagonals": (
        "numpy.fill_diagonal numpy.diag_indices numpy.diag_indices_from numpy.tril_indices numpy.triu_indices "
        "numpy.tril_indices_from numpy.triu_indices_from numpy.mask_indices"),
    "differences": "numpy.diff numpy.ediff1d numpy.gradient numpy.trapezoid numpy.unwrap",
    "eigenvalues": "numpy.linalg.eigvalsh numpy.linalg.eigh",
    "elementwise": (
        "numpy.isclose numpy.allclose numpy.array_equal numpy.nan_to_num numpy.sinc numpy.heaviside numpy.deg2rad "
        "numpy.radians numpy.rad2deg numpy.degrees numpy.logaddexp numpy.angle numpy.float_power numpy.logaddexp2 "
        "numpy.fix numpy.isneginf numpy.isposinf"),
    "factors": "numpy.linalg.slogdet numpy.linalg.det numpy.linalg.cholesky",
    "float_parts": "numpy.ldexp numpy.frexp numpy.modf numpy.nextafter numpy.spacing",
    "fourier": (
        "numpy.fft.fft numpy.fft.ifft numpy.fft.rfft numpy.fft.irfft numpy.fft.hfft numpy.fft.ihfft numpy.fft.fftn "
        "numpy.fft.ifftn numpy.fft.rfftn numpy.fft.irfftn numpy.fft.fft2 numpy.fft.ifft2 numpy.fft.rfft2 "
        "numpy.fft.irfft2"),
    "fourier_grids": "numpy.fft.fftfreq numpy.fft.rfftfreq numpy.fft.fftshift numpy.fft.ifftshift",
    "fourier_lines": "",
    "fourier_stages": "",
    "grids": "numpy.meshgrid numpy.indices numpy.fromfunction numpy.tri numpy.diag numpy.diagflat numpy.vander",
    "histograms": "numpy.histogram2d numpy.histogramdd",
    "index_tricks": "numpy.r_.joined numpy.ogrid numpy.mgrid.of_numbers",
    "insertion": "numpy.delete numpy.insert numpy.resize numpy.trim_zeros",
    "integers": "numpy.gcd numpy.lcm numpy.bitwise_count numpy.divmod",
    "interpolation": "numpy.interp",
    "joining": "numpy.atleast_3d.one numpy.dstack numpy.block",
    "least_squares": "numpy.linalg.lstsq",
    "matrices": (
        "numpy.linalg.matrix_power numpy.linalg.multi_dot numpy.linalg.outer numpy.linalg.cross numpy.linalg.trace "
        "numpy.linalg.matrix_transpose numpy.matrix_transpose numpy.linalg.matmul numpy.linalg.tensordot "
        "numpy.linalg.vecdot numpy.vecdot numpy.matvec numpy.vecmat"),
    "multi_indices": "numpy.ix_ numpy.ravel_multi_index numpy.unravel_index",
    "nan_quantiles": "numpy.nanmedian numpy.nanquantile numpy.nanpercentile",
    "nans": (
        "numpy.nansum numpy.nanprod numpy.nanmin numpy.nanmax numpy.nanmean numpy.nanvar numpy.nanstd numpy.nanargmin "
        "numpy.nanargmax"),
    "norms": "numpy.linalg.norm numpy.linalg.matrix_norm numpy.linalg.vector_norm",
    "order_statistics": "numpy.median numpy.quantile numpy.percentile",
    "padding": "numpy.pad",
    "places": "",
    "polynomial_fit": "numpy.polyfit",
    "polynomials": (
        "numpy.polyval numpy.poly numpy.polyadd numpy.polysub numpy.polymul numpy.polydiv numpy.polyder numpy.polyint"),
    "products": "numpy.matmul.stacked numpy.dot.several",
    "putting": "numpy.put numpy.putmask numpy.place",
    "python_functions": (
        "builtins.sum builtins.any builtins.all builtins.divmod builtins.min.of_array builtins.max.of_array"),
    "python_math": (
        "math.isnan math.isinf math.isfinite math.degrees math.radians math.isclose math.fmod math.modf math.frexp "
        "math.ldexp math.gcd math.lcm math.isqrt math.factorial math.perm math.comb math.prod"),
    "questions": "numpy.isrealobj numpy.array_equiv",
    "random_bits": "",
    "random_exponential": "numpy.random.Generator.standard_exponential numpy.random.Generator.exponential",
    "random_floats": "numpy.random.Generator.random numpy.random.Generator.uniform",
    "random_integers": "numpy.random.Generator.integers",
    "random_normal": "numpy.random.Generator.standard_normal numpy.random.Generator.normal",
    "random_orders": "numpy.random.Generator.shuffle numpy.random.Generator.permutation numpy.random.Generator.choice",
    "random_seeds": "numpy.random.PCG64 numpy.random.Generator numpy.random.default_rng",
    "random_shapes": "",
    "random_tables": "",
    "ranges": "numpy.logspace numpy.geomspace",
    "ranks": "numpy.linalg.matrix_rank numpy.linalg.cond numpy.linalg.pinv",
    "reflections": "numpy.linalg.qr",
    "rounding": "numpy.around numpy.round numpy.isreal numpy.iscomplex builtins.round",
    "searching": "numpy.searchsorted numpy.digitize",
    "sets": (
        "numpy.unique numpy.unique_all numpy.unique_counts numpy.unique_inverse numpy.unique_values numpy.intersect1d "
        "numpy.union1d numpy.setdiff1d numpy.setxor1d numpy.isin"),
    "shape": "numpy.flip numpy.flipud numpy.fliplr numpy.triu numpy.tril numpy.repeat numpy.trace",
    "singular_values": "numpy.linalg.svd numpy.linalg.svdvals",
    "solving": "numpy.linalg.solve numpy.linalg.inv",
    "sorting": "numpy.sort numpy.ndarray.sort numpy.argsort numpy.lexsort numpy.sort_complex",
    "sparse": (
        "scipy.sparse.csr.vector scipy.sparse.csr.matrix scipy.sparse.csc.vector scipy.sparse.csc.matrix "
        "scipy.sparse.coo.vector scipy.sparse.coo.matrix"),
    "spacing": "numpy.linspace.between",
    "splitting": "numpy.array_split numpy.split numpy.vsplit numpy.hsplit numpy.dsplit numpy.unstack",
    "statistics": "numpy.var numpy.std numpy.cov numpy.corrcoef",
    "storing": "numpy.place.masked numpy.put.scattered",
    "sums_of_products": "numpy.inner numpy.vdot numpy.tensordot numpy.kron numpy.cross",
    "taking": "numpy.take numpy.take_along_axis numpy.put_along_axis numpy.compress numpy.extract numpy.choose",
    "tensor_equations": "numpy.linalg.tensorinv numpy.linalg.tensorsolve",
    "ufunc_accumulate": "numpy.ufunc.accumulate numpy.ufunc.reduceat",
    "ufunc_at": "numpy.ufunc.at",
    "ufunc_outer": "numpy.ufunc.outer",
    "ufunc_parts": "",
    "ufunc_reduce": "numpy.ufunc.reduce",
    "unique_rows": "numpy.unique.rows",
    "windows": "numpy.i0 numpy.bartlett numpy.blackman numpy.hamming numpy.hanning numpy.kaiser",
}
FAMILY_OF = {path: family for family, paths in FAMILIES.items() for path in paths.split()}
