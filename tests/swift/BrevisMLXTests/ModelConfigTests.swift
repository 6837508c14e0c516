import CBrevisEngine
import XCTest

@testable import BrevisMLX

final class ModelConfigTests: XCTestCase {
  private let base =
    #""model_type":"qwen3","vocab_size":9,"hidden_size":8,"intermediate_size":16,"num_hidden_layers":2,"num_attention_heads":4"#

  private func parse(_ more: String) throws -> ModelConfig { try parseText("{\(base)\(more)}") }

  private func parseText(_ text: String) throws -> ModelConfig {
    try ModelConfig.parse(Data(text.utf8), source: "config.json")
  }

  func testReadsAQwen3Config() throws {
    let config = try parse(#","num_key_value_heads":2,"head_dim":6,"rope_theta":1e6,"tie_word_embeddings":true"#)
    XCTAssertEqual(config.keyValueHeads, 2)
    XCTAssertEqual(config.headSize, 6)
    XCTAssertEqual(config.ropeTheta, 1e6)
    XCTAssertTrue(config.tiedEmbeddings)
    XCTAssertEqual(config.task, .causal)
    XCTAssertEqual(config.headOutputs, 9)
    XCTAssertEqual(try parse(#","rope_parameters":{"rope_type":"default","rope_theta":5}"#).ropeTheta, 5)
    XCTAssertEqual(try parse("").headSize, 128)
  }

  func testReadsAKeepTask() throws {
    let config = try parse(#","brevis":{"task":"keep","outputs":3,"features":[{"name":"shape","size":7}]}"#)
    XCTAssertEqual(config.task, .keep)
    XCTAssertEqual(config.headOutputs, 3)
    XCTAssertEqual(config.features, [Feature(name: "shape", size: 7)])
    XCTAssertEqual(try parse(#","brevis":{"task":"keep"}"#).keepOutputs, 1)
  }

  func testRefusesByNameWhatIsNotSupported() {
    for (more, part) in [
      (#","num_experts":64"#, "mixture-of-experts"), (#","rope_scaling":{"rope_type":"yarn"}"#, "\"yarn\""),
      (#","use_sliding_window":true"#, "use_sliding_window"), (#","attention_bias":true"#, "attention_bias"),
      (#","hidden_act":"gelu""#, "\"gelu\""), (#","quantization_config":{"quant_method":"gptq"}"#, "\"gptq\""),
      (#","quantization":{"mode":"mxfp4","bits":4}"#, "\"mxfp4\""), (#","brevis":{"task":"sing"}"#, "\"sing\""),
    ] {
      assertRefused(BRV_ERROR_UNSUPPORTED, part) { try parse(more) }
    }
    assertRefused(BRV_ERROR_UNSUPPORTED, "expected \"qwen3\", got \"llama\"") {
      try parseText(#"{"model_type":"llama"}"#)
    }
  }

  func testRefusesAbsurdValues() {
    for (more, part) in [
      (#","head_dim":7"#, "\"head_dim\": expected an even number, got 7"),
      (#","head_dim":99999999"#, "\"head_dim\": expected a whole number from 2 to 1024"),
      (#","num_key_value_heads":3"#, "a divisor of num_attention_heads 4"), (#","rope_theta":-1"#, "a positive number"),
      (#","rms_norm_eps":"x""#, "a finite number, got the string"), (#","rms_norm_eps":1e999"#, "a finite number"),
      (#","tie_word_embeddings":1"#, "true or false"), (#","head_dim":true"#, "a whole number"),
    ] {
      assertRefused(BRV_ERROR_INVALID, part) { try parse(more) }
    }
    assertRefused(BRV_ERROR_INVALID, "expected a JSON object") { try parseText("[]") }
    assertRefused(BRV_ERROR_INVALID, "\"num_attention_heads\"") { try parseText(#"{"model_type":"qwen3"}"#) }
  }
}
