import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));
const target = fileURLToPath(new URL("../dist/web", import.meta.url));

/** The fonts go with their licence, as it asks. */
const copyFontLicence = {
  name: "copy-font-licence",
  apply: "build",
  closeBundle() {
    const licence = new URL("../node_modules/@fontsource-variable/geist/LICENSE", import.meta.url);
    cpSync(fileURLToPath(licence), `${target}/assets/fonts-licence.txt`);
  },
};

// The page's policy allows files of its own origin alone: nothing is inlined, and nothing is preloaded by a script.
export default defineConfig({
  root: here,
  build: {
    outDir: target,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    target: "es2022",
    reportCompressedSize: false,
  },
  // `npx vite web`, beside a running `brevis serve`.
  server: { proxy: { "/api": { target: "http://127.0.0.1:3000", changeOrigin: true } } },
  logLevel: "warn",
  plugins: [copyFontLicence],
});
