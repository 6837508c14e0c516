import Foundation

/// Typed members of a JSON object, with messages that name the document, the member, what was expected and what arrived.
/// null counts as absent.
package struct JSONFields {
  private let members: [String: JSONValue]
  package let source: String

  package init(_ value: JSONValue, source: String) throws {
    guard case .object(let members) = value else {
      throw EngineError.invalid("\(source): expected a JSON object, got \(value.description)")
    }
    self.members = members
    self.source = source
  }

  package func find(_ key: String) -> JSONValue? {
    let value = members[key]
    return value == .null ? nil : value
  }

  /// The members of an object inside this one, if it is there.
  package func section(_ key: String) throws -> JSONFields? {
    try find(key).map { try JSONFields($0, source: "\(source): \(key)") }
  }

  /// A whole number of a range; without a fallback it must be there.
  package func size(_ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil) throws -> Int {
    let value = find(key)
    if value == nil, let fallback { return fallback }
    guard case .integer(let whole) = value, range.contains(whole) else {
      throw failure(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return whole
  }

  /// A finite number.
  package func number(_ key: String, default fallback: Double) throws -> Double {
    switch find(key) {
    case nil: return fallback
    case .integer(let value): return Double(value)
    case .number(let value) where value.isFinite: return value
    default: throw failure(key, "a finite number")
    }
  }

  package func flag(_ key: String, default fallback: Bool) throws -> Bool {
    guard let value = find(key) else { return fallback }
    guard case .bool(let flag) = value else { throw failure(key, "true or false") }
    return flag
  }

  package func string(_ key: String, default fallback: String) throws -> String {
    guard let value = find(key) else { return fallback }
    guard case .string(let string) = value else { throw failure(key, "a string") }
    return string
  }

  package func failure(_ key: String, _ expected: String) -> EngineError {
    .invalid("\(source): \"\(key)\": expected \(expected), got \(find(key)?.description ?? "nothing")")
  }
}
