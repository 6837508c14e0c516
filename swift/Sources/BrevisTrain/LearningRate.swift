import Foundation

/// Up in a line over the first steps, then down half a cosine to a fiftieth at the last, as scripts/keep/train_encoder.py has it.
struct LearningRate {
  let peak: Float
  let warmup, iterations: Int

  /// Of the step with this number, counted from 0.
  func at(_ step: Int) -> Float {
    let rise = warmup > 0 ? min(1, Float(step + 1) / Float(warmup)) : 1
    let rest = max(1, iterations - warmup)
    let share = min(1, Float(max(0, step - warmup)) / Float(rest))
    return peak * rise * max(0.02, 0.5 * (1 + cos(Float.pi * share)))
  }
}
