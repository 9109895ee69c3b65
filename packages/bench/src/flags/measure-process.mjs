// One measurement in a process of its own: `speed LIBRARY COUNT HOME`, `memory …`, `start COUNT`, or `dead ADDRESS`.
import { document, openLibrary } from "./libraries.mjs";

const [what, library, count, home] = process.argv.slice(2);
const ids = Array.from(
  { length: 1024 },
  (_, index) => `user-${(index * 2_654_435_761) % 4_294_967_296}-${"abcdefghijklmnopqrst"}`,
);

/**
 * Milliseconds of processor time per million calls, the median of three windows, after a warm-up. Collecting the garbage
 * counts, in its own threads too; what else the machine does counts not.
 */
async function speed({ isOn, asynchronous }, flags) {
  const keys = Array.from({ length: flags }, (_, index) => `flag-${index}`);
  let on = 0;
  let calls = 0;
  const during = async (ms) => {
    const started = performance.now();
    const cpu = process.cpuUsage();
    const before = calls;
    while (performance.now() - started < ms) {
      for (let round = 0; round < 1024; round += 1) {
        const answer = isOn(keys[calls % flags], ids[round]);
        if (asynchronous ? await answer : answer) on += 1;
        calls += 1;
      }
    }
    const { user, system } = process.cpuUsage(cpu);
    return ((user + system) / (calls - before)) * 1e3;
  };
  await during(500);
  const windows = [await during(300), await during(300), await during(300)].sort((a, b) => a - b);
  return { perMillion: windows[1], on: on / calls };
}

const measures = {
  speed: async () => speed(await openLibrary(library, Number(count), home), Number(count)),

  /** MB that the flags take once each has been asked for, without the library's own code. */
  memory: async () => {
    await openLibrary(library, 1, home);
    const settled = () => {
      for (let round = 0; round < 5; round += 1) globalThis.gc();
      return process.memoryUsage().heapUsed / 2 ** 20;
    };
    const before = settled();
    const opened = await openLibrary(library, Number(count), home);
    for (let index = 0; index < Number(count); index += 1) opened.isOn(`flag-${index}`, ids[index % 1024]);
    const megabytes = settled() - before;
    opened.isOn("flag-0", "still in use");
    return { megabytes };
  },

  /** Milliseconds of this thread from the text of a bootstrap to the first right answer, code cold. */
  start: async () => {
    const { FlagClient } = await import("@slipway/flags");
    const keys = Array.from({ length: Number(library) }, (_, index) => `flag-${index}`);
    const text = JSON.stringify(document(keys));
    const cpu = process.threadCpuUsage();
    const flags = new FlagClient({ bootstrap: JSON.parse(text) });
    flags.isOn("flag-0", { userId: "user-1" });
    const { user, system } = process.threadCpuUsage(cpu);
    const known = keys.slice(0, 20).filter((key) => flags.isOn(key, { userId: "user-1" })).length;
    return { ms: (user + system) / 1e3, known };
  },

  /** A read with the store dead beside one with it alive, in turn, with time to poll in between. */
  dead: async () => {
    const { FlagClient, FlagSourceError } = await import("@slipway/flags");
    const source = (address) => {
      const ask = async (path, signal) => {
        try {
          return await (await fetch(`${address}${path}`, { signal })).json();
        } catch (cause) {
          throw new FlagSourceError("unreachable", "no answer", cause);
        }
      };
      return {
        name: "bench",
        fetchRevision: (_, signal) => ask("/revision", signal),
        fetchDocument: (signal) => ask("/document", signal),
        subscribe: () => () => {},
        acknowledge: async () => {},
        close: async () => {},
      };
    };
    const open = async (address) => {
      const flags = new FlagClient({
        source: source(address),
        bootstrap: document(["flag-0"]),
        pollMs: 20,
        backoffCapMs: 50,
      });
      await flags.ready(500);
      return flags;
    };
    const [alive, dead] = [await open(library), await open("http://127.0.0.1:9")];
    const pairs = [];
    for (let round = 0; round < 6; round += 1) {
      const pair = [];
      for (const flags of [alive, dead]) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        pair.push((await speed({ isOn: (key, id) => flags.isOn(key, { userId: id }) }, 1)).perMillion);
      }
      pairs.push(pair);
    }
    const states = [alive.status().state, dead.status().state];
    await Promise.all([alive.close(), dead.close()]);
    return { pairs: pairs.slice(1), states };
  },
};

console.log(JSON.stringify(await measures[what]()));
process.exit(0);
