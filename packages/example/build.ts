// Bundles one service of the shop into one file: node packages/example/build.ts <service> <version> <output>.
// The same sources give the same bytes on every machine.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import compare from "semver/functions/compare.js";

const [service, version, output] = process.argv.slice(2);
if (service === undefined || version === undefined || output === undefined) {
  throw new Error("usage: build.ts <service> <version> <output>");
}
const releases = fileURLToPath(new URL("releases", import.meta.url));

// A repository has one state of its sources; only because this is an example do several releases lie side by
// side. A release holds the services that it changes: the others are those of the newest release before it.
const origin = readdirSync(releases)
  .filter((release) => compare(release, version) <= 0 && existsSync(join(releases, release, `${service}.ts`)))
  .sort(compare)
  .at(-1);
if (origin === undefined) throw new Error(`no release up to ${version} has ${service}.ts`);

await build({
  entryPoints: [join(releases, origin, `${service}.ts`)],
  outfile: join(output, "server.mjs"),
  bundle: true,
  platform: "node",
  target: "node22",
  format: "esm",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
  external: ["pg-native"],
  // pg is CommonJS and asks for Node's own modules by require.
  banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
});
