// A test program in one header: TEST bodies, CHECKs that count, and a main that says how many failed.
// No test framework, so that the tests build on a machine that has only a compiler and CMake.
#pragma once

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

namespace check {

struct Test {
  const char *name;
  void (*body)();
};

inline std::vector<Test> &tests() {
  static std::vector<Test> all;
  return all;
}
inline int failures = 0;

struct Register {
  Register(const char *name, void (*body)()) { tests().push_back({name, body}); }
};

inline void fail(const char *file, int line, const std::string &what) {
  ++failures;
  std::fprintf(stderr, "%s:%d: %s\n", file, line, what.c_str());
}

template <typename A, typename B>
void equal(const char *file, int line, const char *text, const A &actual, const B &expected) {
  if (actual == expected) return;
  std::ostringstream out;
  out << text << ": expected " << expected << ", got " << actual;
  fail(file, line, out.str());
}

inline void contains(const char *file, int line, const std::string &text, const std::string &part) {
  if (text.find(part) == std::string::npos) fail(file, line, "expected \"" + part + "\" in \"" + text + "\"");
}

}  // namespace check

#define TEST(name)                                           \
  static void name();                                        \
  static const check::Register register_##name(#name, name); \
  static void name()
#define CHECK(condition) ((condition) ? void() : check::fail(__FILE__, __LINE__, "expected " #condition))
#define CHECK_EQUAL(actual, expected) check::equal(__FILE__, __LINE__, #actual, actual, expected)
#define CHECK_CONTAINS(text, part) check::contains(__FILE__, __LINE__, text, part)
// For what the rest of a test cannot do without.
#define REQUIRE(condition)                                     \
  do {                                                         \
    if (!(condition)) {                                        \
      check::fail(__FILE__, __LINE__, "expected " #condition); \
      return;                                                  \
    }                                                          \
  } while (false)

int main() {
  for (const check::Test &test : check::tests()) {
    const int before = check::failures;
    test.body();
    std::printf("%s %s\n", check::failures == before ? "ok  " : "FAIL", test.name);
  }
  std::printf("%zu tests, %d failed checks\n", check::tests().size(), check::failures);
  return check::failures == 0 ? 0 : 1;
}
