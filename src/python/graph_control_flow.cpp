// Control flow: blocks, regions, loops, conditionals and the transitions between blocks.
#include <set>

#include "python/graph_fields.h"
#include "text/pieces.h"
#include "text/text.h"

namespace thalweg::python {

namespace {

using ir::ControlFlowBlock;
using ir::ControlFlowRegion;
using ir::InterstateEdge;

// A label that no other block of the graph has.
std::string unique_label(const ControlFlowRegion& region, const std::string& label) {
  ControlFlowRegion* top = region.sdfg() ? region.sdfg() : const_cast<ControlFlowRegion*>(&region);
  std::set<std::string> taken;
  for (ControlFlowBlock* block : ir::all_blocks(*top)) taken.insert(block->label());
  std::string unique = label;
  for (int i = 0; taken.count(unique); ++i) unique = label + "_" + std::to_string(i);
  return unique;
}

void check_inside(const ControlFlowRegion& region, const ControlFlowBlock& block) {
  if (block.owner() != &region)
    raise_value_error("block '" + block.label() + "' is not in region '" + region.label() + "'");
}

ir::State* add_state(ControlFlowRegion& region, const std::string& label, bool is_start_block) {
  auto state = ir::make_ref<ir::State>(unique_label(region, label));
  region.add_block(state);
  if (is_start_block) region.set_start(*state);
  return state.get();  // the region holds it
}

// What followed `after` follows the new state.
ir::State* add_state_after(ControlFlowRegion& region, ControlFlowBlock& after, const std::string& label) {
  check_inside(region, after);
  ir::State* state = add_state(region, label, false);
  for (InterstateEdge* edge : region.out_edges(after)) {
    region.add_edge(*state, edge->target(), edge->get());
    region.remove_edge(*edge);
  }
  region.add_edge(after, *state);
  return state;
}

ir::State* add_state_before(ControlFlowRegion& region, ControlFlowBlock& before, const std::string& label) {
  check_inside(region, before);
  ir::State* state = add_state(region, label, false);
  for (InterstateEdge* edge : region.in_edges(before)) {
    region.add_edge(edge->source(), *state, edge->get());
    region.remove_edge(*edge);
  }
  region.add_edge(*state, before);
  if (region.start() == &before) region.set_start(*state);
  return state;
}

ControlFlowBlock* add_block(ControlFlowRegion& region, ir::Ref<ControlFlowBlock> block) {
  if (block->owner() && !block->parent()) raise_value_error("block '" + block->label() + "' is a branch or nested");
  for (const ir::Element* element = &region; element; element = element->owner())
    if (element == block.get()) raise_value_error("a region cannot hold itself");
  return &region.add_block(std::move(block));
}

// edge(condition='i < N', assignments={'i': 'i + 1'}): text is read where the graph's containers are known.
InterstateEdge* add_transition(ControlFlowRegion& region, ControlFlowBlock& source, ControlFlowBlock& target,
                               const nb::kwargs& keywords) {
  check_inside(region, source);
  check_inside(region, target);
  ir::InterstateEdgeFields fields;
  assign_keywords(fields, keywords, region);
  return &region.add_edge(source, target, std::move(fields));
}

ir::LoopRegion* add_loop(ControlFlowRegion& region, const std::string& label, const nb::kwargs& keywords) {
  ir::LoopFields fields;
  assign_keywords(fields, keywords, region);
  auto loop = ir::make_ref<ir::LoopRegion>(unique_label(region, label), std::move(fields));
  region.add_block(loop);
  return loop.get();
}

template <class T>
T* add_named(ControlFlowRegion& region, const std::string& label) {
  auto block = ir::make_ref<T>(unique_label(region, label));
  region.add_block(block);
  return block.get();
}

nb::list branches(const ir::ConditionalBlock& block) {
  nb::list out;
  for (const auto& branch : block.branches())
    out.append(nb::make_tuple(to_python(branch.condition), nb::cast(branch.body)));
  return out;
}

ControlFlowRegion* add_branch(ir::ConditionalBlock& block, nb::handle condition, ir::Ref<ControlFlowRegion> body) {
  ir::code::Ptr test;
  from_python(condition, block, test);
  if (!body) body = ir::make_ref<ControlFlowRegion>(block.label() + "_" + std::to_string(block.branches().size()));
  if (body->owner()) raise_value_error("region '" + body->label() + "' is part of a graph already");
  return &block.add_branch(std::move(test), std::move(body));
}

void bind_region(nb::module_& module) {
  nb::class_<ControlFlowRegion, ControlFlowBlock>(module, "ControlFlowRegion")
      .def(nb::init<std::string>(), nb::arg("label"))
      .def(
          "nodes", [](const ControlFlowRegion& self) { return list_of(self.blocks()); }, "The blocks of this region.")
      .def("edges", [](const ControlFlowRegion& self) { return list_of(self.edges()); })
      .def(
          "states", [](ControlFlowRegion& self) { return list_of(ir::all_states(self)); },
          "Every state below, nested graphs left out.")
      .def("in_edges",
           [](const ControlFlowRegion& self, const ControlFlowBlock& b) { return list_of(self.in_edges(b)); })
      .def("out_edges",
           [](const ControlFlowRegion& self, const ControlFlowBlock& b) { return list_of(self.out_edges(b)); })
      .def_prop_rw("start_block", &ControlFlowRegion::start,
                   [](ControlFlowRegion& self, ControlFlowBlock& block) {
                     check_inside(self, block);
                     self.set_start(block);
                   })
      .def("add_state", &add_state, nb::arg("label") = "state", nb::arg("is_start_block") = false)
      .def("add_state_after", &add_state_after, nb::arg("state"), nb::arg("label") = "state")
      .def("add_state_before", &add_state_before, nb::arg("state"), nb::arg("label") = "state")
      .def("add_node", &add_block, nb::arg("block"))
      .def(
          "remove_node",
          [](ControlFlowRegion& self, ControlFlowBlock& block) {
            check_inside(self, block);
            self.remove_block(block);
          },
          nb::arg("block"))
      .def("add_edge", &add_transition, nb::arg("src"), nb::arg("dst"), nb::arg("fields"))
      .def(
          "remove_edge",
          [](ControlFlowRegion& self, InterstateEdge& edge) {
            if (edge.owner() != &self) raise_value_error("the transition is not in region '" + self.label() + "'");
            self.remove_edge(edge);
          },
          nb::arg("edge"))
      .def("add_loop", &add_loop, nb::arg("label"), nb::arg("fields"),
           "add_loop('steps', variable='t', init='0', condition='t < T', update='t + 1')")
      .def("add_region", &add_named<ControlFlowRegion>, nb::arg("label"))
      .def("add_conditional", &add_named<ir::ConditionalBlock>, nb::arg("label"));
}

}  // namespace

void bind_control_flow(nb::module_& module) {
  nb::class_<ControlFlowBlock, ir::Element>(module, "ControlFlowBlock")
      .def_prop_rw("label", &ControlFlowBlock::label, &ControlFlowBlock::set_label)
      .def_prop_ro("parent", &ControlFlowBlock::parent)
      .def_prop_ro("sdfg", &ControlFlowBlock::sdfg)
      .def("__repr__", [](nb::handle self) {
        return "<" + nb::cast<std::string>(self.type().attr("__name__")) + " " +
               nb::cast<const ControlFlowBlock&>(self).label() + ">";
      });
  bind_region(module);

  nb::class_<ir::LoopRegion, ControlFlowRegion> loop(module, "LoopRegion");
  loop.def(
      "__init__",
      [](ir::LoopRegion* self, std::string label, const nb::kwargs& keywords) {
        ir::LoopFields fields;
        ir::Memlet nowhere;
        assign_keywords(fields, keywords, nowhere);
        new (self) ir::LoopRegion(std::move(label), std::move(fields));
      },
      nb::arg("label"), nb::arg("fields"), "Built free, its conditions may name symbols only, not containers.");
  def_fields<ir::LoopRegion>(loop);

  nb::class_<ir::ConditionalBlock, ControlFlowBlock>(module, "ConditionalBlock")
      .def(nb::init<std::string>(), nb::arg("label"))
      .def_prop_ro("branches", &branches, "[(condition or None for the else, region), ...]")
      .def("add_branch", &add_branch, nb::arg("condition").none(), nb::arg("branch") = nb::none())
      .def("remove_branch", [](ir::ConditionalBlock& self, size_t index) {
        if (index >= self.branches().size()) throw nb::index_error("no such branch");
        self.remove_branch(index);
      });

  nb::class_<ir::JumpBlock, ControlFlowBlock>(module, "JumpBlock").def_prop_ro("jump", [](const ir::JumpBlock& self) {
    constexpr const char* names[] = {"break", "continue", "return"};
    return names[static_cast<size_t>(self.jump())];
  });

  nb::class_<InterstateEdge, ir::Element> edge(module, "InterstateEdge");
  edge.def_prop_ro("src", [](const InterstateEdge& self) { return &self.source(); })
      .def_prop_ro("dst", [](const InterstateEdge& self) { return &self.target(); });
  def_fields<InterstateEdge>(edge);
}

}  // namespace thalweg::python
