import BrevisMLX
import Foundation

/// The examples of one side of a training.
struct ExampleFile {
  let examples: [TrainingExample]
  /// Examples that were left out, since they are longer than `maxTokens`.
  let tooLong: Int
  /// FNV-1a over the file's bytes: whether it is still the file that a checkpoint was trained on.
  let hash: UInt64

  private static let largestFile = 4 << 30

  /// `isOptional`: a file that is not there has no examples.
  init(_ path: String, config: ModelConfig, maxTokens: Int, isOptional: Bool = false) throws {
    var found: [TrainingExample] = []
    var left = 0
    var document = Data()
    do {
      document = try WeightFile.readDocument(path, limit: ExampleFile.largestFile)
    } catch let error as EngineError where error.isNotFound && isOptional {}
    for (index, line) in document.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
    where !line.isEmpty {
      let example = try TrainingExample(Data(line), source: "\(path) line \(index + 1)", config: config)
      if example.tokens.count > maxTokens {
        left += 1
      } else if example.totalWeight > 0 {
        found.append(example)
      }
    }
    guard isOptional || !found.isEmpty else {
      throw EngineError.invalid(
        "\(path): expected examples with labels, but it has none" + (left > 0 ? " of at most \(maxTokens) tokens" : ""))
    }
    (examples, tooLong) = (found, left)
    hash = document.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}
