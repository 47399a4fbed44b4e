// Calls and reductions as C text: other functions of the program, BLAS, Python, results, the lane tree.
#include "emit/function_writer.h"
#include "lower/walk.h"

namespace thalweg::emit {

using lower::Parameter;
using lower::Reduce;
using symbolic::Expr;

void FunctionWriter::write(const lower::Invoke& s) {
  const lower::Function& callee = program_.functions[s.function];
  std::string arguments;
  for (size_t k = 0; k < s.arguments.size(); ++k) {
    bool inout = callee.parameters[k].kind == Parameter::Kind::inout && !dialect_.cplusplus;
    arguments += (arguments.empty() ? "" : ", ") + std::string(inout ? "&" : "") + s.arguments[k];
  }
  std::string begin = index_text(s.begin).text, end = index_text(s.end).text;
  std::string call = callee.name + "(" + (callee.uses_context ? "context" : "");
  auto append = [&](const std::string& more) {
    if (!more.empty()) call += (call.back() == '(' ? "" : ", ") + more;
  };
  if (s.ranged) append(begin + ", " + end);
  append(arguments);
  call += ");";
  if (s.parallel && dialect_.cplusplus) {
    // A region is worth its threads from `threshold` operations on: fewer make one part.
    std::string grain = estimate_text(s.work).text;
    std::string body = callee.name + "(" + (callee.uses_context ? "context, " : "") + "begin, end" +
                       (arguments.empty() ? "" : ", " + arguments) + ");";
    out_.line("thalweg::parallel_for(context, " + begin + ", " + end + ", thw_grain(" + grain +
              "), [&](int64_t begin, int64_t end) {");
    out_.line("  " + body);
    out_.line("});");
  } else if (s.parallel) {
    Text work = estimate_text(s.work);
    out_.open("if (" + estimate_text(s.end - s.begin).at(precedence_mul) + " * " + work.at(precedence_unary) + " < " +
              std::to_string(s.threshold) + ".0) {");
    out_.line(call);
    out_.close("} else {");
    out_.indent();
    std::string pointer = "0";
    if (!arguments.empty()) {
      out_.line("struct " + callee.name + "_arguments arguments = {" + arguments + "};");
      pointer = "&arguments";
    }
    out_.line("context->runtime->parallel_for(context, " + begin + ", " + end + ", thw_grain(" + work.text + "), " +
              callee.name + "_part, " + pointer + ");");
    out_.close();
  } else {
    out_.line(call);
  }
  if (callee.may_stop || s.parallel) out_.line("if (__builtin_expect(context->stop != 0, 0)) " + stop_text());
}

void FunctionWriter::write(const lower::MatMul& s) {
  const std::string suffix(s.dtype.row().suffix);
  auto operand = [&](const lower::MatMul::Operand& o) {
    bool variable = program_.variables.contains(o.buffer);
    return (variable ? "&" + o.buffer : address_text(o.buffer, o.index)) + ", " + index_text(o.row).text + ", " +
           index_text(o.column).text;
  };
  const std::string extents = s.solves
                                  ? index_text(s.k).text + ", " + index_text(s.n).text
                                  : index_text(s.m).text + ", " + index_text(s.n).text + ", " + index_text(s.k).text;
  out_.line(std::string("context->runtime->") + (s.solves ? "solve_" : "matmul_") + suffix + "(context, " + extents +
            ", " + operand(s.a) + ", " + operand(s.b) + ", " + operand(s.c) + ");");
}

void FunctionWriter::write(const lower::Callback& s) {
  auto fill = [&](const std::string& array, const std::vector<lower::Callback::Operand>& operands) {
    out_.line("thw_array " + array + "[" + std::to_string(std::max<size_t>(operands.size(), 1)) + "] = {{0}};");
    for (size_t k = 0; k < operands.size(); ++k) {
      const auto& operand = operands[k];
      std::string at = array + "[" + std::to_string(k) + "].";
      bool variable = program_.variables.contains(operand.name);
      std::string address = variable ? "&" + operand.name : address_text(operand.name, operand.index);
      out_.line(at + "data = (void*)(" + address + ");");
      out_.line(at + "rank = " + std::to_string(operand.shape.size()) + ";");
      out_.line(at + "dtype = " + std::to_string(operand.dtype.id) + ";");
      for (size_t d = 0; d < operand.shape.size(); ++d) {
        std::string dim = "[" + std::to_string(d) + "] = ";
        out_.line(at + "shape" + dim + index_text(operand.shape[d]).text + ";");
        out_.line(at + "strides" + dim + index_text(operand.strides[d] * operand.dtype.bytes()).text + ";");
      }
    }
  };
  auto block = out_.block("{");
  fill("inputs", s.inputs);
  fill("outputs", s.outputs);
  out_.line("if (context->runtime->callback(context, " + std::to_string(s.function) + ", inputs, " +
            std::to_string(s.inputs.size()) + ", outputs, " + std::to_string(s.outputs.size()) + ")) " + stop_text());
}

void FunctionWriter::write(const lower::SetResult& s) {
  const auto& result = program_.signature.results[s.index];
  std::string at = (dialect_.cplusplus ? "results[" : "call->results[") + std::to_string(s.index) + "].";
  if (result.kind == ir::ReturnValue::Kind::none) return;
  if (result.in_shape) {
    auto block = out_.block("{");
    std::string type = result.dtype.row().c_name, value;
    if (result.kind == ir::ReturnValue::Kind::symbol)
      value = index_text(result.expr).text;
    else
      value = program_.variables.contains(result.name) ? result.name : element_text(result.name, result.index).text;
    out_.line("const " + type + " value = " + value + ";");
    out_.line(at + "rank = -1;");
    out_.line("__builtin_memcpy(" + at + "shape, &value, sizeof value);");
    return;
  }
  out_.line(at + "data = " + (dialect_.cplusplus ? "(void*)(" : "") + address_text(result.name, result.index) +
            (dialect_.cplusplus ? ");" : ";"));
  out_.line(at + "rank = " + std::to_string(result.shape.size()) + ";");
  for (size_t d = 0; d < result.shape.size(); ++d) {
    std::string dim = "[" + std::to_string(d) + "] = ";
    out_.line(at + "shape" + dim + index_text(result.shape[d]).text + ";");
    out_.line(at + "strides" + dim + index_text(result.strides[d] * result.dtype.bytes()).text + ";");
  }
}

// ------------------------------------------------------------------------------------------- reductions
namespace {

// The name in reduce.h: of whole arrays, and of blocks and trees.
struct ReduceNames {
  const char *whole, *block;
  bool tree;
  const char* less;
};
ReduceNames reduce_names(ir::Wcr wcr) {
  switch (wcr) {
    case ir::Wcr::product: return {"prod", "prod", true, ""};
    case ir::Wcr::min: return {"minimum", "min", false, " < "};
    case ir::Wcr::max: return {"maximum", "max", false, " > "};
    default: return {"sum", "sum", true, ""};
  }
}

}  // namespace

std::string FunctionWriter::target_text(const Reduce& s) const {
  return program_.buffers.contains(s.target) ? element_text(s.target, s.index).text : s.target;
}

void FunctionWriter::write(const Reduce& s) {
  if (s.chunks) return reduce_chunks(s);
  ReduceNames names = reduce_names(s.operation);
  std::string suffix = s.dtype.row().suffix;
  // One axis over a plain load: the runtime's function reads the array itself.
  if (s.axes.size() == 1 && s.value->op == ir::code::Op::element && program_.buffers.contains(s.value->name)) {
    const std::string& i = s.axes[0].variable;
    lower::Ptr at = lower::linear_index(buffer(s.value->name), s.value->args);
    if (const Expr* plain = lower::plain_index(at)) {
      Expr first = symbolic::substitute(*plain, {{i, Expr(0)}});
      Expr stride = symbolic::substitute(*plain, {{i, Expr(1)}}) - first;
      if (first + stride * Expr::symbol(i) == *plain) {
        std::string from = first.is(0) ? s.value->name : s.value->name + " + " + index_text(first).at(precedence_mul);
        out_.line(target_text(s) + " = thw_" + names.whole + "_" + suffix + "(" + from + ", " +
                  index_text(s.axes[0].extent).text + ", " + index_text(stride).text + ");");
        return;
      }
    }
  }
  reduce_blocks(s);
}

// Elements are computed into a block that stays in the first cache, block by block.
void FunctionWriter::reduce_blocks(const Reduce& s) {
  ReduceNames names = reduce_names(s.operation);
  std::string suffix = s.dtype.row().suffix, type = s.dtype.row().c_name;
  bool complex = s.dtype.is_complex();
  std::string part = s.dtype.bytes() == (complex ? 8 : 4) ? "f32" : "f64";
  int block = complex ? 256 : 512;
  std::string size = std::to_string(block);
  auto scope = out_.block("{");
  if (complex)
    out_.line("thw_tree_" + part + " re, im;");
  else
    out_.line(names.tree ? "thw_tree_" + suffix + " tree;" : type + " best = 0;");
  if (names.tree) out_.line(complex ? "re.count = im.count = 0;" : "tree.count = 0;");
  out_.line("__attribute__((aligned(64))) " + type + " block[" + size + "];");
  if (!names.tree) out_.line("int32_t first = 1;");
  if (s.axes.size() == 1) {
    const auto& axis = s.axes[0];
    const std::string& i = axis.variable;
    std::string start = i + "_block", stop = i + "_stop", end = index_text(axis.extent).text;
    out_.open("for (int64_t " + start + " = 0; " + start + " < " + index_text(axis.extent).at(precedence_shift) + "; " +
              start + " += " + size + ") {");
    out_.line("const int64_t " + stop + " = " + index_text(axis.extent).at(precedence_add) + " - " + start + " < " +
              size + " ? " + end + " : " + start + " + " + size + ";");
    auto rows_before = rows_;
    lower::Body filling{{lower::Store{s.target, s.index, s.value}}};
    open_rows(filling, i);
    out_.line("for (int64_t " + i + " = " + start + "; " + i + " < " + stop + "; ++" + i + ") block[" + i + " - " +
              start + "] = " + text(s.value).text + ";");
    rows_ = std::move(rows_before);
    varying_.clear();
    push_block(s, stop + " - " + start);
    out_.close();
  } else {
    out_.line("int64_t filled = 0;");
    for (const auto& axis : s.axes)
      out_.open("for (int64_t " + axis.variable + " = 0; " + axis.variable + " < " +
                index_text(axis.extent).at(precedence_shift) + "; ++" + axis.variable + ") {");
    out_.line("block[filled++] = " + text(s.value).text + ";");
    out_.open("if (filled == " + size + ") {");
    push_block(s, size);
    out_.line("filled = 0;");
    out_.close();
    for (size_t k = 0; k < s.axes.size(); ++k) out_.close();
    out_.open("if (filled > 0) {");
    push_block(s, "filled");
    out_.close();
  }
  if (complex)
    out_.line(target_text(s) + " = thw_make_" + suffix + "(thw_sum_finish_" + part + "(&re), thw_sum_finish_" + part +
              "(&im));");
  else
    out_.line(target_text(s) + " = " +
              (names.tree ? "thw_" + std::string(names.block) + "_finish_" + suffix + "(&tree);" : "best;"));
}

void FunctionWriter::push_block(const Reduce& s, const std::string& size) {
  ReduceNames names = reduce_names(s.operation);
  std::string suffix = s.dtype.row().suffix, type = s.dtype.row().c_name, name = names.block;
  if (s.dtype.is_complex()) {
    std::string part = suffix == "c64" ? "f32" : "f64", real = suffix == "c64" ? "float" : "double";
    out_.line(real + " pair[2];");
    out_.line("thw_sum_pair_" + part + "((const " + real + "*)block, 2 * (" + size + "), pair);");
    out_.line("thw_sum_push_" + part + "(&re, pair[0], 0);");
    out_.line("thw_sum_push_" + part + "(&im, pair[1], 0);");
    return;
  }
  std::string result = "thw_" + name + "_block_" + suffix + "(block, " + size + ")";
  if (names.tree) {
    out_.line("thw_" + name + "_push_" + suffix + "(&tree, " + result + ", 0);");
    return;
  }
  // The first NaN stays; where zeros of both signs tie the earlier block wins.
  out_.line("const " + type + " part = " + result + ";");
  out_.line("if (best == best) best = first || part != part || part" + std::string(names.less) + "best ? part : best;");
  out_.line("first = 0;");
}

void FunctionWriter::reduce_chunks(const Reduce& s) {
  ReduceNames names = reduce_names(s.operation);
  std::string suffix = s.dtype.row().suffix, count = index_text(s.axes[0].extent).text;
  std::string from = s.value->name;
  if (names.tree && !s.dtype.is_complex()) {
    out_.line(target_text(s) + " = thw_" + std::string(names.block) + "_chunks_" + suffix + "(" + from + ", " + count +
              ");");
    return;
  }
  auto scope = out_.block("{");
  std::string type = s.dtype.row().c_name;
  out_.line(type + " best = " + from + "[0];");
  out_.line("for (int64_t chunk = 1; chunk < " + count + "; ++chunk)");
  out_.line("  if (best == best) best = " + from + "[chunk] != " + from + "[chunk] || " + from + "[chunk]" +
            std::string(names.less) + "best ? " + from + "[chunk] : best;");
  out_.line(target_text(s) + " = best;");
}

}  // namespace thalweg::emit
