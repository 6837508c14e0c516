#include "io/json.h"

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "error.h"

namespace brevis {
namespace {

constexpr int kMaximumDepth = 64;

class Parser {
 public:
  Parser(std::string_view text, const std::string &source) : text_(text), source_(source) {}

  Json parse_document() {
    Json value = parse_value(0);
    skip_space();
    if (position_ != text_.size()) fail("expected the end of the document");
    return value;
  }

 private:
  [[noreturn]] void fail(const std::string &expected) const {
    std::string found = position_ < text_.size()
                            ? "byte " + std::to_string(static_cast<unsigned char>(text_[position_]))
                            : std::string("the end of the text");
    fail_invalid(source_ + ": not valid JSON: " + expected + ", found " + found + " at offset " +
                 std::to_string(position_));
  }

  void skip_space() {
    while (position_ < text_.size()) {
      const char c = text_[position_];
      if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return;
      ++position_;
    }
  }

  bool take(char c) {
    if (position_ >= text_.size() || text_[position_] != c) return false;
    ++position_;
    return true;
  }

  bool take(std::string_view word) {
    if (text_.substr(position_, word.size()) != word) return false;
    position_ += word.size();
    return true;
  }

  Json parse_value(int depth) {
    if (depth > kMaximumDepth) fail("expected at most " + std::to_string(kMaximumDepth) + " levels of nesting");
    skip_space();
    if (position_ >= text_.size()) fail("expected a value");
    switch (text_[position_]) {
      case '{':
        return parse_object(depth);
      case '[':
        return parse_array(depth);
      case '"':
        return Json(parse_string());
      case 't':
        if (take("true")) return Json(true);
        break;
      case 'f':
        if (take("false")) return Json(false);
        break;
      case 'n':
        if (take("null")) return Json();
        break;
      default:
        return parse_number();
    }
    fail("expected true, false or null");
  }

  Json parse_object(int depth) {
    Json::Object object;
    ++position_;
    skip_space();
    if (take('}')) return Json(std::move(object));
    while (true) {
      skip_space();
      if (position_ >= text_.size() || text_[position_] != '"') fail("expected a member name");
      std::string key = parse_string();
      skip_space();
      if (!take(':')) fail("expected ':'");
      Json value = parse_value(depth + 1);
      if (object.contains(key)) fail("expected each member once, but \"" + key + "\" comes twice");
      object.emplace(std::move(key), std::move(value));
      skip_space();
      if (take('}')) return Json(std::move(object));
      if (!take(',')) fail("expected ',' or '}'");
    }
  }

  Json parse_array(int depth) {
    Json::Array array;
    ++position_;
    skip_space();
    if (take(']')) return Json(std::move(array));
    while (true) {
      array.push_back(parse_value(depth + 1));
      skip_space();
      if (take(']')) return Json(std::move(array));
      if (!take(',')) fail("expected ',' or ']'");
    }
  }

  std::string parse_string() {
    std::string out;
    ++position_;
    while (true) {
      if (position_ >= text_.size()) fail("expected '\"' at the end of a string");
      const char c = text_[position_];
      if (static_cast<unsigned char>(c) < 0x20) fail("expected no bare control character in a string");
      ++position_;
      if (c == '"') return out;
      if (c == '\\') {
        parse_escape(out);
      } else {
        out.push_back(c);
      }
    }
  }

  void parse_escape(std::string &out) {
    const char c = position_ < text_.size() ? text_[position_] : '\0';
    static constexpr std::string_view kNames = "\"\\/bfnrt";
    static constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
    if (const size_t index = kNames.find(c); c != '\0' && index != std::string_view::npos) {
      ++position_;
      out.push_back(kValues[index]);
      return;
    }
    if (!take('u')) fail("expected an escape");
    uint32_t code = parse_four_digits();
    if (code >= 0xDC00 && code < 0xE000) fail("expected a high surrogate first");
    if (code >= 0xD800 && code < 0xDC00) {
      if (!take("\\u")) fail("expected a low surrogate");
      const uint32_t low = parse_four_digits();
      if (low < 0xDC00 || low >= 0xE000) fail("expected a low surrogate");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(out, code);
  }

  uint32_t parse_four_digits() {
    uint32_t code = 0;
    const char *first = text_.data() + position_;
    if (position_ + 4 > text_.size()) fail("expected four hexadecimal digits");
    const auto result = std::from_chars(first, first + 4, code, 16);
    if (result.ec != std::errc() || result.ptr != first + 4) fail("expected four hexadecimal digits");
    position_ += 4;
    return code;
  }

  static void append_utf8(std::string &out, uint32_t code) {
    if (code < 0x80) {
      out.push_back(static_cast<char>(code));
    } else if (code < 0x800) {
      out.push_back(static_cast<char>(0xC0 | (code >> 6)));
      out.push_back(static_cast<char>(0x80 | (code & 63)));
    } else if (code < 0x10000) {
      out.push_back(static_cast<char>(0xE0 | (code >> 12)));
      out.push_back(static_cast<char>(0x80 | ((code >> 6) & 63)));
      out.push_back(static_cast<char>(0x80 | (code & 63)));
    } else {
      out.push_back(static_cast<char>(0xF0 | (code >> 18)));
      out.push_back(static_cast<char>(0x80 | ((code >> 12) & 63)));
      out.push_back(static_cast<char>(0x80 | ((code >> 6) & 63)));
      out.push_back(static_cast<char>(0x80 | (code & 63)));
    }
  }

  void skip_digits() {
    const size_t start = position_;
    while (position_ < text_.size() && text_[position_] >= '0' && text_[position_] <= '9') ++position_;
    if (position_ == start) fail("expected a digit");
  }

  Json parse_number() {
    const size_t start = position_;
    take('-');
    const bool leading_zero = position_ < text_.size() && text_[position_] == '0';
    const size_t digits = position_;
    skip_digits();
    if (leading_zero && position_ - digits > 1) fail("expected no leading zero");
    bool integral = true;
    if (take('.')) {
      integral = false;
      skip_digits();
    }
    if (take('e') || take('E')) {
      integral = false;
      if (!take('+')) take('-');
      skip_digits();
    }
    // strtod rather than from_chars: Apple's standard library lacks the latter for doubles. The span has no locale's
    // comma.
    const std::string span(text_.substr(start, position_ - start));
    int64_t whole = 0;
    if (integral && std::from_chars(span.data(), span.data() + span.size(), whole).ec == std::errc())
      return Json(whole);
    return Json(std::strtod(span.c_str(), nullptr));
  }

  std::string_view text_;
  const std::string &source_;
  size_t position_ = 0;
};

}  // namespace

Json Json::parse(std::string_view text, const std::string &source) {
  return Parser(text, source).parse_document();
}

bool Json::number(double &out) const {
  if (const int64_t *whole = integer()) {
    out = static_cast<double>(*whole);
    return true;
  }
  const double *value = std::get_if<double>(&value_);
  if (value == nullptr) return false;
  out = *value;
  return true;
}

const Json *Json::find(std::string_view key) const {
  const Object *members = object();
  if (members == nullptr) return nullptr;
  const auto found = members->find(key);
  return found == members->end() ? nullptr : &found->second;
}

std::string Json::describe() const {
  if (is_null()) return "null";
  if (const bool *value = boolean()) return *value ? "true" : "false";
  if (const int64_t *value = integer()) return std::to_string(*value);
  if (const std::string *value = string()) return "the string \"" + value->substr(0, 80) + "\"";
  if (array() != nullptr) return "an array";
  if (object() != nullptr) return "an object";
  return std::to_string(std::get<double>(value_));
}

}  // namespace brevis
