#include "io/safetensors.h"

#include <algorithm>
#include <cstring>

#include "error.h"
#include "io/json.h"

namespace brevis {
namespace {

// The format's own limit on the header.
constexpr uint64_t kMaximumHeader = 100'000'000;

struct TypeName {
  const char *name;
  size_t bits;
  DataType type;
};
constexpr TypeName kTypes[] = {
    {"F32", 32, DataType::f32},   {"F16", 16, DataType::f16},      {"BF16", 16, DataType::bf16},
    {"U32", 32, DataType::u32},   {"F64", 64, DataType::other},    {"I64", 64, DataType::other},
    {"U64", 64, DataType::other}, {"I32", 32, DataType::other},    {"I16", 16, DataType::other},
    {"U16", 16, DataType::other}, {"I8", 8, DataType::other},      {"U8", 8, DataType::other},
    {"BOOL", 8, DataType::other}, {"F8_E4M3", 8, DataType::other}, {"F8_E5M2", 8, DataType::other}};

uint64_t read_little_endian_64(const uint8_t *bytes) {
  uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = value << 8 | bytes[i];
  return value;
}

// A non-negative integer member of an array, as a size.
size_t read_size(const Json &value, const std::string &where) {
  const int64_t *integer = value.integer();
  if (integer == nullptr || *integer < 0) fail_invalid(where + ": expected a size, got " + value.describe());
  return static_cast<size_t>(*integer);
}

size_t checked_byte_count(const std::vector<size_t> &shape, size_t bits, const std::string &where) {
  size_t count = bits / 8;
  for (const size_t extent : shape) {
    if (__builtin_mul_overflow(count, extent, &count))
      fail_invalid(where + ": shape " + describe_shape(shape) + " overflows");
  }
  return count;
}

Tensor read_entry(const std::string &name, const Json &entry, const uint8_t *data, size_t data_bytes,
                  const std::string &source) {
  const std::string where = source + ": tensor " + name;
  const Json *type = entry.find("dtype"), *shape = entry.find("shape"), *offsets = entry.find("data_offsets");
  if (type == nullptr || type->string() == nullptr || shape == nullptr || shape->array() == nullptr ||
      offsets == nullptr || offsets->array() == nullptr || offsets->array()->size() != 2) {
    fail_invalid(where + ": expected dtype, shape and two data_offsets");
  }
  const auto known = std::find_if(std::begin(kTypes), std::end(kTypes),
                                  [&](const TypeName &entry_type) { return *type->string() == entry_type.name; });
  if (known == std::end(kTypes)) fail_invalid(where + ": unknown dtype " + type->describe());
  Tensor tensor;
  tensor.name = name;
  tensor.type = known->type;
  if (shape->array()->size() > 8) fail_invalid(where + ": expected at most 8 dimensions");
  for (const Json &extent : *shape->array()) tensor.shape.push_back(read_size(extent, where + ": shape"));
  const size_t begin = read_size((*offsets->array())[0], where + ": data_offsets");
  const size_t end = read_size((*offsets->array())[1], where + ": data_offsets");
  if (begin > end || end > data_bytes) {
    fail_invalid(where + ": data_offsets [" + std::to_string(begin) + ", " + std::to_string(end) +
                 "] leave the file's " + std::to_string(data_bytes) + " data bytes (is the file truncated?)");
  }
  tensor.byte_count = checked_byte_count(tensor.shape, known->bits, where);
  if (tensor.byte_count != end - begin) {
    fail_invalid(where + ": " + *type->string() + " " + describe_shape(tensor.shape) + " needs " +
                 std::to_string(tensor.byte_count) + " bytes, but data_offsets span " + std::to_string(end - begin));
  }
  tensor.data = data + begin;
  return tensor;
}

// The format allows neither overlaps nor gaps, nor bytes after the last tensor.
void check_coverage(std::vector<Tensor> &tensors, const uint8_t *data, size_t data_bytes, const std::string &source) {
  std::sort(tensors.begin(), tensors.end(), [](const Tensor &a, const Tensor &b) {
    return a.data != b.data ? a.data < b.data : a.byte_count < b.byte_count;
  });
  size_t covered = 0;
  for (const Tensor &tensor : tensors) {
    const size_t begin = static_cast<size_t>(tensor.data - data);
    if (begin != covered) {
      fail_invalid(source + ": tensor " + tensor.name + ": expected data at offset " + std::to_string(covered) +
                   ", got " + std::to_string(begin) + (begin < covered ? " (overlap)" : " (gap)"));
    }
    covered += tensor.byte_count;
  }
  if (covered != data_bytes) {
    fail_invalid(source + ": expected " + std::to_string(covered) + " data bytes, got " + std::to_string(data_bytes));
  }
}

}  // namespace

const char *name_of(DataType type) {
  switch (type) {
    case DataType::f32:
      return "F32";
    case DataType::f16:
      return "F16";
    case DataType::bf16:
      return "BF16";
    case DataType::u32:
      return "U32";
    case DataType::other:
      break;
  }
  return "another type";
}

std::string describe_shape(const std::vector<size_t> &shape) {
  std::string out = "[";
  for (const size_t extent : shape) out += (out.size() > 1 ? ", " : "") + std::to_string(extent);
  return out + "]";
}

size_t Tensor::element_count() const {
  size_t count = 1;
  for (const size_t extent : shape) count *= extent;
  return count;
}

std::string Tensor::describe() const {
  return (file != nullptr ? file->path() + ": " : std::string()) + "tensor " + name + " (" + name_of(type) + " " +
         describe_shape(shape) + ")";
}

std::vector<Tensor> read_safetensors(const uint8_t *bytes, size_t byte_count, const std::string &source) {
  if (byte_count < 8) fail_invalid(source + ": expected at least 8 bytes, got " + std::to_string(byte_count));
  const uint64_t header_size = read_little_endian_64(bytes);
  if (header_size > kMaximumHeader || header_size > byte_count - 8) {
    fail_invalid(source + ": header of " + std::to_string(header_size) + " bytes does not fit the file of " +
                 std::to_string(byte_count) + " bytes");
  }
  const std::string_view header(reinterpret_cast<const char *>(bytes) + 8, header_size);
  const Json document = Json::parse(header, source);
  if (document.object() == nullptr)
    fail_invalid(source + ": expected a JSON object as header, got " + document.describe());
  const uint8_t *data = bytes + 8 + header_size;
  const size_t data_bytes = byte_count - 8 - header_size;
  std::vector<Tensor> tensors;
  for (const auto &[name, entry] : *document.object()) {
    if (name != "__metadata__") tensors.push_back(read_entry(name, entry, data, data_bytes, source));
  }
  check_coverage(tensors, data, data_bytes, source);
  return tensors;
}

void TensorFiles::add_file(const std::string &path) {
  auto file = std::make_unique<MappedFile>(path);
  for (Tensor &tensor : read_safetensors(file->data(), file->size(), path)) {
    tensor.file = file.get();
    const auto [existing, added] = tensors_.emplace(tensor.name, tensor);
    if (!added) fail_invalid(path + ": tensor " + tensor.name + " is in " + existing->second.file->path() + " too");
  }
  files_.push_back(std::move(file));
}

void TensorFiles::add_model_directory(const std::string &directory) {
  directory_ = directory;
  const std::string index_path = directory + "/model.safetensors.index.json";
  std::string text;
  try {
    text = read_text_file(index_path, kMaximumHeader);
  } catch (const EngineError &error) {
    if (error.status() != BRV_ERROR_NOT_FOUND) throw;
    add_file(directory + "/model.safetensors");
    return;
  }
  const Json index = Json::parse(text, index_path);
  const Json *map = index.find("weight_map");
  if (map == nullptr || map->object() == nullptr) fail_invalid(index_path + ": expected an object \"weight_map\"");
  std::map<std::string, std::string> shard_of_tensor;
  std::vector<std::string> shards;
  for (const auto &[name, shard] : *map->object()) {
    if (shard.string() == nullptr || shard.string()->empty() || shard.string()->find('/') != std::string::npos) {
      fail_invalid(index_path + ": tensor " + name + ": expected a file name, got " + shard.describe());
    }
    shard_of_tensor[name] = directory + "/" + *shard.string();
    if (std::find(shards.begin(), shards.end(), *shard.string()) == shards.end()) shards.push_back(*shard.string());
  }
  for (const std::string &shard : shards) add_file(directory + "/" + shard);
  check_index(shard_of_tensor, index_path);
}

void TensorFiles::check_index(const std::map<std::string, std::string> &shard_of_tensor,
                              const std::string &index_path) const {
  for (const auto &[name, path] : shard_of_tensor) {
    const Tensor *tensor = find(name);
    if (tensor == nullptr || tensor->file->path() != path) {
      fail_invalid(index_path + ": expected tensor " + name + " in " + path + ", but it is not there");
    }
  }
}

const Tensor *TensorFiles::find(std::string_view name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? nullptr : &found->second;
}

const Tensor &TensorFiles::require(std::string_view name, const std::vector<size_t> &shape) const {
  const Tensor *tensor = find(name);
  if (tensor == nullptr) fail_invalid(directory_ + ": expected a tensor " + std::string(name) + ", but no file has it");
  if (tensor->shape != shape) fail_invalid(tensor->describe() + ": expected shape " + describe_shape(shape));
  return *tensor;
}

void TensorFiles::check_unchanged() const {
  for (const auto &file : files_) file->check_unchanged();
}

}  // namespace brevis
