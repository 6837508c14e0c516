import { useState } from "preact/hooks";
import type { ServiceState } from "../service/use-service.js";
import { keepTheme, readTheme, themes } from "../theme.js";

const words: Readonly<Record<ServiceState, string>> = {
  loading: "Connecting",
  ready: "Ready",
  offline: "No answer",
  locked: "Token needed",
};

/** Name, how the service is, and the scheme. */
export function Header({ state, version }: { state: ServiceState; version: string | undefined }) {
  const [theme, setTheme] = useState(readTheme);
  return (
    <header class="header">
      <h1 class="wordmark">
        <img src="/favicon.svg" alt="" width="24" height="24" />
        brevis <span>compare</span>
      </h1>
      <p class={`status status-${state}`} role="status">
        {words[state]}
        {state === "ready" && <span class="version"> · {version}</span>}
      </p>
      <fieldset class="segmented">
        <legend class="hidden">Colours</legend>
        {themes.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="theme"
              checked={theme === name}
              onChange={() => {
                keepTheme(name);
                setTheme(name);
              }}
            />
            <span>{name[0]!.toUpperCase() + name.slice(1)}</span>
          </label>
        ))}
      </fieldset>
    </header>
  );
}
