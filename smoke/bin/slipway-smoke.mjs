#!/usr/bin/env node
import module from "node:module";

// Plain JavaScript, so that Node does not load its TypeScript stripper: with the compiled code kept
// between runs, the sources behind this have been stripped already.
module.enableCompileCache();
const { runUnderNode } = await import("../src/entry/node-host.ts");
await runUnderNode(new URL("../deno.ts", import.meta.url));
