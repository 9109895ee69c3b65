import { FlagClient } from "@slipway/flags";
import { postgresSource } from "@slipway/flags/postgres";

/**
 * A process that reads flags: prints `<revision> <milliseconds since 1970>` whenever it evaluates with a new revision,
 * until its input ends. Arguments: the database's URL, `push` or `poll`.
 */
const [, , url, how] = process.argv;
if (url === undefined) throw new Error("usage: propagation-reader.ts URL push|poll");
const client = new FlagClient({ source: postgresSource({ url, listen: how === "push" }) });
client.subscribe((event) => {
  if (event.kind !== "applied") return;
  process.stdout.write(`${event.revision} ${performance.timeOrigin + performance.now()}\n`);
});
process.stdin.on("end", () => void client.close().then(() => process.exit(0)));
process.stdin.resume();
