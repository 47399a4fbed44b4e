// The classes of scipy.sparse that programs take: three formats, each as csr_array and as csr_matrix.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace thalweg::frontend {

struct SparseClass {
  enum class Format : uint8_t { csr, csc, coo } format = Format::csr;
  bool is_array = true;  // csr_array; else csr_matrix
  std::string name() const;
  // The attributes of the arrays that such a matrix is made of; the data come first.
  std::array<std::string_view, 3> part_names() const;
  SparseClass transposed() const;
  friend bool operator==(const SparseClass&, const SparseClass&) = default;
};

inline constexpr size_t kSparseParts = 3;

std::optional<SparseClass> find_sparse_class(std::string_view name);

}  // namespace thalweg::frontend
