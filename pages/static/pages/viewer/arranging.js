// Tracks are added, removed and moved.

export async function add(bench, spec) {
  await bench.make(spec);
  bench.begin();
  bench.tracks.at(-1)?.element.scrollIntoView({ inline: "end", block: "nearest" });
  bench.save();
}

export function remove(bench, track) {
  bench.unmount(track);
  bench.tracks = bench.tracks.filter((other) => other !== track);
  bench.redraw();
  bench.save();
}

/** Move a track by so many places. */
export function move(bench, track, step) {
  const { tracks } = bench;
  const from = tracks.indexOf(track);
  const to = Math.min(Math.max(from + step, 0), tracks.length - 1);
  tracks.splice(to, 0, ...tracks.splice(from, 1));
  tracks.forEach((one) => bench.elements.tracks.append(one.element));
  bench.redraw();
  bench.save();
}

/** Move the track that is carried to the place of another. */
export function drop(bench, target) {
  const [from, to] = [bench.carried, target].map((track) => bench.tracks.indexOf(track));
  if (from >= 0 && from !== to) move(bench, bench.carried, to - from);
  bench.carried = null;
}
