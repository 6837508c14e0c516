import { InvalidArgumentError } from "commander";

/** An option's whole number from 0, for commander. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number)) throw new InvalidArgumentError("Expected a whole number.");
  return number;
}

/** An option's whole number from 1, for commander. */
export function positiveNumber(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError("Expected a whole number above 0.");
  return number;
}
