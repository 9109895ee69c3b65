import { runUnderDeno } from "./src/entry/deno-host.ts";

await runUnderDeno();
