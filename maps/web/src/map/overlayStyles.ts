/** How problems, the selection and a picked place look: above everything, with a white rim. */
import { Circle, Fill, Stroke, Style } from "ol/style";
import { PROBLEM } from "./styles";

export const problemStyle = [
  new Style({ stroke: new Stroke({ color: "#fff", width: 6 }) }),
  new Style({
    fill: new Fill({ color: "rgba(194,65,12,.35)" }),
    stroke: new Stroke({ color: PROBLEM, width: 2.5 }),
    image: new Circle({
      radius: 7,
      fill: new Fill({ color: "rgba(194,65,12,.35)" }),
      stroke: new Stroke({ color: PROBLEM, width: 2.5 }),
    }),
  }),
];

export const selectionStyle = [
  new Style({
    zIndex: 1,
    stroke: new Stroke({ color: "rgba(255,255,255,.95)", width: 7 }),
    image: new Circle({ radius: 16, stroke: new Stroke({ color: "#fff", width: 6 }) }),
  }),
  new Style({
    zIndex: 2,
    stroke: new Stroke({ color: "#111827", width: 3 }),
    image: new Circle({ radius: 16, stroke: new Stroke({ color: "#111827", width: 3 }) }),
  }),
];

export const pickedStyle = new Style({
  image: new Circle({
    radius: 7,
    fill: new Fill({ color: "#111827" }),
    stroke: new Stroke({ color: "#fff", width: 3 }),
  }),
});
