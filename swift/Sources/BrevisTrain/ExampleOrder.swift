/// Which examples a step takes: every epoch all of them once, in an order of its own that follows from the seed alone. So a resumed
/// training goes on with the examples that an unbroken one would have met.
struct ExampleOrder {
  private let count, seed: Int
  private var epoch = -1
  private var order: [Int] = []

  init(count: Int, seed: Int) {
    self.count = count
    self.seed = seed
  }

  /// The examples at these places of the endless sequence of epochs.
  mutating func examples(at places: Range<Int>) -> [Int] {
    places.map { place in
      if place / count != epoch { shuffle(epoch: place / count) }
      return order[place % count]
    }
  }

  private mutating func shuffle(epoch: Int) {
    self.epoch = epoch
    var random = SplitMix(seed: UInt64(seed) << 32 | UInt64(epoch))
    order = Array(0..<count)
    // Fisher-Yates, written out: the library's shuffle may draw differently in another version of Swift.
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(random.next() % UInt64(last + 1)))
    }
  }
}

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): the same numbers on every machine.
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// From -1 to 1, evenly.
  mutating func nextSigned() -> Float { Float(next() >> 40) / Float(1 << 23) - 1 }
}
