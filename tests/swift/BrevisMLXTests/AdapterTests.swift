import CBrevisEngine
import XCTest

@testable import BrevisMLX

final class AdapterTests: XCTestCase {
  private let peft = #"{"peft_type":"LORA","r":2,"lora_alpha":4"#

  private func parse(_ text: String) throws -> AdapterConfig {
    try AdapterConfig.parse(Data(text.utf8), source: "adapter_config.json")
  }

  func testReadsBothKindsOfConfig() throws {
    let mlx = try parse(#"{"lora_parameters":{"rank":4,"scale":2.5}}"#)
    XCTAssertEqual(mlx.format, .mlx)
    XCTAssertEqual(mlx.scale(of: "any", rank: 4), 2.5)
    let trained = try parse(peft + #","use_rslora":true,"alpha_pattern":{"q_proj":3}}"#)
    XCTAssertEqual(trained.format, .peft)
    XCTAssertEqual(trained.scale(of: "model.layers.0.self_attn.q_proj", rank: 9), 1)
    XCTAssertEqual(trained.scale(of: "model.layers.0.self_attn.my_q_proj", rank: 4), 2)
    XCTAssertEqual(try parse(peft + "}").scale(of: "any", rank: 8), 0.5)
  }

  func testRefusesByNameWhatIsNotSupported() {
    for (more, part) in [
      (#","use_dora":true"#, "use_dora"), (#","bias":"all""#, "bias"),
      (#","modules_to_save":["lm_head"]"#, "modules_to_save is not supported: the string \"lm_head\""),
      (#","alpha_pattern":{"^model.*q":3}"#, "alpha_pattern"),
    ] {
      assertRefused(BRV_ERROR_UNSUPPORTED, part) { try parse(peft + more + "}") }
    }
    assertRefused(BRV_ERROR_UNSUPPORTED, "IA3") { try parse(#"{"peft_type":"IA3"}"#) }
    assertRefused(BRV_ERROR_UNSUPPORTED, "dora") { try parse(#"{"fine_tune_type":"dora","lora_parameters":{}}"#) }
    assertRefused(BRV_ERROR_INVALID, "finite numbers") { try parse(peft + #","alpha_pattern":{"q":null}}"#) }
    XCTAssertNoThrow(try parse(peft + #","modules_to_save":[],"use_dora":false,"bias":"none"}"#))
  }

  /// Opens an adapter of one file for a model with one layer, "layer" of [6, 8].
  private func open(_ config: String, _ file: String, _ header: String, _ bytes: Int) throws -> AdapterFiles {
    let directory = TemporaryDirectory()
    directory.write("adapter_config.json", config)
    directory.write(file, TemporaryDirectory.safetensors(header, dataBytes: bytes))
    let layer = LinearPlan(name: "layer", outputs: 6, inputs: 8, format: .dense, tensors: [])
    return try AdapterFiles(directory: directory.path, layers: ["layer": layer])
  }

  private func half(_ name: String, _ shape: String, _ begin: Int, _ end: Int, type: String = "F32") -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}"#
  }

  func testRefusesPairsThatDoNotFit() {
    let (config, file) = (peft + "}", "adapter_model.safetensors")
    let (down, up) = ("base_model.model.layer.lora_A.weight", "base_model.model.layer.lora_B.weight")
    let whole = half(down, "[2,8]", 0, 64)
    XCTAssertNoThrow(try open(config, file, "{\(whole),\(half(up, "[6,2]", 64, 112))}", 112))
    for (header, bytes, part) in [
      (half(down, "[2,7]", 0, 56), 56, "lora_A.weight (F32 [2, 7]): expected a rank and 8"),
      (whole + "," + half(up, "[6,3]", 64, 136), 136, "expected rank 2"), (whole, 64, "both halves"),
      (half("other.lora_A.weight", "[2,8]", 0, 64), 64, "no linear layer other"),
      (half(down, "[2,8]", 0, 64, type: "I32"), 64, "expected F32, F16 or BF16"), ("", 0, "holds no tensor"),
    ] {
      assertRefused(BRV_ERROR_INVALID, part) { try open(config, file, "{\(header)}", bytes) }
    }
    assertRefused(BRV_ERROR_UNSUPPORTED, "expected only LoRA pairs") {
      try open(config, file, "{\(half("layer.lora_magnitude_vector", "[2]", 0, 8))}", 8)
    }
    assertRefused(BRV_ERROR_NOT_FOUND, "adapter_model.safetensors: expected the adapter's weights") {
      try open(config, "elsewhere.safetensors", "{}", 0)
    }
  }
}
