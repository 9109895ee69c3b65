#!/usr/bin/env node
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

// Compiled code is kept between runs: half of a short run would be spent on compiling. In the user's own folder:
// others can write to the one that Node would take.
module.enableCompileCache(
  join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "slipway", "compiled"),
);
const { runUnderNode } = await import("./src/entry/node-host.ts");
// The built entry points stand side by side, as the sources do.
await runUnderNode(new URL(import.meta.url.endsWith(".ts") ? "deno.ts" : "deno.js", import.meta.url));
