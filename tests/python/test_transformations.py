"""Transformations by name from Python and the command line: what they do, and what is said where they do not."""

import os
import subprocess
import sys

import pytest

import thalweg
from support import compiler_inside
from thalweg import _thalweg, transformation
from thalweg.graph import SDFG, MapEntry, Memlet
from thalweg.transformation import MapCollapse, MapTiling

PROGRAM = """
import thalweg

N = thalweg.symbol("N")

@thalweg.program
def scale(a: thalweg.float64[N, N], b: thalweg.float64[N, N]):
    for i, j in thalweg.map[0:N, 0:N]:
        b[i, j] = a[i, j] * 2
"""


N = thalweg.symbol("N")


@thalweg.program
def chained(a: thalweg.float64[N], b: thalweg.float64[N]):
    t = a * 2
    b[:] = t + 1


def one_map(params):
    graph = SDFG("one")
    for name in "AB":
        graph.add_array(name, ["N", "M"], "float64")
    state = graph.add_state("s")
    state.add_mapped_tasklet("m", params, {"a": Memlet("A[i, j]")}, "b = a * 2.0", {"b": Memlet("B[i, j]")},
                             external_edges=True)
    graph.verify()
    return graph, state


def params_of(state):
    return [list(node.map.params) for node in state.nodes() if isinstance(node, MapEntry)]


def test_options_reach_the_transformation():
    graph, state = one_map({"i": "0:N", "j": "0:M"})
    assert graph.apply_transformations("MapTiling", options={"tile_sizes": [8, 4], "prefix": "t"}) == 1
    graph.verify()
    assert sorted(params_of(state)) == [["i", "j"], ["t_i", "t_j"]]
    assert "t_i = 0:8*((N + 7)//8):8, t_j = 0:4*((M + 3)//4):4" in graph.text


def test_one_dict_of_options_for_each():
    graph, state = one_map({"i": "0:N", "j": "0:M"})
    both = ["MapDimShuffle", "StripMining"]
    assert graph.apply_transformations(both, options=[{"parameters": ["j", "i"]}, {"dim_idx": 0, "tile_size": 4}]) == 2
    assert sorted(params_of(state)) == [["j", "i"], ["tile_j"]]
    with pytest.raises(ValueError, match="list with one dict for each"):
        graph.apply_transformations(both, options={"dim_idx": 0})
    with pytest.raises(ValueError, match="1 options are given for 2 transformations"):
        graph.apply_transformations(both, options=[{}])


def test_classes_and_objects_stand_for_names():
    graph, state = one_map({"i": "0:N", "j": "0:M"})
    assert graph.apply_transformations_repeated(transformation.MapExpansion) == 1
    assert sorted(params_of(state)) == [["i"], ["j"]]
    assert graph.apply_transformations_repeated([MapCollapse]) == 1
    assert params_of(state) == [["i", "j"]]
    assert graph.apply_transformations([MapTiling(tile_sizes=[16])]) == 1
    assert len(params_of(state)) == 2
    assert repr(MapTiling(tile_sizes=[16])) == "MapTiling(tile_sizes=[16])"
    assert MapTiling.standard_options == {"tile_sizes": [32], "prefix": "tile", "divides_evenly": False}


def test_texts_carry_options():
    graph, state = one_map({"i": "0:N", "j": "0:M"})
    assert graph.apply_transformations("MapTiling(tile_sizes=[8], prefix=t), map_expansion") == 2
    assert ["t_i"] in params_of(state)


def test_what_would_undo_itself_is_applied_once():
    graph, state = one_map({"i": "0:N", "j": "0:M"})
    graph.apply_transformations("MapExpansion")
    assert graph.apply_transformations_repeated("MapInterchange") == 1


def test_mistakes_say_what_may_stand_there():
    graph, _ = one_map({"i": "0:N", "j": "0:M"})
    before = graph.text
    with pytest.raises(ValueError, match="no transformation is called 'MapTilling'(.|\\n)*MapTiling,(.|\\n)*TW0643"):
        graph.apply_transformations("MapCollapse, MapTilling")
    with pytest.raises(ValueError, match="MapTiling has no option 'tile_size'(.|\\n)*tile_sizes, prefix(.|\\n)*TW0641"):
        graph.apply_transformations("MapTiling", options={"tile_size": 8})
    with pytest.raises(ValueError, match="'tile_sizes' is a list of integers, but 'x' is given(.|\\n)*TW0642"):
        MapTiling(tile_sizes="x")
    with pytest.raises(SyntaxError, match="Name or Name.option=value., not MapTiling.32.(.|\\n)*TW0644"):
        graph.apply_transformations("MapTiling(32)")
    with pytest.raises(ValueError, match="a name, or a class of thalweg.transformation, not 3"):
        graph.apply_transformations([3])
    for value in (1.5, 2**70, [1, "a"], None):
        with pytest.raises(ValueError, match="an option is a truth value"):
            graph.apply_transformations("MapTiling", options={"tile_sizes": value})
    with pytest.raises(ValueError, match="options are a dict of names and values, not 3"):
        graph.apply_transformations("MapTiling", options=3)
    with pytest.raises(ValueError, match="options are given twice"):
        graph.apply_transformations("MapTiling(prefix=t)", options={"tile_sizes": 8})
    assert graph.text == before


def test_reasons_are_told():
    graph, _ = one_map({"i": "0:N", "j": "0:i + 1"})
    (place,) = graph.explain_transformation("MapTiling")
    assert not place["applies"] and place["place"] == "map m[i, j] in state s" and place["graph"] == "one"
    assert place["reason"] == "the range of j depends on another dimension"
    (place,) = graph.explain_transformation(MapTiling(tile_sizes=[1]))
    assert place["reason"] == "a tile of 1 iterations is none"


def test_the_pipelines_count_what_they_applied():
    graph = chained.to_sdfg()
    assert graph.simplify() > 0
    assert graph.simplify() == 0
    before = len([node for state in graph.states() for node in state.nodes() if isinstance(node, MapEntry)])
    assert graph.auto_optimize() > 0
    graph.verify()
    after = len([node for state in graph.states() for node in state.nodes() if isinstance(node, MapEntry)])
    assert (before, after) == (2, 1)


def test_every_transformation_is_a_class():
    for name, meaning, options in _thalweg.transformations():
        one = getattr(transformation, name)
        assert issubclass(one, transformation.Transformation) and one.__doc__.startswith(meaning)
        assert set(one.standard_options) == set(options)
    assert transformation.MapFusionVertical is transformation.MapFusion


def opt(tmp_path, *arguments):
    path = tmp_path / "prog.py"
    path.write_text(PROGRAM)
    return subprocess.run([sys.executable, "-m", "thalweg.cli", "opt", str(path), *arguments], capture_output=True,
                          text=True, env=dict(os.environ))


@compiler_inside
def test_opt_applies_and_prints(tmp_path):
    done = opt(tmp_path, "--passes", "MapTiling(tile_sizes=[8, 4])", "--once")
    assert done.returncode == 0, done.stderr
    assert "=== scale" in done.stdout and "MapTiling(tile_sizes=[8, 4]): 1 application" in done.stdout
    assert "tile_i" in done.stdout
    quiet = opt(tmp_path, "--passes", "MapCollapse", "--why", "--quiet")
    assert "MapCollapse: 0 applications" in quiet.stdout and "there is no map inside" in quiet.stdout
    assert "tasklet" not in quiet.stdout


@compiler_inside
def test_opt_names_mistakes(tmp_path):
    done = opt(tmp_path, "--passes", "MapCollapse, MapTilling")
    assert done.returncode == 1
    assert "no transformation is called 'MapTilling'" in done.stderr and "^" in done.stderr
    assert "MapTiling" in done.stderr and "Traceback" not in done.stderr
