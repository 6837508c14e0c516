/** A model of tests/native/fixtures, who answered for it, and how far an engine may be from the answers. */
export interface ConformanceModel {
  readonly name: string;
  readonly oracle: "transformers" | "mlx-lm" | "PEFT";
  /** Largest difference of any logit. */
  readonly bound: number;
  /** An adapter's folder in the model's. */
  readonly adapter?: string;
  /** The goldens' file, without `.safetensors`. */
  readonly goldens?: string;
  /** A keep model whose decisions have to stay when its weights are quantized while loading, and inputs with them where the engine does that. */
  readonly decisions?: true;
}

const floatBound = 1e-4;
const quantizedBound = 2e-3;
/** Share of tokens that may be decided otherwise. */
const decisionBound = 0.005;

/** Everything that both engines have to agree with (scripts/goldens wrote it). */
export const conformanceModels: readonly ConformanceModel[] = [
  ...["tied-gqa1", "untied-gqa2", "tied-gqa4", "sharded-bf16", "f16", "keep", "keep-features"].map(
    (name) => ({ name, oracle: "transformers", bound: floatBound }) as const,
  ),
  { name: "keep-trained", oracle: "transformers", bound: floatBound },
  { name: "keep-trained", oracle: "transformers", bound: decisionBound, decisions: true },
  { name: "untied-gqa2", oracle: "transformers", bound: floatBound, goldens: "long" },
  ...["mlx-q4-g32", "mlx-q8-g64", "mlx-q8-g32-bf16", "mlx-q4-g64-f16", "mlx-q4-g128-bf16"].map(
    (name) => ({ name, oracle: "mlx-lm", bound: quantizedBound }) as const,
  ),
  { name: "mlx-q4-g32", oracle: "mlx-lm", bound: quantizedBound, adapter: "adapter-mlx" },
  { name: "tied-gqa1", oracle: "PEFT", bound: floatBound, adapter: "adapter-peft" },
  { name: "tied-gqa1", oracle: "PEFT", bound: floatBound, adapter: "adapter-peft-rslora" },
];
