#include "io/json.h"

#include "check.h"
#include "error.h"

using brevis::Json;

namespace {

std::string refusal(const std::string &text) {
  try {
    Json::parse(text, "file.json");
    return "";
  } catch (const brevis::EngineError &error) {
    return error.what();
  }
}

}  // namespace

TEST(reads_all_kinds_of_values) {
  const Json json =
      Json::parse(R"( {"a": [1, -2.5e1, true, false, null], "b": {"c": "x\n\u00e9\ud83d\ude00"}} )", "file.json");
  REQUIRE(json.object() != nullptr);
  const Json::Array &array = *json.find("a")->array();
  CHECK_EQUAL(*array[0].integer(), 1);
  double number = 0;
  CHECK(array[1].number(number) && number == -25);
  CHECK(*array[2].boolean() && !*array[3].boolean() && array[4].is_null());
  CHECK_EQUAL(*json.find("b")->find("c")->string(), "x\n\xC3\xA9\xF0\x9F\x98\x80");
  CHECK(json.find("missing") == nullptr);
}

TEST(keeps_large_integers_exact) {
  CHECK_EQUAL(*Json::parse("9007199254740993", "x").integer(), 9007199254740993);
  CHECK(Json::parse("99999999999999999999", "x").integer() == nullptr);
}

TEST(refuses_what_is_not_json) {
  for (const char *text : {"",
                           "{",
                           "[1,]",
                           "{\"a\":1,}",
                           "01",
                           "1.",
                           "-",
                           "nul",
                           "\"\\x\"",
                           "\"\\ud800\"",
                           "\"\\udc00\"",
                           "\"a\nb\"",
                           "\"open",
                           "[1] 2",
                           "{\"a\":1,\"a\":2}",
                           "NaN",
                           "{a:1}",
                           "1e",
                           "\"\\u12\"",
                           "+1"}) {
    CHECK_CONTAINS(refusal(text), "file.json: not valid JSON");
  }
}

TEST(bounds_nesting) {
  CHECK_CONTAINS(refusal(std::string(100000, '[')), "levels of nesting");
  CHECK_EQUAL(refusal(std::string(60, '[') + std::string(60, ']')), "");
}
