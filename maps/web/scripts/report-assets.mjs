// The mailed reports (maps/reports.py) carry Leaflet inside; it comes from here, never from a CDN.
import { copyFileSync, mkdirSync } from "node:fs";

const from = new URL("../node_modules/leaflet/", import.meta.url);
const to = new URL("../../static/report/", import.meta.url);
mkdirSync(to, { recursive: true });
for (const file of ["dist/leaflet.js", "dist/leaflet.css", "LICENSE"]) {
  copyFileSync(new URL(file, from), new URL(file.replace("dist/", ""), to));
}
