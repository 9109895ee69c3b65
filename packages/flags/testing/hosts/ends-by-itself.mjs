// A program with flags that has nothing else to do: it has to end. Usage: ends-by-itself.mjs <store> <max wait> [close]
import { openFlags } from "../../src/node/index.ts";
import { httpSource } from "../http-source.ts";

const [store, maxWaitMs, close] = process.argv.slice(2);
const flags = await openFlags({ source: httpSource(store), maxWaitMs: Number(maxWaitMs) });
console.log(flags.status().state);
if (close === "close") await flags.close();
