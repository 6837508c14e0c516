import MLX

/// Keys and values of one layer for the tokens of one sequence: [1, heads, capacity, headSize] each. Engine thread only.
struct LayerCache {
  private var keys: MLXArray?
  private var values: MLXArray?
  private var capacity = 0

  /// Tokens that memory grows by.
  private static let step = 256

  var arrays: [MLXArray] { [keys, values].compactMap { $0 } }

  /// Puts new tokens' keys and values at `position`, over whatever was there, and gives those of all tokens up to their end.
  mutating func append(keys newKeys: MLXArray, values newValues: MLXArray, at position: Int, count: Int) -> (
    keys: MLXArray, values: MLXArray
  ) {
    let end = position + count
    if end > capacity { grow(to: end, position: position, like: newKeys) }
    guard let keys, let values else { return (newKeys, newValues) }
    keys[.ellipsis, position..<end, 0...] = newKeys
    values[.ellipsis, position..<end, 0...] = newValues
    return (keys[.ellipsis, 0..<end, 0...], values[.ellipsis, 0..<end, 0...])
  }

  private mutating func grow(to end: Int, position: Int, like example: MLXArray) {
    capacity = (end + LayerCache.step - 1) / LayerCache.step * LayerCache.step
    let shape = [1, example.dim(1), capacity - position, example.dim(3)]
    // An array is changed in place, so keys and values need one each.
    let widen = { (old: MLXArray?) -> MLXArray in
      let room = MLXArray.zeros(shape, dtype: example.dtype)
      guard let old, position > 0 else { return room }
      return concatenated([old[.ellipsis, 0..<position, 0...], room], axis: 2)
    }
    keys = widen(keys)
    values = widen(values)
  }
}

/// The caches of all layers.
struct KeyValueCache {
  var layers: [LayerCache]

  init(layers: Int) { self.layers = Array(repeating: LayerCache(), count: layers) }

  var arrays: [MLXArray] { layers.flatMap(\.arrays) }
}
