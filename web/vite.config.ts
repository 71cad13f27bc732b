import preact from "@preact/preset-vite";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** Addresses of the service, which the page asks while it is developed. */
const SERVICE = process.env.HOTSPOTS_SERVICE ?? "http://127.0.0.1:8080";
const ASKED = /^\/(?!dashboard(\/|$)|@|node_modules|src)|^\/dashboard\/settings\.json/.source;

/** Has the browser fetch the library of the map while it still reads the page's own code. */
const earlyMap: Plugin = {
  name: "early-map",
  transformIndexHtml: {
    order: "post",
    handler: (_, { bundle }) => {
      const library = Object.keys(bundle ?? {}).filter((file) =>
        /^assets\/maplibre-(?!gl-worker).*\.js$/.test(file),
      );
      const attrs = (file: string) => ({ rel: "modulepreload", href: `dashboard/${file}`, crossorigin: "" });
      return library.map((file) => ({ tag: "link", attrs: attrs(file), injectTo: "head" as const }));
    },
  },
};

export default defineConfig({
  base: "/dashboard/",
  plugins: [preact(), earlyMap],
  build: {
    target: "es2022",
    // MapLibre alone is a megabyte before compression; it is a chunk of its own.
    chunkSizeWarningLimit: 1200,
    // Small pictures would otherwise become data addresses inside of style sheets.
    assetsInlineLimit: 0,
    rollupOptions: {
      output: {
        manualChunks: (id) => (id.includes("node_modules/maplibre-gl") ? "maplibre" : undefined),
        // Not every server knows the ending .mjs.
        assetFileNames: ({ names }) =>
          names.some((name) => name.endsWith(".mjs"))
            ? "assets/[name]-[hash].js"
            : "assets/[name]-[hash][extname]",
      },
    },
  },
  experimental: {
    // Addresses are relative to the page, so that a proxy can put the service below any path.
    renderBuiltUrl: (file, { hostType }) => (hostType === "html" ? `dashboard/${file}` : { relative: true }),
  },
  server: { proxy: { [ASKED]: { target: SERVICE, changeOrigin: true } } },
  test: { include: ["src/**/*.test.ts"], setupFiles: ["src/testing.ts"] },
});
