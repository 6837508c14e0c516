// The safetensors format: 8 bytes of header size (little-endian), a JSON header, then the tensors' bytes without gaps.
// https://github.com/huggingface/safetensors (format description in its README).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/mapped_file.h"

namespace brevis {

enum class DataType { f32, f16, bf16, u32, other };

const char *name_of(DataType type);

struct Tensor {
  std::string name;
  DataType type = DataType::other;
  std::vector<size_t> shape;
  const uint8_t *data = nullptr;  // in the mapping of `file`, of any alignment
  size_t byte_count = 0;
  const MappedFile *file = nullptr;

  size_t element_count() const;
  // "model.safetensors: tensor model.norm.weight (F32 [64])", the start of every message about a tensor.
  std::string describe() const;
};

std::string describe_shape(const std::vector<size_t> &shape);

// Checks a header against the byte count of the whole file and gives its tensors, whose data point into `bytes`.
// Needs no file, so that a fuzzer can call it; `source` names the document in messages.
std::vector<Tensor> read_safetensors(const uint8_t *bytes, size_t byte_count, const std::string &source);

// All tensors of a model or adapter directory, by name.
class TensorFiles {
 public:
  // Adds one file; a tensor that an earlier file holds too is refused.
  void add_file(const std::string &path);
  // Adds model.safetensors, or the shards that model.safetensors.index.json lists.
  void add_model_directory(const std::string &directory);

  // The tensor, or null.
  const Tensor *find(std::string_view name) const;
  // The tensor of this shape; throws with both shapes where it differs or is missing.
  const Tensor &require(std::string_view name, const std::vector<size_t> &shape) const;
  const std::map<std::string, Tensor, std::less<>> &tensors() const { return tensors_; }

  void check_unchanged() const;

 private:
  void check_index(const std::map<std::string, std::string> &shard_of_tensor, const std::string &index_path) const;

  std::vector<std::unique_ptr<MappedFile>> files_;
  std::map<std::string, Tensor, std::less<>> tensors_;
  std::string directory_;
};

}  // namespace brevis
