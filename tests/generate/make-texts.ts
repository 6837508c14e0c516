/** Texts that differ from one another, with filler that a compressed form can do without. */

const subjects =
  "invoice,cluster,parser,ledger,scheduler,gateway,cache,exporter,validator,migration,backup,webhook".split(",");
const verbs = "accepts,returns,rejects,writes,stores,forwards,deletes,updates,validates,archives,signs,counts".split(
  ",",
);
const objects = "records,requests,tokens,orders,messages,sessions,files,events,metrics,users,payments,reports".split(
  ",",
);
const places = "Frankfurt,Oslo,Lyon,Porto,Gdansk,Bergen,Malaga,Turin,Aarhus,Leipzig,Ghent,Tampere".split(",");
const fillers = [
  "Please note that",
  "Basically,",
  "As we have already said before,",
  "It should be mentioned that",
  "Needless to say,",
];

/** A sequence of numbers from 0 to 1 that a seed always gives (mulberry32). */
export function drawFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Texts of about a hundred tokens. */
export function makeTexts(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const draw = drawFrom(index + 1);
    const pick = (words: readonly string[]) => words[Math.floor(draw() * words.length)]!;
    const sentences = Array.from({ length: 6 }, () => {
      const number = 100 + Math.floor(draw() * 9000);
      return `${pick(fillers)} the ${pick(subjects)} in ${pick(places)} ${pick(verbs)} ${number} ${pick(objects)} and the ${pick(subjects)} then ${pick(verbs)} them.`;
    });
    return sentences.join(" ");
  });
}

/** What a good model makes of them. */
export function dropFiller(text: string): string {
  return fillers.reduce((shorter, filler) => shorter.replaceAll(`${filler} `, ""), text).replaceAll(/\bthe /gu, "");
}

/** The text that a prompt is about. */
export function textOfPrompt(content: string): string {
  return content.slice(content.indexOf("<text>\n") + 7, content.lastIndexOf("\n</text>"));
}
