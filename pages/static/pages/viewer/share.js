// What is seen for somebody else: its link, and a picture of it with heads and the depth axis.

const MARGIN = 12;
const TITLE = 30;
const TITLE_FONT = "bold 15px system-ui, sans-serif";
const FONT = "13px system-ui, sans-serif";
const SMALL = "12px system-ui, sans-serif";

export async function copyLink(bench) {
  const link = new URL(bench.address, location.href).href;
  try {
    await navigator.clipboard.writeText(link);
    bench.say("The link was copied.");
  } catch {
    bench.say(`The browser does not let pages copy; the link is ${link}`);
  }
}

/** A canvas with the whole workbench on it. */
function drawn(bench) {
  const { axis, tracks: area } = bench.elements;
  const ratio = devicePixelRatio || 1;
  const { left, top: wall } = axis.getBoundingClientRect();
  const above = area.getBoundingClientRect().top;
  const shown = area.getBoundingClientRect().right;
  const columns = bench.tracks.filter((t) => t.element.getBoundingClientRect().left < shown);
  const right = Math.max(...columns.map((t) => t.element.getBoundingClientRect().right), left + 60);
  const bottom = wall + bench.scale.height;
  const { top, base } = bench.scale;
  const window = `${top.toFixed(2)} – ${base.toFixed(2)} ${bench.unit}`;
  const title = `${bench.well.name}   ${window}`;
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  context.font = TITLE_FONT;
  const width = Math.max(right - left, context.measureText(title).width);
  canvas.width = (width + 2 * MARGIN) * ratio;
  canvas.height = (bottom - above + TITLE + 2 * MARGIN) * ratio;
  context.scale(ratio, ratio);
  context.fillStyle = bench.colours.page;
  context.fillRect(0, 0, canvas.width, canvas.height);
  const text = (words, x, y, font = FONT) => {
    Object.assign(context, { fillStyle: bench.colours.text, font, textBaseline: "top" });
    context.fillText(words, x, y);
  };
  text(title, MARGIN, MARGIN, TITLE_FONT);
  context.translate(MARGIN - left, MARGIN + TITLE - above);
  const walls = columns.flatMap(({ head, canvas: wall }) => [...head.querySelectorAll("canvas"), wall]);
  for (const element of [axis, ...walls]) {
    const box = element.getBoundingClientRect();
    if (box.width && box.height) context.drawImage(element, box.left, box.top, box.width, box.height);
  }
  const words = (element, font = SMALL) => {
    const inside = document.createRange();
    inside.selectNodeContents(element);
    const box = inside.getBoundingClientRect();
    text(element.textContent, box.left, box.top, font);
  };
  axis.parentElement.querySelectorAll(".unit").forEach((one) => words(one));
  for (const track of columns) {
    const { left: x, top: y, width } = track.element.getBoundingClientRect();
    context.save();
    context.beginPath();
    context.rect(x, y, width, bottom - y);
    context.clip();
    words(track.name, FONT);
    track.head.querySelectorAll(".range:not(.ends), .ends span").forEach((one) => words(one));
    track.drawPen?.(context);
    context.restore();
    context.strokeStyle = bench.colours.line;
    context.strokeRect(x, wall, track.body.clientWidth, bench.scale.height);
  }
  return canvas;
}

/** Hand the picture to the browser as a file. */
export async function savePicture(bench) {
  const blob = await new Promise((resolve) => drawn(bench).toBlob(resolve, "image/png"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${bench.well.name.replace(/[^\w.-]+/g, "_")}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
