"""Graphs from Python: identity of elements (probe 6), the builder, fields, undo and reference counts."""

import gc
import weakref

import pytest

import thalweg.graph as tg
from thalweg.graph import SDFG, AccessNode, LibraryNode, LoopRegion, Memlet, SDFGState, Tasklet


def two_states():
    """s0: A -> T; s1: T -> B, by copies."""
    graph = SDFG("two")
    for name in "AB":
        graph.add_array(name, ["N"], "float64")
    graph.add_transient("T", ["N"], "float64")
    first = graph.add_state("s0")
    second = graph.add_state_after(first, "s1")
    first.add_nedge(first.add_read("A"), first.add_write("T"), Memlet("A[0:N]"))
    second.add_nedge(second.add_read("T"), second.add_write("B"), Memlet("T[0:N]"))
    return graph, first, second


def test_a_node_built_free_keeps_its_identity():
    """Probe 6."""
    graph, first, second = two_states()
    node = AccessNode("B")
    node.remark = "mine"
    seen = {node: "value"}
    assert node.state is None and node.birth == 0

    end = second.nodes()[-1]
    second.remove_node(end)
    second.add_node(node)
    read = second.nodes()[0]
    edge = second.add_nedge(read, node, Memlet("T[0:N]"))
    graph.verify()
    assert second.nodes()[-1] is node and edge.dst is node and node.state is second

    mark = graph.mark()
    before = graph.text
    assert graph.apply_transformations("StateFusion") == 1
    graph.verify()
    fused = graph.states()
    assert len(fused) == 1 and node.state is fused[0]
    assert any(other is node for other in fused[0].nodes())
    node.data = "A"  # through the old handle
    assert "access A" in graph.text.splitlines()[-4] or graph.text.count("access A") == 2
    node.data = "B"

    fused[0].remove_node(node)
    assert node.state is None and not any(other is node for other in fused[0].nodes())
    assert node.in_edges() == [] and node.data == "B"

    graph.undo_to(mark)
    assert graph.text == before
    assert graph.states() == [first, second] and graph.states()[1] is second
    assert second.nodes()[-1] is node and node.state is second
    assert seen[second.nodes()[-1]] == "value" and second.nodes()[-1].remark == "mine"
    assert second.edges()[0] is edge


def test_a_state_with_its_node_moves_to_another_graph():
    one, other = SDFG("one"), SDFG("other")
    state = SDFGState("s")
    node = state.add_node(AccessNode("A"))
    for graph in (one, other):
        graph.add_array("A", [4], "float64")
        assert graph.add_node(state) is state and state.sdfg is graph
    assert one.nodes() == [] and other.nodes()[0].nodes()[0] is node


def test_attributes_survive_while_only_the_graph_holds_the_element():
    graph, first, _ = two_states()
    keys = {id(node) for node in first.nodes()}
    for number, node in enumerate(first.nodes()):
        node.number = number
    first.edges()[0].data.remark = "memlet"
    graph.arrays["A"].remark = "container"
    del node
    gc.collect()
    assert [node.number for node in first.nodes()] == [0, 1]
    assert {id(node) for node in first.nodes()} == keys
    assert first.edges()[0].memlet.remark == "memlet" and graph.arrays["A"].remark == "container"


def test_python_subclasses_ride_on_elements():
    class Marked(AccessNode):
        def shout(self):
            return self.data.upper()

    graph = SDFG("sub")
    graph.add_array("a", [4], "float32")
    graph.add_state("s").add_node(Marked("a"))
    gc.collect()
    (node,) = graph.states()[0].nodes()
    assert type(node) is Marked and node.shout() == "A"


def test_every_write_is_in_the_log_and_comes_back():
    graph, first, _ = two_states()
    start = graph.text
    mark = graph.mark()
    edge = first.edges()[0]
    memlet = edge.data
    memlet.subset = "1:N"
    memlet.volume = "N - 1"
    graph.arrays["T"].lifetime = "persistent"
    graph.arrays["T"].storage = "CPU_Heap"
    first.label = "begin"
    entry, _ = first.add_map("m", {"i": "0:N"}, schedule="Sequential")
    entry.map.range = "2:N"  # what entry and exit share is logged too
    entry.add_in_connector("IN_A")
    first.remove_edge(edge)
    graph.add_symbol("M")
    written = graph.edits()[mark:]
    assert [(kind, what) for kind, what, _ in written] == [
        ("set", "subset"), ("set", "volume"), ("set", "lifetime"), ("set", "storage"), ("set", "label"),
        ("add", "node"), ("add", "node"), ("set", "range"), ("set", "connectors"), ("remove", "edge"),
        ("set", "symbols")]
    assert written[0][2] is memlet and written[-1][2] is None
    graph.undo_to(mark)
    assert graph.text == start and first.edges() == [edge] and edge.data is memlet and memlet.subset == "0:N"
    assert entry.state is None


def test_a_builder_that_raises_leaves_the_graph_as_it_was():
    graph, first, _ = two_states()
    before = graph.text
    with pytest.raises(Exception, match="q"):
        first.add_mapped_tasklet("bad", {"i": "0:N"}, {"a": Memlet("A[i]")}, "b = q(a)", {"b": Memlet("B[i]")},
                                 external_edges=True)
    assert graph.text == before


def built_mapped():
    graph = SDFG("scale")
    graph.add_array("A", ["N", "M"], "float64")
    graph.add_array("B", ["N", "M"], "float64")
    state = graph.add_state("s")
    tasklet, entry, exit_ = state.add_mapped_tasklet(
        "scale", {"i": "0:N", "j": "0:M"}, {"a": Memlet("A[i, j]")}, "b = a * 2.0", {"b": Memlet("B[i, j]")},
        external_edges=True)
    return graph, tasklet, entry, exit_


def test_mapped_tasklet():
    graph, tasklet, entry, exit_ = built_mapped()
    graph.verify()
    assert entry.exit is exit_ and exit_.entry is entry and entry.map is exit_.map
    assert entry.map.params == ["i", "j"] and entry.map.range == "0:N, 0:M"
    assert tasklet.code.strip() == "b = a * 2.0" and list(tasklet.in_connectors) == ["a"]
    assert graph.arguments == ["A", "B"] and graph.symbols == {"M": "int64", "N": "int64"}
    outer = entry.in_edges()[0]
    assert outer.data.subset == "0:N, 0:M" and outer.dst_conn == "IN_A" and outer.src_conn is None
    again = SDFG.from_text(graph.text)
    assert again.text == graph.text and again is not graph


def test_code_is_read_when_its_memlets_are_there():
    graph = SDFG("late")
    graph.add_array("A", ["N"], "float32")
    graph.add_array("B", ["N"], "float32")
    state = graph.add_state("s")
    entry, exit_ = state.add_map("m", {"i": "0:N"})
    tasklet = state.add_tasklet("t", {"a"}, {"b"}, "b = a + a")
    memlet = Memlet("A[i]")
    state.add_memlet_path(state.add_read("A"), entry, tasklet, memlet=memlet, dst_conn="a")
    assert tasklet.code == "b = a + a"
    state.add_memlet_path(tasklet, exit_, state.add_write("B"), memlet=Memlet("B[i]"), src_conn="b")
    graph.verify()
    assert "b = a + a" in graph.text
    tasklet.code = "b = a * a"
    assert "b = a * a" in graph.text
    with pytest.raises(Exception):
        tasklet.code = "b = a +"
    assert tasklet.code.strip() == "b = a * a"


def test_memlet_edited_through_the_users_handle():
    graph, first, _ = two_states()
    memlet = Memlet(data="A", subset="0:N", wcr="sum")
    source, target = first.nodes()
    edge = first.add_edge(source, None, target, None, memlet)
    assert edge.data is memlet and memlet.owner is edge
    memlet.subset = "1:N"
    assert "A[1:N]" in graph.text and memlet.wcr == "sum" and memlet.volume == "N"
    twice = first.add_edge(source, None, target, None, memlet)
    assert twice.data is not memlet and twice.data.subset == memlet.subset


def test_control_flow():
    graph = SDFG("flow")
    graph.add_array("A", ["N"], "float64")
    graph.add_scalar("limit", "int64")
    graph.add_symbol("T")
    init = graph.add_state("init", is_start_block=True)
    loop = graph.add_loop("steps", variable="t", init="0", condition="t < T", update="t + 1")
    graph.add_symbol("t")
    body = loop.add_state("body")
    graph.add_edge(init, loop, assignments={"k": "T + 1"})
    graph.add_symbol("k")
    choice = graph.add_conditional("choice")
    branch = choice.add_branch("limit < k")
    branch.add_state("then")
    choice.add_branch(None).add_state("other")
    edge = graph.add_edge(loop, choice)
    graph.verify()
    assert isinstance(loop, LoopRegion) and loop.condition == "t < T" and body.parent is loop
    assert [condition for condition, _ in choice.branches] == ["limit < k", None]
    assert graph.edges()[0].assignments == {"k": "T + 1"} and edge.src is loop and edge.dst is choice
    assert [state.label for state in graph.states()] == ["init", "body", "then", "other"]
    assert choice.branches[0][1] is branch
    assert SDFG.from_text(graph.text).text == graph.text


def test_nested_and_library_nodes():
    inner, tasklet, _, _ = built_mapped()
    graph = SDFG("outer")
    for name in "ABC":
        graph.add_array(name, ["N", "N"], "float64")
    state = graph.add_state("s")
    nested = state.add_nested_sdfg(inner, ["A"], ["B"], {"N": "N", "M": "N"})
    a, b, c = state.add_read("A"), state.add_access("B"), state.add_write("C")
    state.add_edge(a, None, nested, "A", Memlet("A"))
    state.add_edge(nested, "B", b, None, Memlet("B"))
    product = state.add_node(LibraryNode("MatMul", ["_a", "_b"], ["_c"]))
    state.add_edge(a, None, product, "_a", Memlet("A"))
    state.add_edge(b, None, product, "_b", Memlet("B"))
    state.add_edge(product, "_c", c, None, Memlet("C"))
    graph.verify()
    assert nested.sdfg is inner and inner.parent_node is nested and inner.owner is nested
    mark = graph.mark()
    tasklet.label = "renamed"  # a write inside is an edit of the outermost graph
    assert graph.mark() == mark + 1 == inner.mark()
    with pytest.raises(ValueError, match="nested in a state already"):
        state.add_nested_sdfg(inner, ["A"], ["B"])


def test_mistakes_are_named():
    graph, first, second = two_states()
    with pytest.raises(ValueError, match="already"):
        graph.add_array("A", ["N"], "float64")
    with pytest.raises(ValueError, match="element type"):
        graph.add_array("X", ["N"], "float65")
    with pytest.raises(ValueError, match="not in state"):
        first.add_nedge(first.nodes()[0], second.nodes()[0], Memlet("A"))
    with pytest.raises(ValueError, match="without its edges"):
        first.add_node(second.nodes()[0])
    with pytest.raises(ValueError, match="StateFusion"):
        graph.apply_transformations("NoSuchThing")
    with pytest.raises(ValueError, match="mark"):
        graph.undo_to(graph.mark() + 1)
    with pytest.raises(ValueError, match="storage"):
        graph.arrays["A"].storage = "Nowhere"
    with pytest.raises(TypeError, match="no field"):
        Memlet("A[0]", colour="red")
    with pytest.raises(SyntaxError):
        Memlet("A[0:]:]")
    with pytest.raises(AttributeError):
        first.edges()[0].src = None
    graph.arrays["A"].shape = ["N", "N"]
    assert not graph.is_valid()
    with pytest.raises(Exception, match="A"):
        graph.verify()


def test_element_types_by_any_name():
    import numpy

    import thalweg

    graph = SDFG("types")
    for number, dtype in enumerate(["float32", numpy.float32, numpy.dtype("float32"), thalweg.float32]):
        assert graph.add_array(f"a{number}", [numpy.int64(3), thalweg.symbol("N")], dtype).dtype == "float32"
    assert graph.arrays["a3"].shape == ["3", "N"] and graph.arrays["a3"].strides == ["N", "1"]


def test_elements_outlive_their_graph():
    graph, first, second = two_states()
    node, edge, container = first.nodes()[0], first.edges()[0], graph.arrays["A"]
    memlet, transition = edge.data, graph.edges()[0]
    entry, exit_ = second.add_map("m", {"i": "0:N"})
    shared = entry.map
    watch = weakref.ref(graph)
    del graph, first, second, entry, exit_
    gc.collect()
    assert watch() is None and transition.owner is None
    assert transition.src.nodes()[0] is node  # a transition keeps its two ends
    del transition
    assert node.state is None and node.in_edges() == [] and node.out_edges() == []
    assert container.owner is None and edge.owner is None
    assert edge.src is node and memlet.owner is edge
    node.data = "B"
    container.dtype = "float32"
    shared.range = "0:2"
    assert shared.owner is None
    del edge
    gc.collect()
    assert memlet.owner is None
    memlet.subset = "0"
    assert (node.data, container.dtype, memlet.subset) == ("B", "float32", "0")
    again = SDFG("again")
    again.add_array("B", ["N"], "float64")
    assert again.add_state("s").add_node(node) is node


def test_nothing_leaks():
    def build_and_drop():
        graph, first, second = two_states()
        handles = [graph, first, second, *first.nodes(), *first.edges(), graph.arrays["A"], first.edges()[0].data,
                   graph.edges()[0]]
        free = AccessNode("A")
        second.add_node(free)
        second.remove_node(free)
        graph.apply_transformations("StateFusion")
        return [weakref.ref(handle) for handle in handles + [free]]

    for order in range(3):
        refs = build_and_drop()
        gc.collect()
        assert [ref() for ref in refs] == [None] * len(refs)

    cycle = AccessNode("A")
    cycle.me = cycle
    watch = weakref.ref(cycle)
    del cycle
    gc.collect()
    assert watch() is None


def test_handles_dropped_in_any_order():
    import random

    for seed in range(20):
        graph, first, second = two_states()
        handles = [graph, first, second, *first.nodes(), *second.nodes(), *first.edges(), *second.edges(),
                   *graph.edges(), *graph.arrays.values(), first.edges()[0].data]
        refs = [weakref.ref(handle) for handle in handles]
        del graph, first, second
        random.Random(seed).shuffle(handles)
        while handles:
            handles.pop()
        gc.collect()
        assert not any(ref() for ref in refs), f"seed {seed}"


def test_classes_have_the_names_of_the_field():
    for name in ("SDFG", "SDFGState", "LoopRegion", "ConditionalBlock", "ControlFlowRegion", "InterstateEdge",
                 "AccessNode", "Tasklet", "MapEntry", "MapExit", "Map", "NestedSDFG", "LibraryNode", "Edge", "Memlet",
                 "Data"):
        assert isinstance(getattr(tg, name), type)
    assert Tasklet("t", {"a": "float64"}, {"b": "float64"}, "b = a").code.strip() == "b = a"
