/** Times the stages of one call. */
export interface Clock {
  /** Milliseconds by stage, and `total` since the start; fills up as stages end. */
  readonly timings: Readonly<Record<string, number>>;
  time<T>(stage: string, run: () => T): T;
  timeAsync<T>(stage: string, run: () => Promise<T>): Promise<T>;
}

export function startClock(): Clock {
  const startedAt = performance.now();
  const timings: Record<string, number> = {};
  const record = (stage: string, since: number) => {
    const now = performance.now();
    timings[stage] = (timings[stage] ?? 0) + now - since;
    timings.total = now - startedAt;
  };
  return {
    timings,
    time(stage, run) {
      const since = performance.now();
      try {
        return run();
      } finally {
        record(stage, since);
      }
    },
    async timeAsync(stage, run) {
      const since = performance.now();
      try {
        return await run();
      } finally {
        record(stage, since);
      }
    },
  };
}
