import { BrevisError } from "../errors.js";

/** One call under way, and how many wait for it. */
interface Flight<Result> {
  readonly landed: Promise<Result>;
  readonly controller: AbortController;
  passengers: number;
}

/**
 * Lets callers that ask the same at the same time share one call. It is aborted when all of them have gone, and not when one has.
 */
export class Flights<Result> {
  readonly #flights = new Map<string, Flight<Result>>();

  /**
   * @param start begins the call; it gets the signal of all that wait
   * @returns the call's result, and whether another caller's call brought it
   * @throws BrevisError `aborted` when this caller's own signal fires
   */
  async share(
    key: string,
    signal: AbortSignal | undefined,
    start: (signal: AbortSignal) => Promise<Result>,
  ): Promise<{ result: Result; isShared: boolean }> {
    if (signal?.aborted) throw aborted(signal);
    const known = this.#flights.get(key);
    const flight = known ?? this.#begin(key, start);
    flight.passengers++;
    const result = await this.#wait(key, flight, signal);
    return { result, isShared: known !== undefined };
  }

  #begin(key: string, start: (signal: AbortSignal) => Promise<Result>): Flight<Result> {
    const controller = new AbortController();
    const landed = start(controller.signal);
    const flight = { landed, controller, passengers: 0 };
    this.#flights.set(key, flight);
    const forget = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    landed.then(forget, forget);
    return flight;
  }

  #wait(key: string, flight: Flight<Result>, signal: AbortSignal | undefined): Promise<Result> {
    if (!signal) return flight.landed;
    return new Promise((resolve, reject) => {
      const leave = () => {
        reject(aborted(signal));
        if (--flight.passengers > 0) return;
        // Whoever asks from now on must not join a call that is being aborted.
        if (this.#flights.get(key) === flight) this.#flights.delete(key);
        flight.controller.abort(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      const settled = () => signal.removeEventListener("abort", leave);
      flight.landed.then(resolve, reject).finally(settled);
    });
  }
}

function aborted(signal: AbortSignal): BrevisError {
  return new BrevisError("aborted", "The call was aborted.", { cause: signal.reason });
}
