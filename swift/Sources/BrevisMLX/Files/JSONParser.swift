import Foundation

/// JSON as RFC 8259 has it, each member of an object once. Foundation's own decoder ends the process on some broken documents
/// (a member's name that is no UTF-8), and model files come from anywhere.
struct JSONParser {
  private let bytes: [UInt8]
  private let source: String
  private var position = 0

  private static let maximumDepth = 64

  init(_ document: Data, source: String) {
    bytes = Array(document)
    self.source = source
  }

  mutating func parseDocument() throws -> JSONValue {
    let value = try parseValue(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw failure("expected the end of the document") }
    return value
  }

  private func failure(_ expected: String) -> EngineError {
    let found = position < bytes.count ? "byte \(bytes[position])" : "the end of the text"
    return .invalid("\(source): not valid JSON: \(expected), found \(found) at offset \(position)")
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  /// Steps over `word` where it stands next.
  private mutating func take(_ word: String) -> Bool {
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  private mutating func parseValue(depth: Int) throws -> JSONValue {
    guard depth <= JSONParser.maximumDepth else {
      throw failure("expected at most \(JSONParser.maximumDepth) levels of nesting")
    }
    skipSpace()
    switch next {
    case nil: throw failure("expected a value")
    case UInt8(ascii: "{"): return try parseObject(depth: depth)
    case UInt8(ascii: "["): return try parseArray(depth: depth)
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "t") where take("true"): return .bool(true)
    case UInt8(ascii: "f") where take("false"): return .bool(false)
    case UInt8(ascii: "n") where take("null"): return .null
    default: return try parseNumber()
    }
  }

  private mutating func parseObject(depth: Int) throws -> JSONValue {
    var members: [String: JSONValue] = [:]
    position += 1
    skipSpace()
    if take("}") { return .object(members) }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw failure("expected a member name") }
      let name = try parseString()
      skipSpace()
      guard take(":") else { throw failure("expected ':'") }
      guard members.updateValue(try parseValue(depth: depth + 1), forKey: name) == nil else {
        throw failure("expected each member once, but \"\(name)\" comes twice")
      }
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw failure("expected ',' or '}'") }
    }
  }

  private mutating func parseArray(depth: Int) throws -> JSONValue {
    var elements: [JSONValue] = []
    position += 1
    skipSpace()
    if take("]") { return .array(elements) }
    while true {
      elements.append(try parseValue(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(elements) }
      guard take(",") else { throw failure("expected ',' or ']'") }
    }
  }

  private mutating func parseString() throws -> String {
    var text: [UInt8] = []
    position += 1
    while true {
      guard let byte = next else { throw failure("expected '\"' at the end of a string") }
      guard byte >= 0x20 else { throw failure("expected no bare control character in a string") }
      position += 1
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") { text += try parseEscape().utf8 } else { text.append(byte) }
    }
    guard let string = String(bytes: text, encoding: .utf8) else { throw failure("expected a string in UTF-8") }
    return string
  }

  private mutating func parseEscape() throws -> String {
    for (name, value) in [
      ("\"", "\""), ("\\", "\\"), ("/", "/"), ("b", "\u{8}"), ("f", "\u{C}"), ("n", "\n"), ("r", "\r"), ("t", "\t"),
    ] where take(name) {
      return value
    }
    guard take("u") else { throw failure("expected an escape") }
    let code = try parseFourDigits()
    guard 0xD800..<0xE000 ~= code else { return String(Unicode.Scalar(code)!) }
    guard code < 0xDC00, take("\\u") else { throw failure("expected a high and a low surrogate") }
    let low = try parseFourDigits()
    guard 0xDC00..<0xE000 ~= low else { throw failure("expected a low surrogate") }
    return String(Unicode.Scalar(0x10000 + (code - 0xD800) << 10 + (low - 0xDC00))!)
  }

  private mutating func parseFourDigits() throws -> UInt32 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ isxdigit(Int32($0)) != 0 }),
      let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw failure("expected four hexadecimal digits") }
    position += 4
    return code
  }

  private mutating func skipDigits() throws -> Int {
    let start = position
    while let byte = next, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte { position += 1 }
    guard position > start else { throw failure("expected a digit") }
    return position - start
  }

  private mutating func parseNumber() throws -> JSONValue {
    let start = position
    _ = take("-")
    let hasLeadingZero = next == UInt8(ascii: "0")
    guard try skipDigits() == 1 || !hasLeadingZero else { throw failure("expected no leading zero") }
    var isWhole = true
    if take(".") {
      isWhole = false
      _ = try skipDigits()
    }
    if take("e") || take("E") {
      isWhole = false
      if !take("+") { _ = take("-") }
      _ = try skipDigits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let integer = Int(text) { return .integer(integer) }
    guard let number = Double(text) else { throw failure("expected a number") }
    return .number(number)
  }
}
