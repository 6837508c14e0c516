import Foundation

/// Whether someone asked for an end, by Ctrl-C or SIGTERM: the training then saves what it has and ends in order.
public final class Interrupt: @unchecked Sendable {
  private let lock = NSLock()
  private var asked = false
  private var sources: [any DispatchSourceSignal] = []

  public init() {}

  /// Takes the two signals from here on.
  public func listen() {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [unowned self] in ask() }
      source.resume()
      return source
    }
  }

  func ask() { lock.withLock { asked = true } }

  var isAsked: Bool { lock.withLock { asked } }
}
