import CBrevisEngine
import Foundation

// The calls on models: pointers are checked and copied here, and statuses come out.

func openModel(
  directory: UnsafePointer<CChar>?, options: UnsafePointer<brv_open_options>?, cancel: UnsafePointer<Int32>?,
  out: UnsafeMutablePointer<OpaquePointer?>?
) -> brv_status {
  guarded {
    let directory = String(cString: try expect(directory, "directory"))
    let out = try expect(out, "model")
    let model = try Model.open(
      directory: directory, options: options?.pointee ?? brv_open_options(), cancel: CancelFlag(cancel))
    out.pointee = handle(of: model)
  }
}

func closeModel(_ model: OpaquePointer?) {
  guard let model else { return }
  Unmanaged<Model>.fromOpaque(UnsafeRawPointer(model)).release()
}

func describeModel(_ model: OpaquePointer?, _ info: UnsafeMutablePointer<brv_model_info>?) -> brv_status {
  guarded {
    let model: Model = try object(of: model, "model")
    try expect(info, "info").pointee = model.info
  }
}

func loadAdapter(
  model: OpaquePointer?, name: UnsafePointer<CChar>?, directory: UnsafePointer<CChar>?, cancel: UnsafePointer<Int32>?
) -> brv_status {
  guarded {
    let model: Model = try object(of: model, "model")
    let name = String(cString: try expect(name, "name"))
    let directory = String(cString: try expect(directory, "directory"))
    try model.loadAdapter(name: name, directory: directory, cancel: CancelFlag(cancel))
  }
}

func dropAdapter(_ model: OpaquePointer?, _ name: UnsafePointer<CChar>?) -> brv_status {
  guarded {
    let model: Model = try object(of: model, "model")
    try model.adapters.drop(name: String(cString: try expect(name, "name")))
  }
}

func computeLogits(
  model: OpaquePointer?, batch: UnsafePointer<brv_batch>?, adapters: UnsafePointer<brv_adapter_use>?,
  adapterCount: Int, cancel: UnsafePointer<Int32>?, out: UnsafeMutablePointer<Float>?, capacity: Int
) -> brv_status {
  guarded {
    let model: Model = try object(of: model, "model")
    _ = try writeLogits(model, batch, adapters, adapterCount, CancelFlag(cancel), out, capacity)
  }
}

func computeKeep(
  model: OpaquePointer?, batch: UnsafePointer<brv_batch>?, adapters: UnsafePointer<brv_adapter_use>?,
  adapterCount: Int, cancel: UnsafePointer<Int32>?, out: UnsafeMutablePointer<Float>?, capacity: Int
) -> brv_status {
  guarded {
    let model: Model = try object(of: model, "model")
    guard model.config.task == .keep else {
      throw EngineError.unsupported("keep: expected a keep model, but the config names no task \"keep\"")
    }
    let logits = try writeLogits(model, batch, adapters, adapterCount, CancelFlag(cancel), out, capacity)
    for index in logits.indices { logits[index] = 1 / (1 + exp(-logits[index])) }
  }
}

/// Computes the logits of a batch into the caller's buffer and checks that they are numbers.
private func writeLogits(
  _ model: Model, _ batch: UnsafePointer<brv_batch>?, _ adapters: UnsafePointer<brv_adapter_use>?,
  _ adapterCount: Int, _ cancel: CancelFlag, _ out: UnsafeMutablePointer<Float>?, _ capacity: Int
) throws -> UnsafeMutableBufferPointer<Float> {
  let batch = try expect(batch, "batch").pointee
  let out = try expect(out, "output buffer")
  let width = model.config.headOutputs
  guard batch.token_count <= capacity / width else {
    throw EngineError.argument(
      "output buffer: expected room for \(batch.token_count) x \(width) floats, got \(capacity)")
  }
  try cancel.check()
  let uses = try model.adapters.activate(adapters, count: adapterCount)
  let checked = try Batch(batch, config: model.config)
  let logits = UnsafeMutableBufferPointer(start: out, count: checked.tokens.count * width)
  try model.computeLogits(of: checked, adapters: uses, cancel: cancel, into: logits)
  if let index = firstNotFinite(UnsafeBufferPointer(logits)) {
    throw EngineError.invalid(
      "logits: expected finite values, but token \(index / width)'s are not; "
        + "the model's or an adapter's weights are broken")
  }
  return logits
}
