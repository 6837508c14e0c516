import Foundation

/// A JSON document whose members keep their own types: `true` is no number, and 7 is a whole one.
enum JSONValue: Decodable, Equatable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else if let value = try? container.decode([String: JSONValue].self) {
      self = .object(value)
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if container.decodeNil() {
      self = .null
    } else {
      self = .number(try container.decode(Double.self))
    }
  }

  /// `source` is the document's path, for messages.
  static func parse(_ document: Data, source: String) throws -> JSONValue {
    do {
      return try JSONDecoder().decode(JSONValue.self, from: document)
    } catch {
      throw EngineError.invalid("\(source): not valid JSON: \(reason(of: error))")
    }
  }

  private static func reason(of error: any Error) -> String {
    guard case DecodingError.dataCorrupted(let context) = error else { return error.localizedDescription }
    guard let underlying = context.underlyingError else { return context.debugDescription }
    return "\((underlying as NSError).userInfo[NSDebugDescriptionErrorKey] ?? context.debugDescription)"
  }

  subscript(_ member: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[member]
  }

  /// How messages name a value.
  var description: String {
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
