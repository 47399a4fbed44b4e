"""Graphs from Python: build, look at and change SDFGs by hand.

    from thalweg.graph import SDFG, Memlet

    graph = SDFG("scale")
    graph.add_array("A", ["N"], "float64")
    state = graph.add_state("s")
    state.add_mapped_tasklet("scale", {"i": "0:N"}, {"a": Memlet("A[i]")}, "b = a * 2.0", {"b": Memlet("A[i]")},
                             external_edges=True)
    graph.verify()

Every element has one Python object for as long as it lives: handles stay good when a transformation moves the element,
`is` and dictionaries work, and attributes set on it stay. Every write is an entry of the graph's edit log
(`graph.mark()`, `graph.undo_to(mark)`).
"""

from thalweg._thalweg import (
    SDFG, AccessNode, ConditionalBlock, ControlFlowBlock, ControlFlowRegion, Data, Edge, Element, InterstateEdge,
    LibraryNode, LoopRegion, Map, MapEntry, MapExit, Memlet, NestedSDFG, Node, SDFGState, Tasklet,
)

__all__ = [
    "SDFG", "AccessNode", "ConditionalBlock", "ControlFlowBlock", "ControlFlowRegion", "Data", "Edge", "Element",
    "InterstateEdge", "LibraryNode", "LoopRegion", "Map", "MapEntry", "MapExit", "Memlet", "NestedSDFG", "Node",
    "SDFGState", "Tasklet",
]
