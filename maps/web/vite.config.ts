import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  plugins: [react()],
  build: {
    // Served by the API from the installed package.
    outDir: "../static",
    emptyOutDir: true,
    // The last Chrome that Windows 7 office PCs can run; domestic browsers build on the same engine.
    target: ["chrome109", "firefox115", "safari16"],
    license: { fileName: "licenses.txt" },
    sourcemap: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: "ol",
              // What drafts draw with comes with the first draft, not with the first view.
              test: /node_modules[\\/](?:ol[\\/](?!interaction[\\/](?:Draw|Snap|DragBox)\.js)|(?:pbf|rbush|quickselect|earcut)[\\/])/,
            },
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
          ],
        },
      },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": process.env.WANGGE_API ?? "http://127.0.0.1:8000",
      "/tiles": process.env.WANGGE_API ?? "http://127.0.0.1:8000",
    },
  },
});
