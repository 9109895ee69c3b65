// A process that reads the flags of an environment, as a service does. Usage: flag-reader.mjs <instance> <key>
// Says its value in a line whenever it is another one.
import { openFlags } from "@slipway/flags/node";
import { postgresSource } from "@slipway/flags/postgres";

const [instance, key] = process.argv.slice(2);
const flags = await openFlags({
  source: postgresSource({ url: process.env.DATABASE_URL }),
  bootstrap: process.env.SLIPWAY_FLAGS_BOOTSTRAP,
  instance,
});
let last;
const tell = () => {
  const value = flags.isOn(key, { userId: "1" });
  if (value !== last) console.log(String(value));
  last = value;
};
tell();
flags.subscribe(tell);
// The client keeps no process alive.
const alive = setInterval(() => undefined, 1_000);
process.on("SIGTERM", () => {
  clearInterval(alive);
  void flags.close();
});
