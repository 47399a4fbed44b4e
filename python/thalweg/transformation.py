"""The transformations of graphs, as classes: what `SDFG.apply_transformations` takes beside their names.

    from thalweg.transformation import MapCollapse, MapTiling

    graph.apply_transformations_repeated(MapCollapse)
    graph.apply_transformations([MapTiling], options=[{"tile_sizes": [32, 8]}])
    graph.apply_transformations(MapTiling(tile_sizes=[32, 8]))

`docs/transforms.md` says what each does and when it declines; `graph.explain_transformation(MapTiling)` says why not.
"""

from thalweg import _thalweg


class Transformation:
    """One transformation, with options; which there are is in its class's `standard_options`."""

    transformation_name = None
    standard_options = {}

    def __init__(self, **options):
        _thalweg.check_options(self.transformation_name, options)
        self.options = options

    def __repr__(self):
        given = ", ".join(f"{name}={value!r}" for name, value in self.options.items())
        return f"{self.transformation_name}({given})"


def _class_of(name, meaning, options):
    lines = [meaning, *(f"{option}: {help} (standard: {value!r})" for option, (value, help) in options.items())]
    return type(name, (Transformation,), {
        "__doc__": "\n".join(lines), "__module__": __name__, "transformation_name": name,
        "standard_options": {option: value for option, (value, _) in options.items()},
    })


def _classes():
    return {name: _class_of(name, meaning, options) for name, meaning, options in _thalweg.transformations()}


globals().update(_classes())
MapFusionVertical = globals()["MapFusion"]

__all__ = ["Transformation", "MapFusionVertical", *(name for name, _, _ in _thalweg.transformations())]
