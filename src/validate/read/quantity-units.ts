/** A unit of measurement: what it measures, and how many of the dimension's base unit it is. */
export interface Unit {
  readonly dimension: string;
  readonly factor: number;
  /** Added after multiplying; of Fahrenheit alone. */
  readonly offset?: number;
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Base unit, then the names of each factor. Bytes are decimal, as of storage; 16 GB and 16,000 MB are the same. */
const table: readonly [dimension: string, factor: number, names: string][] = [
  ["percent", 1, "% percent prozent pourcent porcento процентов"],
  ["usd", 1, "$ us$ usd dollar dollars"],
  ["eur", 1, "€ eur euro euros"],
  ["gbp", 1, "£ gbp pound pounds"],
  ["brl", 1, "r$ brl real reais"],
  ["cny", 1, "元 ¥ cny yuan"],
  ["time", 0.001, "ms millisecond milliseconds"],
  ["time", 1, "s sec secs second seconds sekunde sekunden secondes segundos"],
  ["time", minute, "min mins minute minutes minuten minutos"],
  ["time", hour, "h hr hrs hour hours stunde stunden heures horas"],
  ["time", day, "day days tag tage jours días dias"],
  ["time", 7 * day, "week weeks woche wochen"],
  ["time", 30.4375 * day, "month months monat monate monaten mois meses"],
  ["time", 365.25 * day, "year years jahr jahre jahren ans años"],
  ["mass", 0.001, "mg milligram milligrams"],
  ["mass", 1, "g gram grams"],
  ["mass", 1000, "kg kilogram kilograms kilo kilos"],
  ["volume", 0.001, "ml millilitre millilitres"],
  ["volume", 1, "l litre litres liter liters"],
  ["length", 0.001, "mm millimetre millimetres"],
  ["length", 0.01, "cm centimetre centimetres centimeter centimeters"],
  ["length", 1, "m metre metres meter meters"],
  ["length", 1000, "km kilometre kilometres kilometer kilometers"],
  ["speed", 1, "km/h kph"],
  ["speed", 3.6, "m/s"],
  ["bytes", 1, "byte bytes"],
  ["bytes", 1e3, "kb kilobyte kilobytes"],
  ["bytes", 1e6, "mb megabyte megabytes"],
  ["bytes", 1e9, "gb gigabyte gigabytes"],
  ["bytes", 1e12, "tb terabyte terabytes"],
  ["bits", 1, "bit bits"],
  ["temperature", 1, "°c ℃ celsius"],
];

const units = new Map<string, Unit>(
  table.flatMap(([dimension, factor, names]) => names.split(" ").map((name) => [name, { dimension, factor }] as const)),
);
for (const name of ["°f", "℉", "fahrenheit"]) {
  units.set(name, { dimension: "temperature", factor: 5 / 9, offset: -160 / 9 });
}

/** Symbols that stand before their number. */
export const leadingUnits = /(?:US\$|R\$|[$€£¥]|\b(?:EUR|USD|GBP)\s)\s?$/iu;

/** The unit of a name or symbol in any case; `MB` and `mb` are one. */
export function findUnit(name: string): Unit | undefined {
  return units.get(name.trim().toLowerCase());
}
