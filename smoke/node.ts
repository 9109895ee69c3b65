#!/usr/bin/env node
import module from "node:module";

// Compiled code is kept between runs: half of a short run would be spent on compiling.
module.enableCompileCache();
const { runUnderNode } = await import("./src/entry/node-host.ts");
// The built entry points stand side by side, as the sources do.
await runUnderNode(new URL(import.meta.url.endsWith(".ts") ? "deno.ts" : "deno.js", import.meta.url));
