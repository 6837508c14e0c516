// A strict JSON reader (RFC 8259) for the small documents beside weights: config.json, safetensors headers, indexes.
// Duplicate keys, trailing text, lone surrogates and nesting beyond 64 levels are refused.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace brevis {

class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::map<std::string, Json, std::less<>>;

  Json() = default;
  template <typename T>
  explicit Json(T value) : value_(std::move(value)) {}

  // `source` names the document in error messages.
  static Json parse(std::string_view text, const std::string &source);

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  const bool *boolean() const { return std::get_if<bool>(&value_); }
  const std::string *string() const { return std::get_if<std::string>(&value_); }
  const Array *array() const { return std::get_if<Array>(&value_); }
  const Object *object() const { return std::get_if<Object>(&value_); }
  // Integers that fit stay exact: offsets of large files exceed what a double holds.
  const int64_t *integer() const { return std::get_if<int64_t>(&value_); }
  bool number(double &out) const;

  // The member of an object, or null when this is no object or has no such member.
  const Json *find(std::string_view key) const;

  // "an object", "the string \"x\"", ...: for messages that say what arrived.
  std::string describe() const;

 private:
  std::variant<std::monostate, bool, int64_t, double, std::string, Array, Object> value_;
};

}  // namespace brevis
