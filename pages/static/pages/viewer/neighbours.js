// From one pick to the next, wherever in the well it is. The service is asked: those around the window
// are not all that there are.

import { getJson, said } from "./service.js";
import { typesShown } from "./typefilter.js";

// Picks at one depth are told apart, if they are no more than these.
const FEW = 50;

/** Select the pick that is next down the hole (`step` 1) or up (-1), and bring it into the window. */
export async function select(bench, step) {
  try {
    const pick = await next(bench, step);
    if (!pick) return bench.say(`There is no pick further ${step > 0 ? "down" : "up"}.`);
    bench.say("");
    if (!bench.picks.find(pick.id)) bench.picks.put([...bench.picks.all, pick]);
    bench.select(pick.id);
    bench.picks.extend(pick.depth, pick.depth);
    if (!bench.scale.holds(pick.depth)) bench.show(bench.scale.centred(pick.depth));
  } catch (error) {
    bench.say(`The next pick was not loaded: ${said(error)}.`, true);
  }
}

/** The one after the selected one; where none is selected, the first one of the window. */
async function next(bench, step) {
  const { picks, scale, well, selected } = bench;
  const from = selected ? (picks.find(selected) ?? (await getJson(`/dips/${selected}/`))) : null;
  const ask = (of) => {
    const query = new URLSearchParams({ well: well.id, ...typesShown(bench), ...of });
    return getJson(`/dips/?${query}`, { cache: "no-cache" });
  };
  const depth = from?.depth ?? (step > 0 ? scale.top : scale.base);
  if (step > 0) return after((await ask({ min: depth, limit: FEW })).results, from);
  const { count } = await ask({ max: depth, limit: 1 });
  const offset = Math.max(0, count - FEW);
  return after((await ask({ max: depth, limit: FEW, offset })).results.toReversed(), from);
}

function after(inOrder, from) {
  return inOrder[from ? inOrder.findIndex(({ id }) => id === from.id) + 1 : 0];
}
