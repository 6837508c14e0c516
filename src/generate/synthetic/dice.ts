import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Seeded chance: the same seed gives the same choices on every machine. */
export class Dice {
  readonly #generator;

  /** @param seed any integer; its lowest 32 bits count */
  constructor(seed: number) {
    this.#generator = xoroshiro128plus(seed | 0);
  }

  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number {
    return uniformInt(this.#generator, least, most);
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.integer(0, choices.length - 1)]!;
  }

  /** @param probability of true, 0 to 1 */
  chance(probability: number): boolean {
    return this.integer(0, 9999) < probability * 10000;
  }

  /** `count` different choices, or all where there are fewer. */
  sample<T>(choices: readonly T[], count: number): T[] {
    const left = [...choices];
    const taken: T[] = [];
    while (taken.length < count && left.length > 0) taken.push(left.splice(this.integer(0, left.length - 1), 1)[0]!);
    return taken;
  }

  /** What `make` gives, `least` to `most` times. */
  several<T>(least: number, most: number, make: (index: number) => T): T[] {
    return Array.from({ length: this.integer(least, most) }, (_, index) => make(index));
  }
}
