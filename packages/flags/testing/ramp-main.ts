// Starts a ramp in a process of its own, tells its first step and stands still there, until a test kills it: between two
// steps, however late the kill comes. Usage: ramp-main.ts <url> <key> <soakMs>
import { writeSync } from "node:fs";
import { systemClock } from "@slipway/kernel";
import { connect } from "@slipway/ledger";
import { driveRamp } from "../src/ramp/drive-ramp.ts";
import { startRamp } from "../src/ramp/ramp-store.ts";
import { readFlags } from "../src/store/read-flags.ts";

const [url = "", key = "", soak = ""] = process.argv.slice(2);
const db = await connect(url);
const [flag] = await readFlags(db, key);
const ramp = await startRamp(db, {
  actor: "bob",
  reason: null,
  key,
  steps: [10, 50, 100].map((percent) => ({ percent, soakMs: Number(soak) })),
  metric: null,
  max: null,
  expectedVersion: flag?.state.version ?? 0,
  driver: { owner: "bob", pid: process.pid, host: "here", processStart: "now" },
  deadToken: null,
});
await driveRamp(db, ramp, {
  actor: "bob",
  metric: null,
  clock: systemClock,
  signal: new AbortController().signal,
  onMove: ({ step }) => {
    writeSync(1, `${step}\n`);
    // An end, for a test that ended before.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
  },
});
