#!/usr/bin/env node
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

// Plain JavaScript, so that Node does not load its TypeScript stripper: with the compiled code kept
// between runs, the sources behind this have been stripped already. In the user's own folder: others can write to the
// one that Node would take.
module.enableCompileCache(
  join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "slipway", "compiled"),
);
const { runUnderNode } = await import("../src/entry/node-host.ts");
await runUnderNode(new URL("../deno.ts", import.meta.url));
