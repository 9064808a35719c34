/** Calm hatching for what is not to be touched. */

/** Thin slanted lines; the plain colour where there is no canvas. */
export function hatching(colour: string, size = 8): CanvasPattern | string {
  const canvas = document.createElement("canvas");
  canvas.width = size;
  canvas.height = size;
  const context = canvas.getContext("2d");
  if (!context) return colour;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  // Three strokes, so that the line goes on across the tile's corners.
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift - 1, -1);
    context.lineTo(shift + size + 1, size + 1);
  }
  context.stroke();
  return context.createPattern(canvas, "repeat") ?? colour;
}
