import BrevisMLX
import Foundation

/// JSON as text, members in the order of their names. Numbers that are not finite become null, since JSON has none.
enum JSONText {
  static func compact(_ value: JSONValue) -> String { write(value, indent: nil) }

  static func pretty(_ value: JSONValue) -> String { write(value, indent: 0) + "\n" }

  /// `indent`: spaces before the value's line; nil: all on one line.
  private static func write(_ value: JSONValue, indent: Int?) -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .integer(let whole): String(whole)
    case .number(let number): number.isFinite ? "\(number)" : "null"
    case .string(let text): quote(text)
    case .array(let entries): list(entries.map { write($0, indent: indent.map { $0 + 2 }) }, "[", "]", indent)
    case .object(let members):
      list(
        members.sorted { $0.key < $1.key }.map { name, member in
          quote(name) + (indent == nil ? ":" : ": ") + write(member, indent: indent.map { $0 + 2 })
        }, "{", "}", indent)
    }
  }

  private static func list(_ parts: [String], _ open: String, _ close: String, _ indent: Int?) -> String {
    guard let indent, !parts.isEmpty else { return open + parts.joined(separator: ",") + close }
    let spaces = String(repeating: " ", count: indent)
    return open + "\n" + parts.map { spaces + "  " + $0 }.joined(separator: ",\n") + "\n" + spaces + close
  }

  private static func quote(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\u{0}"..<" ": quoted += "\\u" + String(scalar.value + 0x10000, radix: 16).dropFirst()
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

extension JSONValue {
  /// A float in as few digits as tell it from others.
  static func float(_ value: Float) -> JSONValue { .number(Double(value.description) ?? .nan) }
}
