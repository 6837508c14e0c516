import BrevisMLX
import Foundation

/// `brevis-train CONFIG.json [--events]`
public enum TrainCommand {
  static let usage = """
    usage: brevis-train CONFIG.json [--events]

    Trains LoRA pairs and the head of a keep model, as CONFIG.json says (docs/training-swift.md). Says what happens as JSON, one object a line,
    on standard output and in RUN/metrics.jsonl; with --events on standard output alone. Ctrl-C saves and ends; the same command
    goes on from the last checkpoint.
    """

  /// Exit codes are those of brevis: 2 for what is wrong with the input, 3 for a model, 4 for the engine, 130 when interrupted.
  public static func run(_ arguments: [String]) -> Int32 {
    let paths = arguments.filter { !$0.hasPrefix("-") }
    guard paths.count == 1, arguments.allSatisfy({ !$0.hasPrefix("-") || $0 == "--events" }) else {
      return fail(usage, code: arguments.contains("--help") ? 0 : 2)
    }
    do {
      let settings = try TrainingSettings(WeightFile.readDocument(paths[0], limit: 1 << 20), source: paths[0])
      if settings.device == .cpu { setenv("BREVIS_MLX_DEVICE", "cpu", 1) }
      try OutputFile.makeDirectory(settings.run)
      let interrupt = Interrupt()
      interrupt.listen()
      let log = try EventLog(path: arguments.contains("--events") ? nil : settings.run + "/metrics.jsonl")
      switch try TrainingRun(settings, log: log, interrupt: interrupt).run() {
      case .done: return 0
      case .interrupted: return fail("interrupted; the same command goes on from the last checkpoint", code: 130)
      }
    } catch let error as EngineError {
      return fail(error.message, code: error.exitCode)
    } catch {
      return fail("\(error)", code: 4)
    }
  }

  private static func fail(_ message: String, code: Int32) -> Int32 {
    try? FileHandle.standardError.write(contentsOf: Data((message + "\n").utf8))
    return code
  }
}
