#include "io/json_fields.h"

#include <cmath>

#include "error.h"

namespace brevis {

const Json *JsonFields::find(const char *key) const {
  const Json *value = object_.find(key);
  return value != nullptr && value->is_null() ? nullptr : value;
}

void JsonFields::fail(const char *key, const std::string &expected) const {
  const Json *value = find(key);
  fail_invalid(source_ + ": \"" + key + "\": expected " + expected + ", got " +
               (value == nullptr ? "nothing" : value->describe()));
}

size_t JsonFields::size(const char *key, size_t minimum, size_t maximum, std::optional<size_t> fallback) const {
  const Json *value = find(key);
  if (value == nullptr && fallback) return *fallback;
  const int64_t *whole = value == nullptr ? nullptr : value->integer();
  if (whole == nullptr || *whole < 0 || static_cast<size_t>(*whole) < minimum ||
      static_cast<size_t>(*whole) > maximum) {
    fail(key, "a whole number from " + std::to_string(minimum) + " to " + std::to_string(maximum));
  }
  return static_cast<size_t>(*whole);
}

double JsonFields::number(const char *key, std::optional<double> fallback) const {
  const Json *value = find(key);
  if (value == nullptr && fallback) return *fallback;
  double number = 0;
  if (value == nullptr || !value->number(number) || !std::isfinite(number)) fail(key, "a finite number");
  return number;
}

bool JsonFields::flag(const char *key, bool fallback) const {
  const Json *value = find(key);
  if (value == nullptr) return fallback;
  if (value->boolean() == nullptr) fail(key, "true or false");
  return *value->boolean();
}

std::string JsonFields::string(const char *key, const char *fallback) const {
  const Json *value = find(key);
  if (value == nullptr) return fallback;
  if (value->string() == nullptr) fail(key, "a string");
  return *value->string();
}

}  // namespace brevis
