import picocolors from "picocolors";

type Colours = ReturnType<typeof picocolors.createColors>;

/** Whether a stream takes colours: a terminal, unless NO_COLOR or TERM=dumb says no; FORCE_COLOR says yes anywhere. */
function takesColours(stream: { isTTY?: boolean }): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return !["", "0", "false"].includes(FORCE_COLOR);
  return stream.isTTY === true && TERM !== "dumb";
}

/** Colours for standard output; functions that change nothing where it takes none. */
export function outputColours(): Colours {
  return picocolors.createColors(takesColours(process.stdout));
}

/** Colours for standard error. */
export function errorColours(): Colours {
  return picocolors.createColors(takesColours(process.stderr));
}
