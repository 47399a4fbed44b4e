#include "verify/oracle.h"

#include <cstdlib>
#include <fstream>

#include "ir/verify.h"
#include "text/text.h"
#include "transforms/registry.h"
#include "verify/cutout.h"

namespace thalweg::verify {

namespace {

// Writes the file; its path, or "" when that does not work.
std::string save(const std::string& folder, const std::string& name, const std::string& text) {
  if (folder.empty()) return "";
  const std::string path = folder + "/" + name;
  std::ofstream file(path);
  file << text;
  return file.flush() ? path : "";
}

}  // namespace

const ir::SDFG& outermost(const ir::SDFG& graph) {
  const ir::SDFG* at = &graph;
  while (at->parent_node() && at->parent_node()->state() && at->parent_node()->state()->sdfg())
    at = at->parent_node()->state()->sdfg();
  return *at;
}

bool verify_mode() {
  const char* value = std::getenv("THALWEG_VERIFY");
  return value && std::string_view(value) != "" && std::string_view(value) != "0" && std::string_view(value) != "off";
}

bool verifies_order_only() {
  const char* value = std::getenv("THALWEG_VERIFY");
  return value && std::string_view(value) == "order";
}

std::string InterpreterOracle::default_folder() {
  const char* folder = std::getenv("THALWEG_VERIFY_DIR");
  return folder && *folder ? folder : ".";
}

InterpreterOracle::InterpreterOracle(std::string folder, size_t most_inputs)
    : folder_(std::move(folder)), most_inputs_(most_inputs) {}

void InterpreterOracle::before(const ir::SDFG& graph, const rewrite::Application& application) {
  order_.before(graph, application);
  auto& root = const_cast<ir::SDFG&>(outermost(graph));
  if (root_ != &root) {
    root_ = &root;
    inputs_ = generate_inputs(root, most_inputs_);
    version_ = 0;
  }
  text_before_ = text::print(root, {.locations = true});
  if (version_ == root.log()->version() && version_ != 0) return;
  seen_.clear();
  for (const Inputs& inputs : inputs_) seen_.push_back(run(root, inputs, 0));
  version_ = root.log()->version();
  tolerance_ = tolerance_of(root);
}

base::Status InterpreterOracle::after(const ir::SDFG& graph, const rewrite::Application& application) {
  auto& root = const_cast<ir::SDFG&>(outermost(graph));
  ++applications_;
  if (inputs_.empty())
    if (auto status = ir::verify(root); !status) return guilty(root, application, nullptr, status.error().message);
  for (size_t k = 0; k < inputs_.size(); ++k) {
    if (seen_[k].broken()) continue;
    ++runs_;
    std::string what = changed(root, inputs_[k], seen_[k], tolerance_);
    if (!what.empty()) return guilty(root, application, &inputs_[k], what);
  }
  TW_TRY_VOID(order_.after(graph, application));  // what no drawn order has shown
  // What an application left behind is what the next one starts from: runs in order give the same, so they are kept.
  version_ = root.log()->version();
  return base::success();
}

base::Diagnostic InterpreterOracle::guilty(const ir::SDFG& root, const rewrite::Application& application,
                                           const Inputs* inputs, const std::string& what) {
  base::Diagnostic error;
  error.code = "TW2005";
  error.kind = base::ErrorKind::internal;
  error.message =
      application.transformation + " at " + application.place + " changed what the program computes: " + what;
  if (!application.location.empty()) error.span = application.location.front();
  for (size_t k = 1; k < application.location.size() && k <= 3; ++k)
    error.notes.emplace_back("and here", application.location[k]);
  const rewrite::Transformation* transformation = transforms::find_transformation(application.transformation);
  auto before = text::parse(text_before_);
  if (!inputs || !before) return error;
  CutOut cutout{application.transformation, application.place, what, *inputs, *before};
  if (transformation && first_guilty(**before, *transformation, *inputs)) {
    cutout.graph = cut_out(**before, *transformation, *inputs);
    if (auto smaller = first_guilty(*cutout.graph, *transformation, *inputs)) {
      cutout.place = smaller->place;
      cutout.what = smaller->what;
    }
  }
  cutout_ = to_text(cutout);
  const std::string path = save(folder_, root.get().name + "." + application.transformation + ".cutout", cutout_);
  if (!path.empty()) error.fix = "report it with the file " + path + " (thalweg replay shows it again)";
  return error;
}

}  // namespace thalweg::verify
