import type { CompressionSettings } from "../compression/use-compression.js";
import type { ServiceConfig } from "../service/types.js";
import { Choice } from "./choice.js";

interface SettingsProps {
  readonly config: ServiceConfig | undefined;
  readonly settings: CompressionSettings;
  change(changed: Partial<CompressionSettings>): void;
}

const strategyNames: Readonly<Record<string, string>> = {
  extractive: "Choose words and lines",
  lossless: "Lose nothing",
  abstractive: "Rewrite with a model",
};
const dictionaryNames: Readonly<Record<string, string>> = { on: "Where it is safe", off: "Nowhere", all: "Everywhere" };

/** How much to keep, and how. */
export function Settings({ config, settings, change }: SettingsProps) {
  const { rate, kind, strategy, dictionary } = settings;
  const isLossless = strategy === "lossless";
  return (
    <section class="settings" aria-label="Settings">
      <RateSlider rate={rate} presets={config?.presets ?? {}} isDisabled={isLossless} change={change} />
      <Choice
        label="Kind"
        value={kind}
        options={(config?.kinds ?? ["auto"])
          .filter((name) => name !== "mixed")
          .map((name) => ({ value: name, label: name === "auto" ? "Detect" : name }))}
        onChoose={(chosen) => change({ kind: chosen })}
      />
      <Choice
        label="Strategy"
        value={strategy}
        options={(config?.strategies ?? ["extractive"]).map((name) => ({
          value: name,
          label: strategyNames[name] ?? name,
        }))}
        onChoose={(chosen) => change({ strategy: chosen })}
      />
      <Choice
        label="Aliases"
        value={dictionary}
        options={(config?.dictionary ?? ["on"]).map((name) => ({ value: name, label: dictionaryNames[name] ?? name }))}
        onChoose={(chosen) => change({ dictionary: chosen })}
      />
    </section>
  );
}

interface RateSliderProps {
  readonly rate: number;
  readonly presets: Readonly<Record<string, number>>;
  readonly isDisabled: boolean;
  change(changed: { rate: number }): void;
}

function RateSlider({ rate, presets, isDisabled, change }: RateSliderProps) {
  const percent = Math.round(rate * 100);
  const named = Object.entries(presets).sort(([, one], [, other]) => one - other);
  return (
    <div class="rate">
      <div class="rate-head">
        <label for="rate">Keep</label>
        <output for="rate" class="figures">
          {percent} %
        </output>
        <span class="quiet">of the tokens</span>
      </div>
      <input
        id="rate"
        type="range"
        min="5"
        max="95"
        step="1"
        value={percent}
        disabled={isDisabled}
        aria-valuetext={`${percent} % of the tokens`}
        style={{ "--share": `${((percent - 5) / 90) * 100}%` }}
        onInput={(event) => change({ rate: Number(event.currentTarget.value) / 100 })}
      />
      <div class="presets">
        {named.map(([name, value]) => (
          <button
            key={name}
            type="button"
            class="link figures"
            disabled={isDisabled}
            aria-pressed={rate === value}
            onClick={() => change({ rate: value })}
          >
            {name} {Math.round(value * 100)}
          </button>
        ))}
      </div>
    </div>
  );
}
