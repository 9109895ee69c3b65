// Loaded before a program (`node --require`): where this Node is too old to strip types, the program is run
// again, with the same arguments, by the Node that npm installed with the project. Else it turns the compile cache on.
// CommonJS and old syntax on purpose: it has to load in the Node that is too old.
const { spawnSync } = require("node:child_process");
const { existsSync } = require("node:fs");
const { dirname, join } = require("node:path");

const OLDEST = [22, 18];
/** Set for the second run, so that an old Node in node_modules ends in a message and not in a circle. */
const MARK = "SLIPWAY_NODE_PRELOAD";
const PROGRAM = join("node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");

if (isTooOld(process.versions.node)) {
  const newer = process.env[MARK] ? null : findNode(__dirname) || findNode(process.cwd());
  if (newer === null) refuse();
  runAgain(newer);
}
// For this program alone: one that it starts begins anew.
delete process.env[MARK];
require("./compile-cache.cjs");

function isTooOld(version) {
  const [major, minor] = version.split(".").map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
}

function findNode(from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, PROGRAM);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return null;
  }
}

function runAgain(program) {
  const { status, signal, error } = spawnSync(program, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: "inherit",
    env: { ...process.env, [MARK]: "1" },
  });
  if (error) throw error;
  if (signal) process.kill(process.pid, signal);
  process.exit(status === null ? 1 : status);
}

function refuse() {
  console.error(
    `NODE_TOO_OLD: Node ${process.versions.node} cannot run Slipway, which needs ${OLDEST.join(".")} or later\n` +
      "  do:   run through npm or npx, or put node_modules/.bin first on PATH\n" +
      "  more: slipway explain NODE_TOO_OLD",
  );
  process.exit(2);
}
