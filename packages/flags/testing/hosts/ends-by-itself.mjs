// A program with flags that has nothing else to do: it has to end.
import { openFlags } from "../../src/node/index.ts";
import { httpSource } from "../http-source.ts";

const flags = await openFlags({ source: httpSource(process.argv[2]), maxWaitMs: 300 });
console.log(flags.status().state);
if (process.argv[3] === "close") await flags.close();
