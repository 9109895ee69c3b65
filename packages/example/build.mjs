// The shop's build command: `node packages/example/build.mjs <service> <version> <output>` writes one file,
// server.mjs, with everything that the service needs. The same sources give the same bytes on any machine.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const [service, version, output] = process.argv.slice(2);
if (service === undefined || version === undefined || output === undefined) {
  console.error("usage: build.mjs <service> <version> <output>");
  process.exit(64);
}

/**
 * The source of a service at a release. A repository has one state of its sources and several releases only
 * because this is an example: here they lie side by side. A release without a file of its own has the sources
 * of the one before.
 */
function entryOf(wanted) {
  const order = ["1.0.0", "1.1.0", "1.2.0", "1.3.0"];
  for (let at = order.indexOf(wanted); at >= 0; at--) {
    const file = join(here, service, "releases", `${order[at]}.ts`);
    if (existsSync(file)) return file;
  }
  throw new Error(`there is no release ${wanted} of ${service}; they are ${order.join(", ")}`);
}

await build({
  entryPoints: [entryOf(version)],
  outfile: join(output, "server.mjs"),
  absWorkingDir: here,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node22",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
  // pg looks for its native client with a plain require, which an ES module does not have.
  external: ["pg-native", "cloudflare:sockets"],
  banner: { js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);' },
});
