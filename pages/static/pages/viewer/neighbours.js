// From one pick to the next, wherever in the well it is.

import { getJson, said } from "./service.js";

const FEW = 10;

/** Select the pick that is next down the hole (`step` 1) or up (-1), and bring it into the window. */
export async function select(bench, step) {
  try {
    const pick = nextHere(bench, step) ?? (await nextElsewhere(bench, step));
    if (!pick) return bench.say(`There is no pick further ${step > 0 ? "down" : "up"}.`);
    bench.say("");
    if (!bench.picks.find(pick.id)) bench.picks.put([...bench.picks.all, pick]);
    bench.select(pick.id);
    bench.picks.extend(pick.depth, pick.depth);
    const { top, base } = bench.scale;
    if (pick.depth < top || pick.depth > base) bench.show(bench.scale.centred(pick.depth));
  } catch (error) {
    bench.say(`The next pick was not loaded: ${said(error)}`, true);
  }
}

/** Of the picks around the window: after the selected one, else the first one in the window. */
function nextHere({ picks, selected, scale }, step) {
  const inOrder = step > 0 ? picks.all : picks.all.toReversed();
  const at = inOrder.findIndex(({ id }) => id === selected);
  if (at >= 0) return inOrder[at + 1];
  return inOrder.find(({ depth }) => (step > 0 ? depth >= scale.top : depth <= scale.base));
}

async function nextElsewhere({ picks, scale, well }, step) {
  const last = picks.all.at(step > 0 ? -1 : 0)?.depth ?? (scale.top + scale.base) / 2;
  const ask = (of) => getJson(`/dips/?${new URLSearchParams({ well: well.id, ...of })}`);
  const unknown = ({ id }) => !picks.find(id);
  if (step > 0) return (await ask({ min: last, limit: FEW })).results.find(unknown);
  const { count } = await ask({ max: last, limit: 1 });
  const offset = Math.max(0, count - FEW);
  return (await ask({ max: last, limit: FEW, offset })).results.findLast(unknown);
}
