import Foundation

/// All tensors of a model or adapter directory, by name, and the files that hold them.
package final class TensorFiles: @unchecked Sendable {
  private let directory: String
  private var files: [String: WeightFile] = [:]
  package private(set) var tensors: [String: Tensor] = [:]

  private init(directory: String) { self.directory = directory }

  /// model.safetensors, or the shards that model.safetensors.index.json lists.
  package static func openModel(directory: String) throws -> TensorFiles {
    let files = TensorFiles(directory: directory)
    let indexPath = directory + "/model.safetensors.index.json"
    if let index = try readIfPresent(indexPath) {
      try files.addShards(of: index, indexPath: indexPath)
    } else {
      try files.add(directory + "/model.safetensors")
    }
    return files
  }

  package static func openFile(_ path: String, directory: String) throws -> TensorFiles {
    let files = TensorFiles(directory: directory)
    try files.add(path)
    return files
  }

  /// The tensor of this shape.
  package func require(_ name: String, shape: [Int]) throws -> Tensor {
    guard let tensor = tensors[name] else {
      throw EngineError.invalid("\(directory): expected a tensor \(name), but no file has it")
    }
    guard tensor.shape == shape else {
      throw EngineError.invalid("\(tensor.description): expected shape \(describe(shape))")
    }
    return tensor
  }

  package func read(_ tensor: Tensor) throws -> Data { try files[tensor.file]!.read(tensor.bytes) }

  package func checkUnchanged() throws {
    for file in files.values { try file.checkUnchanged() }
  }

  private func add(_ path: String) throws {
    let file = try WeightFile(path: path)
    for tensor in try Safetensors.readHeader(of: file) {
      if let other = tensors.updateValue(tensor, forKey: tensor.name) {
        throw EngineError.invalid("\(path): tensor \(tensor.name) is in \(other.file) too")
      }
    }
    files[path] = file
  }

  private func addShards(of index: Data, indexPath: String) throws {
    guard case .object(let map) = try JSONValue.parse(index, source: indexPath)["weight_map"] else {
      throw EngineError.invalid("\(indexPath): expected an object \"weight_map\"")
    }
    let shardOfTensor = try map.mapValues { value in
      guard case .string(let shard) = value, !shard.isEmpty, !shard.contains("/") else {
        throw EngineError.invalid("\(indexPath): expected a file name, got \(value.description)")
      }
      return directory + "/" + shard
    }
    for path in Set(shardOfTensor.values).sorted() { try add(path) }
    for (name, path) in shardOfTensor where tensors[name]?.file != path {
      throw EngineError.invalid("\(indexPath): expected tensor \(name) in \(path), but it is not there")
    }
  }

  private static func readIfPresent(_ path: String) throws -> Data? {
    do {
      return try WeightFile.readDocument(path, limit: Safetensors.maximumHeader)
    } catch let error as EngineError where error.isNotFound {
      return nil
    }
  }
}
