import "@mantine/core/styles.css";
import "ol/ol.css";
import "./app/app.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { store } from "./app/state";
import { loadLanguage } from "./i18n/translate";

const root = document.getElementById("root");
if (root) {
  void loadLanguage(store.getState().language).then(() => createRoot(root).render(<App />));
}
