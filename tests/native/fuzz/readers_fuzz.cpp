// Fuzz target of the readers that meet other people's files: the first byte chooses safetensors, config.json or
// adapter_config.json. Anything but a result or an EngineError is a finding.
//   CXX=clang++ cmake -S native -B build/fuzz -DBREVIS_FUZZ=ON && cmake --build build/fuzz
//   build/fuzz/readers_fuzz -max_total_time=600 tests/native/fuzz/corpus
#include <cstddef>
#include <cstdint>
#include <string>

#include "error.h"
#include "io/safetensors.h"
#include "model/adapter.h"
#include "model/config.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  const uint8_t *rest = data + 1;
  const std::string text(reinterpret_cast<const char *>(rest), size - 1);
  try {
    switch (data[0]) {
      case 's': {
        size_t total = 0;
        for (const brevis::Tensor &tensor : brevis::read_safetensors(rest, size - 1, "fuzz")) {
          // Every byte that a tensor claims must be there.
          for (size_t i = 0; i < tensor.byte_count; ++i) total += tensor.data[i];
          total += tensor.element_count();
        }
        return total == SIZE_MAX;
      }
      case 'c':
        brevis::parse_config(text, "fuzz");
        break;
      case 'a':
        brevis::parse_adapter_config(text, "fuzz");
        break;
      default:
        break;
    }
  } catch (const brevis::EngineError &) {
  }
  return 0;
}
