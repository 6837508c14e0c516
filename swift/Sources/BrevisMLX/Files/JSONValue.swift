import Foundation

/// A JSON document whose members keep their own types: `true` is no number, and 7 is a whole one.
package enum JSONValue: Equatable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// `source` is the document's path, for messages.
  package static func parse(_ document: Data, source: String) throws -> JSONValue {
    var parser = JSONParser(document, source: source)
    return try parser.parseDocument()
  }

  package subscript(_ member: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[member]
  }

  /// How messages name a value.
  package var description: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): "the string \"\(value.prefix(80))\""
    case .array: "an array"
    case .object: "an object"
    }
  }
}
