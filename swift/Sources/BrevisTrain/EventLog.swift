import BrevisMLX
import Foundation

/// What a training tells, one JSON object a line, as the other trainers do (scripts/train/events.py): on standard output, and in the
/// run's `metrics.jsonl` unless whoever started it writes that.
public final class EventLog {
  private let file: FileHandle?
  private let prints: Bool

  /// `path`: of metrics.jsonl, which is appended to.
  public init(path: String?, prints: Bool = true) throws {
    self.prints = prints
    guard let path else {
      file = nil
      return
    }
    if !FileManager.default.fileExists(atPath: path) { try OutputFile.write("", to: path) }
    file = FileHandle(forUpdatingAtPath: path)
    guard let file else { throw EngineError.notFound("\(path): expected a file that can be written") }
    try file.seekToEnd()
  }

  /// event: loaded | resumed | train | valid | checkpoint | test | done. Losses are nats a label.
  func emit(_ event: String, _ members: [String: JSONValue] = [:]) throws {
    let line = Data((JSONText.compact(.object(members.merging(["event": .string(event)]) { $1 })) + "\n").utf8)
    try file?.write(contentsOf: line)
    if prints { try FileHandle.standardOutput.write(contentsOf: line) }
  }
}
