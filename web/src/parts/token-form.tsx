import { useState } from "preact/hooks";

/** Asks for the service's token, where it wants one. */
export function TokenForm({ unlock }: { unlock: (token: string) => Promise<void> }) {
  const [token, setToken] = useState("");
  const [wasRefused, setRefused] = useState(false);
  return (
    <form
      class="panel token-form"
      onSubmit={async (event) => {
        event.preventDefault();
        await unlock(token.trim());
        // Still here: the token was another.
        setRefused(true);
      }}
    >
      <h2>This service asks for a token</h2>
      <p>It is the one that brevis serve was started with (--token-from). It stays in this tab.</p>
      <div class="row">
        <label class="field grow">
          <span class="field-label">Token</span>
          <input
            type="password"
            autocomplete="off"
            value={token}
            aria-invalid={wasRefused}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="button primary" disabled={token.trim() === ""}>
          Continue
        </button>
      </div>
      {wasRefused && <p role="alert">The service knows no such token.</p>}
    </form>
  );
}
