// The state of the page as its address, and back: `?top=&base=&track=…&track=…&hide=&pick=`.
//
// A track is `kind*id` and what differs from its defaults, as `*name.value`; `*`, `.`, `-` and `_`
// stand in an address as they are. Many tracks stand behind a `#`, which no server is sent: those
// refuse long addresses.

const LONGEST = 2000;

const NUMBERS = new Set(["width", "turn", "window", "over"]);
const KINDS = ["image", "curve", "photos", "tadpoles"];
const TEXTS = { map: /^\w+$/, stretch: /^(none|minmax|percentile|equalize)$/, scale: /^(linear|log)$/ };

/** {top, base, tracks, hide, pick} of an address; what it does not say, or says wrongly, is left out. */
export function read(address) {
  const [query, behind] = address.split("#").map((part) => new URLSearchParams(part));
  const number = (name) => (query.get(name) ? finite(query.get(name)) : undefined);
  const state = { top: number("top"), base: number("base"), pick: query.get("pick") ?? undefined };
  if (!(state.top < state.base)) state.top = state.base = undefined;
  state.hide = query.get("hide")?.split("*");
  const tracks = [query, behind].find((part) => part?.has("track"));
  if (tracks) state.tracks = tracks.getAll("track").map(readTrack).filter(Boolean);
  return state;
}

/** The address of a state, from its `?` on. */
export function written({ top, base, tracks, hide, pick }, digits) {
  const query = new URLSearchParams();
  if (top !== undefined) {
    query.set("top", Number(top.toFixed(digits)));
    query.set("base", Number(base.toFixed(digits)));
  }
  const shown = new URLSearchParams((tracks ?? []).map((track) => ["track", writtenTrack(track)]));
  const many = `${shown}`.length > LONGEST;
  if (!many) shown.forEach((track) => query.append("track", track));
  if (hide?.length) query.set("hide", hide.join("*"));
  if (pick) query.set("pick", pick);
  return many ? `?${query}#${shown}` : `?${query}`;
}

export function readTrack(text) {
  const [kind, id, ...settings] = text.split("*");
  if (!KINDS.includes(kind)) return null;
  const track = { kind, id };
  for (const setting of settings) {
    const at = setting.indexOf(".");
    const [name, value] = [setting.slice(0, at), setting.slice(at + 1)];
    const parsed = parse(name, value, kind);
    if (parsed !== undefined) track[name] = parsed;
  }
  return track;
}

export function writtenTrack(track) {
  const parts = [track.kind, track.id ?? ""];
  for (const name of [...NUMBERS, ...Object.keys(TEXTS)]) {
    if (track[name]) parts.push(`${name}.${track[name]}`);
  }
  if (track.range) parts.push(`range.${track.range.map((end) => Number(end.toPrecision(6))).join("_")}`);
  return parts.join("*");
}

function parse(name, value, kind) {
  if (NUMBERS.has(name)) return finite(value);
  if (name === "range") {
    const [low, high] = value.split("_").map(finite);
    return low < high || (kind === "curve" && low > high) ? [low, high] : undefined;
  }
  return TEXTS[name]?.test(value) ? value : undefined;
}

function finite(text) {
  const number = Number(text);
  return text !== "" && Number.isFinite(number) ? number : undefined;
}
