// Loaded before a program (`node --require`): where this Node is too old to strip types, the program is run
// again, with the same arguments, by the Node that npm installed with the project. CommonJS and old syntax on
// purpose: it has to load in the Node that is too old.
const { spawnSync } = require("node:child_process");
const { existsSync } = require("node:fs");
const { dirname, join } = require("node:path");

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const isOldNode = major < 22 || (major === 22 && minor < 18);

if (isOldNode) {
  const newer = findNode(__dirname) || findNode(process.cwd());
  if (newer === null) {
    console.error(
      `NODE_TOO_OLD: Node ${process.versions.node} cannot run Slipway, which needs 22.18 or later\n` +
        "  do:   run through npm or npx, or put node_modules/.bin first on PATH\n  more: slipway explain NODE_TOO_OLD",
    );
    process.exit(2);
  }
  const { status, signal, error } = spawnSync(newer, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: "inherit",
  });
  if (error) throw error;
  if (signal) process.kill(process.pid, signal);
  process.exit(status === null ? 1 : status);
}

function findNode(from) {
  for (let dir = from; ; dir = dirname(dir)) {
    const candidate = join(
      dir,
      "node_modules",
      "node",
      "bin",
      process.platform === "win32" ? "node.exe" : "node",
    );
    if (existsSync(candidate)) return candidate;
    if (dir === dirname(dir)) return null;
  }
}
