// Places that use a symbol or scalar whose value may be known, and putting the value there: what constant and symbol
// propagation share.
#pragma once
#include <memory>

#include "transforms/control_values.h"

namespace thalweg::transforms {

struct ValueSite {
  enum class Kind : uint8_t { state, transition, branches, loop, loop_init, access } kind;
  ir::Ref<ir::Element> element;
  std::string name;
  std::shared_ptr<ControlValues> values;
};
std::vector<ValueSite> value_sites(ir::SDFG& graph, const std::shared_ptr<ControlValues>& values);
bool value_site_present(const ValueSite& site);
std::string describe(const ValueSite& site);

struct Replacing {
  ir::code::Ptr value;
  std::vector<ir::Edge*> inputs;  // of tasklets, where a scalar's access node is the site
};
// What to put there; or why nothing.
std::variant<Replacing, std::string> replacing(ir::SDFG& graph, const ValueSite& site);
void replace_value(const ValueSite& site, const Replacing& with);
// Does the layout of a container depend on the symbol? Its memory is another one wherever the symbol is assigned.
bool is_extent(const ir::SDFG& graph, const std::string& name);

}  // namespace thalweg::transforms
