// Takes a lock again and again, and writes down when it has it: argv is folder, log, turns, milliseconds.
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { withProcessLock } from "../plain/process-lock.mjs";

const [folder, log, turns, ms] = process.argv.slice(2);
for (let turn = 0; turn < Number(turns); turn++) {
  await withProcessLock(folder, { purpose: "tests the lock" }, async () => {
    appendFileSync(log, `in ${process.pid}\n`);
    await sleep(Number(ms));
    appendFileSync(log, `out ${process.pid}\n`);
  });
}
