// JavaScript values as C++ values, copied. Each function throws a Napi::TypeError or RangeError that says what was
// expected under which name, and what arrived.
#pragma once

#include <napi.h>

#include <cstdint>
#include <string>
#include <vector>

#include "brevis_engine.h"

namespace brevis::addon {

struct AdapterUse {
  std::string name;
  float scale;
};

// A function's argument, undefined where it was left out.
Napi::Value argument(const Napi::CallbackInfo &info, size_t place);

// Without NUL characters, which would end it early.
std::string read_string(const Napi::Value &value, const char *name);
Napi::Object read_object(const Napi::Value &value, const char *name);
Napi::Array read_array(const Napi::Value &value, const char *name);
Napi::Function read_function(const Napi::Value &value, const char *name);
int64_t read_integer(const Napi::Object &object, const char *name, int64_t least, int64_t most);
float read_number(const Napi::Object &object, const char *name);

// Appends an Int32Array's elements and returns how many they are.
size_t append_ids(const Napi::Value &value, const char *name, std::vector<int32_t> &ids);

// An array of { name, scale }.
std::vector<AdapterUse> read_adapters(const Napi::Value &value, const char *name);
// The same as the engine takes it, pointing into `uses`.
std::vector<brv_adapter_use> point_to(const std::vector<AdapterUse> &uses);

}  // namespace brevis::addon
