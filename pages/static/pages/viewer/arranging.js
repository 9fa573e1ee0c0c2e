// Tracks are added, removed and moved.

import { clamp } from "./scales.js";

export async function add(bench, spec) {
  await bench.make(spec);
  bench.fill();
  bench.redraw();
  bench.tracks.at(-1)?.element.scrollIntoView({ inline: "end", block: "nearest" });
  bench.save();
}

export function remove(bench, track) {
  bench.unmount(track);
  bench.tracks = bench.tracks.filter((other) => other !== track);
  place(bench);
  bench.fill();
  bench.redraw();
  bench.save();
}

/** Put all tracks in their order. */
function place(bench) {
  bench.tracks.forEach((track, i) => track.place(bench.tracks[i - 1]));
}

/** Move a track by so many places. */
export function move(bench, track, step) {
  const { tracks } = bench;
  const from = tracks.indexOf(track);
  const to = clamp(from + step, 0, tracks.length - 1);
  tracks.splice(to, 0, ...tracks.splice(from, 1));
  place(bench);
  bench.redraw();
  bench.save();
}

/** Move a track to the place of another. */
export function drop(bench, track, onto) {
  const [from, to] = [track, onto].map((one) => bench.tracks.indexOf(one));
  if (from >= 0 && from !== to) move(bench, track, to - from);
}
