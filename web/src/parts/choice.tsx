/** One option of a list. */
export interface Option {
  readonly value: string;
  readonly label: string;
  readonly isDisabled?: boolean;
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  onChoose(value: string): void;
}

/** A labelled list to choose from. */
export function Choice({ label, value, options, onChoose }: ChoiceProps) {
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.isDisabled ?? false}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}
