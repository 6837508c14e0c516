// Typed members of a JSON object, with messages that name the document, the member, what was expected and what arrived.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "io/json.h"

namespace brevis {

class JsonFields {
 public:
  JsonFields(const Json &object, std::string source) : object_(object), source_(std::move(source)) {}

  // A whole number in minimum..maximum; without a fallback the member must be there. null counts as absent.
  size_t size(const char *key, size_t minimum, size_t maximum, std::optional<size_t> fallback = std::nullopt) const;
  // A finite number.
  double number(const char *key, std::optional<double> fallback = std::nullopt) const;
  bool flag(const char *key, bool fallback) const;
  std::string string(const char *key, const char *fallback) const;
  // The member, or null when it is absent or null.
  const Json *find(const char *key) const;

  [[noreturn]] void fail(const char *key, const std::string &expected) const;

 private:
  const Json &object_;
  std::string source_;
};

}  // namespace brevis
