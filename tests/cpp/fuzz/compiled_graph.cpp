#include "compiled_graph.h"

#include <cstdlib>
#include <cstring>

#include "emit/emit.h"

namespace thalweg::tests {

namespace {

thread_local std::vector<std::string>* calls_of_run = nullptr;

interpret::ArrayRef array_of(const thw_array& array) {
  interpret::ArrayRef out;
  out.dtype.id = static_cast<uint16_t>(array.dtype);
  out.data = array.data;
  for (int64_t d = 0; d < array.rank; ++d) {
    out.shape.push_back(array.shape[d]);
    out.strides.push_back(array.strides[d] / out.dtype.bytes());
  }
  return out;
}

int32_t call_stand_in(thw_context*, int32_t function, const thw_array* inputs, int32_t input_count, thw_array* outputs,
                      int32_t output_count) {
  std::vector<interpret::ArrayRef> in, out;
  for (int32_t k = 0; k < input_count; ++k) in.push_back(array_of(inputs[k]));
  for (int32_t k = 0; k < output_count; ++k) out.push_back(array_of(outputs[k]));
  return verify::stand_in(*calls_of_run, function, in, out).ok() ? 0 : 1;
}

verify::Seen::Value value_of(const lower::Program::Result& result, const thw_array& array) {
  verify::Seen::Value value{result.kind, result.dtype, {}, {}};
  if (result.kind == ir::ReturnValue::Kind::none) return value;
  if (result.kind == ir::ReturnValue::Kind::symbol) value.dtype = ir::dtypes::int64;
  const auto item = static_cast<size_t>(value.dtype.bytes());
  const auto* data = static_cast<const std::byte*>(array.data);
  if (array.rank < 0) data = reinterpret_cast<const std::byte*>(array.shape);
  int64_t count = 1;
  for (int64_t d = 0; d < array.rank; ++d) {
    value.shape.push_back(array.shape[d]);
    count *= array.shape[d];
  }
  for (int64_t flat = 0; flat < count; ++flat) {
    int64_t rest = flat, at = 0;
    for (int64_t d = array.rank; d-- > 0; rest /= array.shape[d]) at += rest % array.shape[d] * array.strides[d];
    value.bytes.insert(value.bytes.end(), data + at, data + at + item);
  }
  return value;
}

}  // namespace

base::Result<std::unique_ptr<CompiledGraph>> CompiledGraph::make(const ir::SDFG& graph, const lower::Options& options) {
  auto made = std::make_unique<CompiledGraph>();
  TW_TRY(made->program_, lower::lower(graph, options));
  made->c_text_ = emit::emit_c(made->program_);
  jit::Source source{"fuzz.c", made->c_text_};
  TW_TRY(jit::CompiledObject object, jit::compile({&source, 1}, {.threads = 1}));
  TW_TRY(made->code_, jit::load(object.bytes));
  made->entry_ = made->code_.function<int32_t(thw_context*, const thw_call*)>("thw_entry");
  TW_CHECK(made->entry_, "no entry");
  return made;
}

verify::Seen CompiledGraph::run(const verify::Inputs& inputs, int threads) {
  verify::Seen seen;
  seen.blocks = inputs.blocks;
  std::vector<void*> data;
  for (const std::string& name : program_.signature.data) {
    const verify::Place& place = inputs.places.at(name);
    data.push_back(seen.blocks[place.block].data() + place.offset);
  }
  std::vector<int64_t> symbols;
  for (const std::string& name : program_.signature.symbols) symbols.push_back(inputs.symbols.at(name));
  std::vector<thw_array> results(program_.signature.results.size() + 1);
  thw_call call{data.data(), symbols.data(), results.data()};
  thw_runtime runtime = *thw_default_runtime();
  runtime.callback = call_stand_in;
  thw_context context{};
  thw_context_init(&context, &runtime);
  context.threads = threads;
  calls_of_run = &seen.calls;
  if (entry_(&context, &call) != 0) {
    seen.raised = true;
    seen.kind = base::ErrorKind::value;
    if (context.site >= 0) {
      const lower::RaiseSite& site = program_.signature.raise_sites.at(static_cast<size_t>(context.site));
      seen.kind = site.kind;
      seen.message = site.message;
    }
  }
  for (size_t k = 0; k < program_.signature.results.size(); ++k) {
    const lower::Program::Result& result = program_.signature.results[k];
    if (!seen.raised) seen.returned.push_back(value_of(result, results[k]));
    auto buffer = program_.buffers.find(result.name);
    const bool fresh = buffer != program_.buffers.end() && buffer->second.home == lower::Home::result;
    if (fresh && results[k].rank >= 0) std::free(results[k].data);
  }
  return seen;
}

}  // namespace thalweg::tests
