import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

// Writes smoke/dist: plain JavaScript that starts faster than the sources, for Node without type stripping
// and for Deno without a package.json to look for. What is rarely used stays in files of its own.
const from = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

rmSync(from("dist"), { recursive: true, force: true });
await build({
  entryPoints: ["index", "node", "deno", "edge", "contract"].map((name) => from(`${name}.ts`)),
  outdir: from("dist"),
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "neutral",
  mainFields: ["module", "main"],
  target: "es2024",
  minifySyntax: true,
  minifyWhitespace: true,
  external: ["node:*", "pg", "vitest"],
  logLevel: "warning",
});
