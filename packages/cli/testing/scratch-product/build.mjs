// Builds one release: the server, and how this release behaves.
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [version, output] = process.argv.slice(2);
mkdirSync(output, { recursive: true });
copyFileSync("server.mjs", join(output, "server.mjs"));
const behaviour = join("behaviours", `${version}.json`);
if (existsSync(behaviour)) copyFileSync(behaviour, join(output, "behaviour.json"));
else writeFileSync(join(output, "behaviour.json"), JSON.stringify({ release: version }));
