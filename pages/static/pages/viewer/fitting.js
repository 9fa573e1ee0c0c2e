// From points on the wall to a plane, and a plane by its handles. Planes are as in scales.js.

import { depthAt, RADIANS } from "./scales.js";

/**
 * The plane through points of {depth, azimuth} by least squares in z = z0 + a cos + b sin, with
 * the root mean square of what is left; null where the points do not say which plane.
 */
export function fit(points) {
  if (distinct(points) < 3) return null;
  const middle = points.reduce((sum, p) => sum + p.depth, 0) / points.length;
  const rows = points.map((p) => [1, Math.cos(p.azimuth * RADIANS), Math.sin(p.azimuth * RADIANS)]);
  const normal = [0, 1, 2].map((i) => [
    ...[0, 1, 2].map((j) => rows.reduce((sum, row) => sum + row[i] * row[j], 0)),
    rows.reduce((sum, row, n) => sum + row[i] * (points[n].depth - middle), 0),
  ]);
  const solved = solve(normal);
  if (!solved) return null;
  const plane = fromParts(middle + solved[0], solved[1], solved[2]);
  const squares = points.map((p) => (p.depth - depthAt(plane, p.azimuth)) ** 2);
  return { ...plane, residual: Math.sqrt(squares.reduce((a, b) => a + b, 0) / points.length) };
}

export function fromParts(depth, a, b) {
  const azimuth = (Math.atan2(b, a) / RADIANS + 360) % 360;
  return { depth, height: 2 * Math.hypot(a, b), azimuth };
}

/** Where a plane is taken hold of: {name, azimuth, depth}. */
export function handles(plane) {
  const at = (name, turn) => {
    const azimuth = (plane.azimuth + turn) % 360;
    return { name, azimuth, depth: depthAt(plane, azimuth) };
  };
  return [at("depth", 90), at("height", 0), at("azimuth", 180)];
}

/** The plane after one of its handles was dragged to a place on the wall. */
export function dragged(plane, name, { depth, azimuth }) {
  if (name === "depth") return { ...plane, depth };
  if (name === "height") return { ...plane, height: Math.max(0, 2 * (depth - plane.depth)) };
  return { ...plane, azimuth: (azimuth + 180) % 360 };
}

function distinct(points) {
  return new Set(points.map((p) => (((p.azimuth % 360) + 360) % 360).toFixed(6))).size;
}

/** Three equations of three unknowns, each row with its right side; null where they are singular. */
function solve(rows) {
  const m = rows.map((row) => [...row]);
  for (let i = 0; i < 3; i++) {
    const pivot = [0, 1, 2].slice(i).reduce((p, r) => (Math.abs(m[r][i]) > Math.abs(m[p][i]) ? r : p));
    if (Math.abs(m[pivot][i]) < 1e-9) return null;
    [m[i], m[pivot]] = [m[pivot], m[i]];
    for (let r = 0; r < 3; r++) {
      if (r === i) continue;
      const factor = m[r][i] / m[i][i];
      for (let c = i; c < 4; c++) m[r][c] -= factor * m[i][c];
    }
  }
  return m.map((row, i) => row[3] / row[i]);
}
