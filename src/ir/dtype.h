// Element types: NumPy's, and Python's own scalars, which are types of their own (weak in promotion, ints that
// raise OverflowError where 64 bits end instead of wrapping). Rows of a table; DType is a row's id.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace thalweg::ir {

enum class DTypeKind : uint8_t { boolean, integer, unsigned_integer, floating, complex };

struct DTypeRow {
  std::string name;  // "float64"; Python's own: "pybool" "pyint" "pyfloat" "pycomplex"
  DTypeKind kind;
  uint8_t bytes;
  bool python = false;  // one of Python's scalars: Python's operators and exceptions, weak in promotion
  std::string
      suffix;  // of the runtime's functions: thw_floor_div_<suffix>; Python's: "py" for pyint, else the plain one
  std::string c_name;  // "double", "int64_t", "thw_c128"; booleans are stored as uint8_t 0/1
};

struct DType {
  uint16_t id = 0;
  const DTypeRow& row() const;
  const std::string& name() const { return row().name; }
  DTypeKind kind() const { return row().kind; }
  int bytes() const { return row().bytes; }
  bool python() const { return row().python; }
  bool is_bool() const { return kind() == DTypeKind::boolean; }
  bool is_integer() const { return kind() == DTypeKind::integer || kind() == DTypeKind::unsigned_integer; }
  bool is_unsigned() const { return kind() == DTypeKind::unsigned_integer; }
  bool is_float() const { return kind() == DTypeKind::floating; }
  bool is_complex() const { return kind() == DTypeKind::complex; }
  friend bool operator==(DType, DType) = default;
  friend auto operator<=>(DType, DType) = default;
};

std::optional<DType> find_dtype(std::string_view name);

namespace dtypes {
inline constexpr DType bool_{0}, int8{1}, int16{2}, int32{3}, int64{4}, uint8{5}, uint16{6}, uint32{7}, uint64{8},
    float16{9}, float32{10}, float64{11}, complex64{12}, complex128{13}, pybool{14}, pyint{15}, pyfloat{16},
    pycomplex{17};
}  // namespace dtypes

}  // namespace thalweg::ir
