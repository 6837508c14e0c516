import BrevisMLX
import Foundation
import MLX

/// Writes the LoRA pairs as mlx-lm does: `adapters.safetensors` and `adapter_config.json`, which both engines load beside the model.
/// https://github.com/ml-explore/mlx-lm, mlx_lm/tuner
enum AdapterExport {
  private static let projections = [
    "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.o_proj",
    "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj",
  ]

  static func write(_ trainer: Trainer, to folder: String) throws {
    try OutputFile.makeDirectory(folder)
    try EngineThread.shared.run { [state = trainer.state] in
      try state.use { state in
        let pairs = state.parameters.filter { !$0.key.hasPrefix("keep_head.") }
        try TensorWriter.write(
          pairs.map { TensorToWrite($0, $1) }, to: folder + "/partial.safetensors")
      }
    }
    guard rename(folder + "/partial.safetensors", folder + "/adapters.safetensors") == 0 else {
      throw EngineError.invalid("\(folder)/adapters.safetensors: expected to write it")
    }
    let settings = trainer.settings
    let about: [String: JSONValue] = [
      "fine_tune_type": .string("lora"), "model": .string(settings.model),
      "num_layers": .integer(trainer.model.config.layers),
      "lora_parameters": .object([
        "rank": .integer(settings.rank), "scale": .float(settings.scale), "dropout": .integer(0),
        "keys": .array(projections.map { .string($0) }),
      ]),
    ]
    try OutputFile.write(JSONText.pretty(.object(about)), to: folder + "/adapter_config.json")
  }
}
