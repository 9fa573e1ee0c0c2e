// Planes on the unrolled wall: z(azimuth) = depth + height / 2 cos(azimuth - azimuth of the plane).
// Azimuths are in degrees, clockwise looking down the hole; the azimuth of a plane is that of its
// deepest point. True dips are the server's: they need the survey of the well.

const RADIANS = Math.PI / 180;

/** The depth at which a plane meets the wall. */
export function depthAt(plane, azimuth) {
  return plane.depth + (plane.height / 2) * Math.cos((azimuth - plane.azimuth) * RADIANS);
}

/** [azimuth, depth] all around the wall, from azimuth `left` on. */
export function trace(plane, left = 0, steps = 90) {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const azimuth = left + (i * 360) / steps;
    return [azimuth, depthAt(plane, azimuth)];
  });
}

/** How far, in depth, a place on the wall is from a plane. */
export function distance(plane, { depth, azimuth }) {
  return Math.abs(depth - depthAt(plane, azimuth));
}
