#include "ir/dtype.h"

#include "base/registry.h"

namespace thalweg::ir {

namespace {

base::Registry<DTypeRow>& table() {
  using enum DTypeKind;
  static base::Registry<DTypeRow>& rows = *[] {
    auto* made = new base::Registry<DTypeRow>;  // lives as long as the process, like the constants in dtype.h
    for (DTypeRow row : {
             DTypeRow{"bool", boolean, 1, false, "b8", "uint8_t"},
             {"int8", integer, 1, false, "i8", "int8_t"},
             {"int16", integer, 2, false, "i16", "int16_t"},
             {"int32", integer, 4, false, "i32", "int32_t"},
             {"int64", integer, 8, false, "i64", "int64_t"},
             {"uint8", unsigned_integer, 1, false, "u8", "uint8_t"},
             {"uint16", unsigned_integer, 2, false, "u16", "uint16_t"},
             {"uint32", unsigned_integer, 4, false, "u32", "uint32_t"},
             {"uint64", unsigned_integer, 8, false, "u64", "uint64_t"},
             {"float16", floating, 2, false, "f16", "_Float16"},
             {"float32", floating, 4, false, "f32", "float"},
             {"float64", floating, 8, false, "f64", "double"},
             {"complex64", complex, 8, false, "c64", "thw_c64"},
             {"complex128", complex, 16, false, "c128", "thw_c128"},
             {"pybool", boolean, 1, true, "b8", "uint8_t"},
             {"pyint", integer, 8, true, "py", "int64_t"},
             {"pyfloat", floating, 8, true, "f64", "double"},
             {"pycomplex", complex, 16, true, "c128", "thw_c128"},
         })
      made->add(std::move(row));
    return made;
  }();
  return rows;
}

}  // namespace

const DTypeRow& DType::row() const { return table().row(id); }

std::optional<DType> find_dtype(std::string_view name) {
  auto id = table().find(name);
  return id ? std::optional(DType{*id}) : std::nullopt;
}

}  // namespace thalweg::ir
