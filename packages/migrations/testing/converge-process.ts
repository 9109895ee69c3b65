/**
 * A process that brings a database to the first N migrations of a folder, as the provider does, to be killed by tests.
 * Arguments: the database's URL, the folder, N. Prints `working` before its first change and `done` at its end.
 */
import { readLedger } from "@slipway/ledger";
import { planSchema } from "../src/plan/plan-schema.ts";
import { readMigrations } from "../src/read/read-migrations.ts";
import { abandonUnfinished } from "../src/run/abandon-unfinished.ts";
import { applyMigrations } from "../src/run/apply-migrations.ts";
import { revertMigrations } from "../src/run/revert-migrations.ts";
import { scratchLedger } from "./scratch-ledger.ts";

const [url = "", folder = "", head = "0"] = process.argv.slice(2);
const wanted = (await readMigrations(folder)).slice(0, Number(head));
const { db, context } = await scratchLedger(url);
console.log("working");
await abandonUnfinished(
  db,
  wanted.map(({ id }) => id),
  context,
);
const { undo, apply, blocked } = planSchema((await readLedger(db)).applied, wanted);
if (blocked !== null) throw new Error(blocked.why);
await revertMigrations(db, [...undo.contract, ...undo.expand], context);
const pending = [...apply.expand, ...apply.contract];
await applyMigrations(
  db,
  wanted.filter(({ id }) => pending.includes(id)),
  context,
);
await db.end();
console.log("done");
