import { runUnderDeno } from "./src/entry/deno-host.ts";

await runUnderDeno(new URL(import.meta.url));
