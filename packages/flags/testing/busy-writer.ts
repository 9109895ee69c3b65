import { connect } from "@slipway/ledger";
import { killFlag, readFlags, setFlag } from "../src/store/index.ts";

/**
 * A process for the kill tests: raises flags and kills one now and then until it is killed itself, and prints each kill
 * once the store has said that it is done: `<key> <epoch> <revision>`. Arguments: the database's URL, a number that
 * its choices depend on.
 */
const [, , url, seed] = process.argv;
if (url === undefined) throw new Error("usage: busy-writer.ts URL SEED");
const db = await connect(url);
process.stdout.write("ready\n");
for (let i = Number(seed); ; i++) {
  const alive = (await readFlags(db)).filter(({ state }) => !state.killed);
  const flag = alive[i % alive.length];
  if (flag === undefined) continue;
  const { key, state } = flag;
  if (i % 4 === 0) {
    const { epoch, revision } = await killFlag(db, { actor: `writer ${process.pid}`, key });
    process.stdout.write(`${key} ${epoch} ${revision}\n`);
    continue;
  }
  const change = { rollout: (state.rollout + 1) % 101, enabled: i % 3 > 0 };
  await setFlag(db, { actor: `writer ${process.pid}`, key, change, expectedVersion: state.version }).catch(
    (error: { code?: string }) => {
      // Another writer was quicker.
      if (error.code !== "FLAG_CONFLICT" && error.code !== "FLAG_KILLED") throw error;
    },
  );
}
