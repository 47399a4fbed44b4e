// The rows of math.h's lists twice, in one order: as C text and as addresses.
#include "thalweg/external_math.h"

#include <vector>

#include "thalweg/math.h"

namespace thalweg::runtime {
namespace {

struct Row {
  const char *type, *name;
  int arguments;
  void* address;
};

const std::vector<Row>& rows() {
  static const std::vector<Row> all{
#define ROW_1(N)                                                                        \
  {"double", #N, 1, reinterpret_cast<void*>(static_cast<double (*)(double)>(thw_##N))}, \
      {"float", #N "f", 1, reinterpret_cast<void*>(static_cast<float (*)(float)>(thw_##N##f))},
#define ROW_2(N)                                                                                \
  {"double", #N, 2, reinterpret_cast<void*>(static_cast<double (*)(double, double)>(thw_##N))}, \
      {"float", #N "f", 2, reinterpret_cast<void*>(static_cast<float (*)(float, float)>(thw_##N##f))},
      THW_VECTOR_MATH_1(ROW_1) THW_VECTOR_MATH_2(ROW_2)
#undef ROW_1
#undef ROW_2
  };
  return all;
}

}  // namespace

std::string external_math_text() {
  std::string text = "\nvoid* thw_external_math[" + std::to_string(rows().size()) + "];\n";
  int index = 0;
  for (const Row& row : rows()) {
    const std::string type = row.type, slot = "thw_external_math[" + std::to_string(index++) + "]";
    const bool two = row.arguments == 2;
    const std::string types = type + (two ? ", " + type : "");
    text += type + " thw_" + row.name + "(" + type + " x" + (two ? ", " + type + " y" : "") + ") { return ((" + type +
            " (*)(" + types + "))" + slot + ")(x" + (two ? ", y" : "") + "); }\n";
  }
  return text;
}

void bind_external_math(void** table) {
  for (const Row& row : rows()) *table++ = row.address;
}

}  // namespace thalweg::runtime
