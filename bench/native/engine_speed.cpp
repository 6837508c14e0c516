// Times the CPU engine through its C ABI, alone: no Node, no peers (those are in bench/engine-peers).
//   cmake -S native -B build/speed -DBREVIS_BENCH=ON && cmake --build build/speed
//   build/speed/engine_speed write keep|q8|q4|bf16 DIRECTORY     a model with random weights
//   build/speed/engine_speed time DIRECTORY THREADS RUNS         best of so many runs, wall and processor time
// keep: 6 layers, d 256, feed-forward 768, vocabulary 16k. The others: Qwen3-0.6B's shape, groups of 64.
#include <sys/stat.h>
#include <time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "brevis_engine.h"

namespace {

struct Shape {
  bool keep;
  int bits;  // 8, 4, 16 (bfloat16), 32
  size_t vocabulary, hidden, middle, layers, heads, key_value_heads, head_size;
};

Shape shape_of(const std::string &kind) {
  if (kind == "keep") return {true, 32, 16384, 256, 768, 6, 4, 4, 64};
  const int bits = kind == "q4" ? 4 : kind == "q8" ? 8 : 16;
  return {false, bits, 151936, 1024, 3072, 28, 16, 8, 128};
}

class Writer {
 public:
  Writer(const Shape &shape, const std::string &directory) : shape_(shape), directory_(directory) {}

  void write() {
    add("model.embed_tokens", shape_.vocabulary, shape_.hidden);
    for (size_t i = 0; i < shape_.layers; ++i) add_layer("model.layers." + std::to_string(i) + ".");
    add_vector("model.norm.weight", shape_.hidden);
    if (shape_.keep) add_tensor("keep_head.weight", "F32", {1, shape_.hidden}, 4 * shape_.hidden);
    mkdir(directory_.c_str(), 0777);
    write_config();
    write_tensors();
  }

 private:
  struct Entry {
    std::string name, type;
    std::vector<size_t> shape;
    size_t bytes;
  };

  void add_tensor(const std::string &name, const char *type, std::vector<size_t> shape, size_t bytes) {
    entries_.push_back({name, type, std::move(shape), bytes});
  }
  void add_vector(const std::string &name, size_t size) { add_tensor(name, "F32", {size}, 4 * size); }
  void add(const std::string &name, size_t rows, size_t columns) {
    if (shape_.bits >= 16) {
      const size_t size = static_cast<size_t>(shape_.bits) / 8;
      add_tensor(name + ".weight", size == 2 ? "BF16" : "F32", {rows, columns}, size * rows * columns);
      return;
    }
    const size_t words = columns * static_cast<size_t>(shape_.bits) / 32, groups = columns / 64;
    add_tensor(name + ".weight", "U32", {rows, words}, 4 * rows * words);
    add_tensor(name + ".scales", "BF16", {rows, groups}, 2 * rows * groups);
    add_tensor(name + ".biases", "BF16", {rows, groups}, 2 * rows * groups);
  }
  void add_layer(const std::string &prefix) {
    const size_t width = shape_.hidden, queries = shape_.heads * shape_.head_size;
    const size_t keys = shape_.key_value_heads * shape_.head_size;
    add_vector(prefix + "input_layernorm.weight", width);
    add_vector(prefix + "post_attention_layernorm.weight", width);
    add_vector(prefix + "self_attn.q_norm.weight", shape_.head_size);
    add_vector(prefix + "self_attn.k_norm.weight", shape_.head_size);
    add(prefix + "self_attn.q_proj", queries, width);
    add(prefix + "self_attn.k_proj", keys, width);
    add(prefix + "self_attn.v_proj", keys, width);
    add(prefix + "self_attn.o_proj", width, queries);
    add(prefix + "mlp.gate_proj", shape_.middle, width);
    add(prefix + "mlp.up_proj", shape_.middle, width);
    add(prefix + "mlp.down_proj", width, shape_.middle);
  }

  void write_config() const {
    std::ofstream file(directory_ + "/config.json");
    file << R"({"model_type":"qwen3","hidden_act":"silu","rms_norm_eps":1e-6,"rope_theta":1000000.0,)"
         << R"("tie_word_embeddings":true,"max_position_embeddings":40960,"vocab_size":)" << shape_.vocabulary
         << R"(,"hidden_size":)" << shape_.hidden << R"(,"intermediate_size":)" << shape_.middle
         << R"(,"num_hidden_layers":)" << shape_.layers << R"(,"num_attention_heads":)" << shape_.heads
         << R"(,"num_key_value_heads":)" << shape_.key_value_heads << R"(,"head_dim":)" << shape_.head_size;
    if (shape_.bits < 16) file << R"(,"quantization":{"group_size":64,"bits":)" << shape_.bits << "}";
    if (shape_.keep) file << R"(,"brevis":{"task":"keep"})";
    file << "}\n";
  }

  void write_tensors() const {
    std::string header = "{";
    size_t offset = 0;
    for (const Entry &entry : entries_) {
      header += (header.size() > 1 ? ",\"" : "\"") + entry.name + "\":{\"dtype\":\"" + entry.type + "\",\"shape\":[";
      for (size_t i = 0; i < entry.shape.size(); ++i) header += (i > 0 ? "," : "") + std::to_string(entry.shape[i]);
      header += "],\"data_offsets\":[" + std::to_string(offset) + "," + std::to_string(offset + entry.bytes) + "]}";
      offset += entry.bytes;
    }
    header += "}";
    header.resize((header.size() + 7) / 8 * 8, ' ');
    std::ofstream file(directory_ + "/model.safetensors", std::ios::binary);
    const uint64_t length = header.size();
    file.write(reinterpret_cast<const char *>(&length), 8).write(header.data(), static_cast<long>(header.size()));
    std::mt19937_64 generator(1);
    for (const Entry &entry : entries_) {
      const std::vector<char> bytes = values_of(entry, generator);
      file.write(bytes.data(), static_cast<long>(bytes.size()));
    }
  }

  // Matrices with entries of about 1.5 / sqrt(columns), norms around 1.
  std::vector<char> values_of(const Entry &entry, std::mt19937_64 &generator) const {
    std::vector<char> bytes(entry.bytes + 8);
    if (entry.type == "U32") {
      for (size_t i = 0; i < entry.bytes; i += 8) {
        const uint64_t word = generator();
        std::memcpy(bytes.data() + i, &word, 8);
      }
    } else {
      const size_t size = entry.type == "F32" ? 4 : 2;
      std::normal_distribution<float> normal;
      const bool scales = entry.name.ends_with("scales"), biases = entry.name.ends_with("biases");
      const float levels = shape_.bits == 4 ? 16 : 256, step = 0.1f / levels;
      for (size_t i = 0; i < entry.bytes / size; ++i) {
        float value = entry.shape.size() == 1 ? 1 + 0.2f * normal(generator)
                                              : 1.5f * normal(generator) / std::sqrt(float(entry.shape[1]));
        if (scales) value = step;
        if (biases) value = -step * levels / 2;
        uint32_t bits;
        std::memcpy(&bits, &value, 4);
        if (size == 2) bits >>= 16;
        std::memcpy(bytes.data() + size * i, &bits, size);
      }
    }
    bytes.resize(entry.bytes);
    return bytes;
  }

  Shape shape_;
  std::string directory_;
  std::vector<Entry> entries_;
};

double seconds(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void require(brv_status status, const brv_engine_api &api) {
  if (status == BRV_OK) return;
  std::fprintf(stderr, "%s\n", api.last_error());
  std::exit(1);
}

struct Best {
  double wall = 1e9, processor = 1e9;
};

template <typename Body>
Best best_of(int runs, Body &&body) {
  Best best;
  for (int i = 0; i < runs; ++i) {
    const double wall = seconds(CLOCK_MONOTONIC), processor = seconds(CLOCK_PROCESS_CPUTIME_ID);
    body();
    best.wall = std::min(best.wall, seconds(CLOCK_MONOTONIC) - wall);
    best.processor = std::min(best.processor, seconds(CLOCK_PROCESS_CPUTIME_ID) - processor);
  }
  return best;
}

std::vector<int32_t> some_tokens(size_t count, int32_t vocabulary) {
  std::vector<int32_t> tokens(count);
  for (size_t i = 0; i < count; ++i)
    tokens[i] = static_cast<int32_t>((i * 7919 + 13) % static_cast<size_t>(vocabulary));
  return tokens;
}

void time_keep(const brv_engine_api &api, brv_model *model, const brv_model_info &info, int runs) {
  for (const int32_t length : {512, 1024}) {
    const auto tokens = some_tokens(static_cast<size_t>(length), info.vocabulary);
    const brv_batch batch = {tokens.data(), tokens.size(), &length, 1, nullptr};
    std::vector<float> out(tokens.size());
    const Best best =
        best_of(runs, [&] { require(api.keep(model, &batch, nullptr, 0, nullptr, out.data(), out.size()), api); });
    std::printf("keep of %4d: %7.2f ms wall, %7.2f ms processor\n", length, 1e3 * best.wall, 1e3 * best.processor);
  }
}

void time_causal(const brv_engine_api &api, brv_model *model, const brv_model_info &info, int runs) {
  const auto prompt = some_tokens(512, info.vocabulary);
  brv_generate_options options{};
  const auto generate = [&](size_t count, int32_t tokens) {
    brv_session *session = nullptr;
    require(api.open_session(model, nullptr, &session), api);
    options.max_tokens = tokens;
    require(api.generate(session, prompt.data(), count, &options, nullptr, nullptr), api);
    api.close_session(session);
  };
  const Best prefill = best_of(runs, [&] { generate(512, 1); });
  std::printf("prefill of 512: %7.1f tokens/s wall, %7.1f processor\n", 512 / prefill.wall, 512 / prefill.processor);
  const Best one = best_of(runs * 2, [&] { generate(64, 1); }), many = best_of(runs * 2, [&] { generate(64, 33); });
  std::printf("decode: %7.1f tokens/s wall, %7.1f processor\n", 32 / (many.wall - one.wall),
              32 / (many.processor - one.processor));
}

int time_model(const std::string &directory, int threads, int runs) {
  const brv_engine_api &api = *brv_get_engine_api(BRV_ENGINE_ABI_VERSION);
  brv_open_options options{};
  options.threads = threads;
  if (std::ifstream(directory + "/config.json").good()) {
    std::ifstream file(directory + "/config.json");
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    if (text.find("\"keep\"") != std::string::npos)
      options.quantize_bits = 8, options.quantize_group = std::getenv("GROUP") ? std::atoi(std::getenv("GROUP")) : 0;
  }
  brv_model *model = nullptr;
  const double begin = seconds(CLOCK_MONOTONIC);
  require(api.open_model(directory.c_str(), &options, nullptr, &model), api);
  brv_model_info info;
  require(api.describe_model(model, &info), api);
  std::printf("%s: %d threads of %s, opened in %.0f ms\n", directory.c_str(), info.threads, info.kernels,
              1e3 * (seconds(CLOCK_MONOTONIC) - begin));
  if (info.task == BRV_TASK_KEEP) {
    time_keep(api, model, info, runs);
  } else {
    time_causal(api, model, info, runs);
  }
  api.close_model(model);
  return 0;
}

}  // namespace

int main(int count, char **words) {
  const std::string command = count > 1 ? words[1] : "";
  if (command == "write" && count == 4) {
    Writer(shape_of(words[2]), words[3]).write();
    return 0;
  }
  if (command == "time" && count == 5) return time_model(words[2], std::atoi(words[3]), std::atoi(words[4]));
  std::fprintf(stderr, "expected: write keep|q8|q4|bf16 DIRECTORY, or: time DIRECTORY THREADS RUNS\n");
  return 2;
}
