// Numbers as people read them, with their units.

import { decimalsOf, turned } from "./scales.js";

/** A depth with as many decimals as `step` can be told apart by. */
export function depth(value, unit, step = 0.01) {
  return `${fixed(value, decimalsOf(step))}${unit ? ` ${unit}` : ""}`;
}

export function angle(value) {
  return (value ?? null) === null ? "–" : `${fixed(value, 1)}°`;
}

/** A dip and where it goes. */
export function plane(dip, azimuth) {
  return (dip ?? null) === null ? "–" : `${angle(dip)} towards ${angle(azimuth)}`;
}

/** A value of a log; NaN is a missing reading. */
export function value(number, unit) {
  if (number === undefined) return "…";
  if (Number.isNaN(number)) return "no reading";
  return `${Number(number.toPrecision(5))}${unit ? ` ${unit}` : ""}`;
}

const NAMES = { north: "NESW", "top of hole": "TRBL" };

/** [azimuth, label] of the marks above an image: by its reference, or degrees without one. */
export function azimuthMarks(reference) {
  const names = NAMES[reference];
  return [0, 90, 180, 270].map((azimuth, i) => [azimuth, names ? names[i] : `${azimuth}°`]);
}

/** [part of the width, label] of the marks above a log whose columns are no azimuths. */
export function axisMarks({ unit, places }) {
  const last = places.length - 1;
  return [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const column = Math.round(part * last);
    const label = Number(places[column].toPrecision(3));
    return [(column + 0.5) / places.length, `${label}${part === 1 && unit ? ` ${unit}` : ""}`];
  });
}

/** An azimuth, and what it is counted from where that is known. */
export function azimuth(degrees, reference) {
  return `${fixed(turned(degrees), 1)}°${reference ? ` from ${reference}` : ""}`;
}

function fixed(number, decimals) {
  return Number(number).toFixed(decimals).replace(/^-(0(\.0*)?)$/, "$1");
}
