#include "arguments.h"

#include <cmath>
#include <limits>

namespace brevis::addon {
namespace {

std::string describe(const Napi::Value &value) {
  if (value.IsNull()) return "null";
  if (value.IsArray()) return "an array";
  if (value.IsString()) return "a string";
  if (value.IsNumber()) return value.ToString().Utf8Value();
  switch (value.Type()) {
    case napi_undefined:
      return "undefined";
    case napi_boolean:
      return "a boolean";
    case napi_symbol:
      return "a symbol";
    case napi_function:
      return "a function";
    case napi_bigint:
      return "a bigint";
    default:
      return "an object";
  }
}

[[noreturn]] void refuse(const Napi::Value &value, const char *name, const std::string &expected) {
  throw Napi::TypeError::New(value.Env(),
                             std::string(name) + ": expected " + expected + " but received " + describe(value));
}

}  // namespace

Napi::Value argument(const Napi::CallbackInfo &info, size_t place) {
  return place < info.Length() ? info[place] : info.Env().Undefined();
}

std::string read_string(const Napi::Value &value, const char *name) {
  if (!value.IsString()) refuse(value, name, "a string");
  std::string text = value.As<Napi::String>().Utf8Value();
  if (text.find('\0') != std::string::npos) refuse(value, name, "a string without NUL characters");
  return text;
}

Napi::Object read_object(const Napi::Value &value, const char *name) {
  if (!value.IsObject()) refuse(value, name, "an object");
  return value.As<Napi::Object>();
}

Napi::Array read_array(const Napi::Value &value, const char *name) {
  if (!value.IsArray()) refuse(value, name, "an array");
  return value.As<Napi::Array>();
}

Napi::Function read_function(const Napi::Value &value, const char *name) {
  if (!value.IsFunction()) refuse(value, name, "a function");
  return value.As<Napi::Function>();
}

int64_t read_integer(const Napi::Object &object, const char *name, int64_t least, int64_t most) {
  const Napi::Value value = object.Get(name);
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : std::nan("");
  // Written so that NaN fails.
  if (!(number >= static_cast<double>(least) && number <= static_cast<double>(most)) || number != std::floor(number)) {
    refuse(value, name, "an integer from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return static_cast<int64_t>(number);
}

float read_number(const Napi::Object &object, const char *name) {
  const Napi::Value value = object.Get(name);
  if (!value.IsNumber()) refuse(value, name, "a number");
  const double number = value.As<Napi::Number>().DoubleValue();
  constexpr double kLargest = std::numeric_limits<float>::max();
  if (std::fabs(number) > kLargest)
    return std::copysign(std::numeric_limits<float>::infinity(), number > 0 ? 1.0f : -1.0f);
  return static_cast<float>(number);
}

size_t append_ids(const Napi::Value &value, const char *name, std::vector<int32_t> &ids) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_int32_array) {
    refuse(value, name, "an Int32Array");
  }
  const auto array = value.As<Napi::Int32Array>();
  const size_t count = array.ElementLength();
  if (count > 0) ids.insert(ids.end(), array.Data(), array.Data() + count);
  return count;
}

std::vector<AdapterUse> read_adapters(const Napi::Value &value, const char *name) {
  const Napi::Array array = read_array(value, name);
  std::vector<AdapterUse> uses;
  for (uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::Object use = read_object(array.Get(i), name);
    uses.push_back({read_string(use.Get("name"), "adapter's name"), read_number(use, "scale")});
  }
  return uses;
}

std::vector<brv_adapter_use> point_to(const std::vector<AdapterUse> &uses) {
  std::vector<brv_adapter_use> pointers;
  for (const AdapterUse &use : uses) pointers.push_back({use.name.c_str(), use.scale});
  return pointers;
}

}  // namespace brevis::addon
