/**
 * The order in which `count` like things are best taken so that any first few of them are spread evenly: the ends, the
 * middle, the quarters (van der Corput).
 *
 * @returns `ranks[i]`: the place of thing i in that order, 0 for the first
 */
export function spreadEvenly(count: number): Uint32Array {
  const ranks = new Uint32Array(count);
  if (count === 0) return ranks;
  let next = 0;
  const taken = new Uint8Array(count);
  const take = (index: number) => {
    if (taken[index]) return;
    taken[index] = 1;
    ranks[index] = next++;
  };
  take(0);
  take(count - 1);
  for (let step = 2; next < count; step *= 2) {
    for (let at = 1; at < step && next < count; at += 2) take(Math.floor(((count - 1) * at) / step));
    // Once the steps are finer than the things, what is left is taken in order.
    if (step > count) for (let at = 0; at < count; at++) take(at);
  }
  return ranks;
}
