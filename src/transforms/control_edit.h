// Changing control flow: blocks that take another's place, symbols replaced in everything an element says.
#pragma once
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ir/sdfg.h"

namespace thalweg::transforms {

using Assignments = std::vector<std::pair<std::string, ir::code::Ptr>>;

// Puts the blocks of `body`, which lies inside of `block`, in the place of `block`, which goes: a chain into the region
// around, anything else as a region of its own. `before` and `behind` are assigned on the way in and out.
void replace_by_body(ir::ControlFlowBlock& block, ir::ControlFlowRegion& body, const Assignments& before = {},
                     const Assignments& behind = {});
// The same with a free block.
void replace_by_block(ir::ControlFlowBlock& block, const ir::Ref<ir::ControlFlowBlock>& by,
                      const Assignments& before = {});
// Moves the blocks of a chain, with the transitions between them, into another region; returns first and last.
std::pair<ir::ControlFlowBlock*, ir::ControlFlowBlock*> move_chain(ir::ControlFlowRegion& from,
                                                                   ir::ControlFlowRegion& to,
                                                                   const std::vector<ir::ControlFlowBlock*>& chain);
// Puts a free block behind one: all that left the block leaves the new one.
void insert_behind(ir::ControlFlowBlock& block, const ir::Ref<ir::ControlFlowBlock>& next);
// Puts a new empty state in front of a block: all that led to the block leads there. Returns the state.
ir::State& insert_before(ir::ControlFlowBlock& block, const std::string& label);
// The same behind a block: it takes over all that led on from there.
ir::State& insert_behind(ir::ControlFlowBlock& block, const std::string& label);
// The block runs where the condition holds, a copy of it where not.
void split_by_condition(ir::ControlFlowBlock& block, const ir::code::Ptr& condition);
// A label that no block of the region has.
std::string unique_label(const ir::ControlFlowRegion& region, const std::string& base);

// Replaces symbols (and, in control code, scalar containers) in what the element says: all nodes and memlets of a state;
// condition and assigned values of a transition; conditions of a conditional's branches.
void replace_symbols(ir::State& state, const symbolic::Substitution& by);
// In a block with all below it, a loop's init and condition, too; and in what lies inside a region alone. Nothing inside
// may assign one of these symbols.
void replace_symbols(ir::ControlFlowBlock& block, const symbolic::Substitution& by);
void replace_symbols_inside(ir::ControlFlowRegion& region, const symbolic::Substitution& by);
void replace_code(ir::InterstateEdge& edge, const ir::code::Replacement& by);
void replace_code(ir::ConditionalBlock& block, const ir::code::Replacement& by);
// Condition and update of a loop; its init where asked.
void replace_code(ir::LoopRegion& loop, const ir::code::Replacement& by, bool init);
void replace_init(ir::LoopRegion& loop, const ir::code::Replacement& by);

// Of symbols that were assigned: those whose last assignment went and that nothing reads are declared no longer. Declared
// on, they would be ones that the caller gives.
void forget_symbols(ir::SDFG& graph, std::set<std::string> assigned_before);

// Takes the value that flows along an edge into a tasklet's connector away: the code reads `value` instead. What was
// ordered by the edge stays ordered; access nodes and connectors of scopes that nobody uses any more go.
void replace_input(ir::State& state, ir::Edge& edge, const ir::code::Ptr& value);

}  // namespace thalweg::transforms
