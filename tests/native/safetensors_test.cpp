#include "io/safetensors.h"

#include <algorithm>

#include "check.h"
#include "error.h"
#include "temporary_directory.h"

using brevis::TensorFiles;

namespace {

std::string refusal_of_bytes(const std::string &bytes) {
  try {
    brevis::read_safetensors(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size(), "file");
    return "";
  } catch (const brevis::EngineError &error) {
    return error.what();
  }
}

std::string refusal(const std::string &header, size_t data_bytes) {
  return refusal_of_bytes(safetensors(header, data_bytes));
}

std::string refusal_of_directory(const TemporaryDirectory &directory) {
  try {
    TensorFiles().add_model_directory(directory.path());
    return "";
  } catch (const brevis::EngineError &error) {
    return error.what();
  }
}

const char *const kPair = R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},)"
                          R"("b":{"dtype":"BF16","shape":[],"data_offsets":[24,26]}})";

}  // namespace

TEST(reads_types_shapes_and_scalars) {
  CHECK_EQUAL(refusal(kPair, 26), "");
  const std::string bytes = safetensors(kPair, 26);
  const auto tensors = brevis::read_safetensors(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size(), "file");
  CHECK_EQUAL(tensors.size(), size_t{2});
  CHECK_EQUAL(tensors[0].element_count(), size_t{6});
  CHECK_EQUAL(tensors[1].element_count(), size_t{1});
  CHECK_EQUAL(tensors[0].describe(), "tensor a (F32 [2, 3])");
}

TEST(refuses_truncated_and_padded_files) {
  CHECK_CONTAINS(refusal_of_bytes(""), "expected at least 8 bytes");
  CHECK_CONTAINS(refusal_of_bytes(std::string(64, '\xFF')), "does not fit");
  CHECK_CONTAINS(refusal(kPair, 25), "tensor b: data_offsets [24, 26] leave the file's 25 data bytes");
  CHECK_CONTAINS(refusal(kPair, 27), "expected 26 data bytes, got 27");
  const std::string whole = safetensors(kPair, 26);
  for (size_t size = 0; size < whole.size(); ++size) CHECK(refusal_of_bytes(whole.substr(0, size)) != "");
}

TEST(refuses_offsets_that_overlap_leave_gaps_or_differ_from_the_shape) {
  CHECK_CONTAINS(
      refusal(
          R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
          12),
      "(overlap)");
  CHECK_CONTAINS(refusal(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8), "(gap)");
  CHECK_CONTAINS(refusal(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}})", 8), "needs 12 bytes");
  CHECK_CONTAINS(refusal(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}})", 8), "data_offsets");
}

TEST(refuses_absurd_entries) {
  CHECK_CONTAINS(refusal(R"({"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}})", 8),
                 "overflows");
  CHECK_CONTAINS(refusal(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}})", 8), "expected a size, got -1");
  CHECK_CONTAINS(refusal(R"({"a":{"dtype":"Q9","shape":[2],"data_offsets":[0,8]}})", 8), "unknown dtype");
  CHECK_CONTAINS(refusal(R"({"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}})", 8),
                 "8 dimensions");
  CHECK_CONTAINS(refusal(R"({"a":5})", 0), "expected dtype, shape and two data_offsets");
  CHECK_CONTAINS(refusal(R"([])", 0), "expected a JSON object");
  CHECK_CONTAINS(refusal(R"({"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}})", 8), "expected a size");
}

TEST(follows_an_index_and_checks_it) {
  const std::string one = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
                    two = R"({"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  const TemporaryDirectory directory;
  directory.write("1.safetensors", safetensors(one, 8));
  directory.write("2.safetensors", safetensors(two, 4));
  directory.write("model.safetensors.index.json", R"({"weight_map":{"a":"1.safetensors","b":"2.safetensors"}})");
  TensorFiles files;
  files.add_model_directory(directory.path());
  CHECK(files.find("a") != nullptr && files.find("b") != nullptr);
  directory.write("model.safetensors.index.json", R"({"weight_map":{"a":"1.safetensors","b":"1.safetensors"}})");
  CHECK_CONTAINS(refusal_of_directory(directory), "expected tensor b in");
  directory.write("model.safetensors.index.json", R"({"weight_map":{"a":"../1.safetensors"}})");
  CHECK_CONTAINS(refusal_of_directory(directory), "expected a file name");
  directory.write("model.safetensors.index.json", R"({"weight_map":{"a":"3.safetensors"}})");
  CHECK_CONTAINS(refusal_of_directory(directory), "3.safetensors");
  directory.write("2.safetensors", safetensors(one, 8));
  directory.write("model.safetensors.index.json", R"({"weight_map":{"a":"1.safetensors","b":"2.safetensors"}})");
  CHECK_CONTAINS(refusal_of_directory(directory), "tensor a is in");
}

TEST(says_what_was_expected_of_a_tensor) {
  const TemporaryDirectory directory;
  directory.write("model.safetensors", safetensors(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8));
  TensorFiles files;
  files.add_model_directory(directory.path());
  try {
    files.require("a", {3});
    CHECK(false);
  } catch (const brevis::EngineError &error) {
    CHECK_CONTAINS(error.what(), "model.safetensors: tensor a (F32 [2]): expected shape [3]");
  }
}

TEST(a_small_file_that_is_cut_later_can_still_be_read) {
  const TemporaryDirectory directory;
  directory.write("file", std::string(100000, 'x'));
  const brevis::MappedFile file(directory.path("file"));
  std::filesystem::resize_file(directory.path("file"), 0);
  CHECK_EQUAL(std::count(file.data(), file.data() + file.size(), 'x'), std::ptrdiff_t{100000});
}

TEST(notices_a_replaced_file) {
  const TemporaryDirectory directory;
  const std::string bytes = safetensors(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8);
  directory.write("model.safetensors", bytes);
  TensorFiles files;
  files.add_model_directory(directory.path());
  files.check_unchanged();
  directory.write("new", bytes);
  std::filesystem::rename(directory.path("new"), directory.path("model.safetensors"));
  try {
    files.check_unchanged();
    CHECK(false);
  } catch (const brevis::EngineError &error) {
    CHECK_EQUAL(error.status(), BRV_ERROR_CHANGED);
  }
}
