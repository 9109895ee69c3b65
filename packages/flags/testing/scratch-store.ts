import { bootstrapLedger, connect, type Database, exportAudit, verifyAudit } from "@slipway/ledger";
import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import type { FlagDeclaration } from "../src/document/flag.ts";
import { parseDeclaration } from "../src/document/parse-declaration.ts";
import { declareFlag } from "../src/store/declare-flag.ts";
import type { FlagView } from "../src/store/flag-view.ts";

/** A real database with a ledger in it, for the tests of one file. */
export interface ScratchStore {
  readonly postgres: ScratchPostgres;
  readonly url: string;
  readonly db: Database;
  /** Another connection, ended with the rest: to this database, or as another user. */
  connect(user?: string): Promise<Database>;
  connectTo(url: string): Promise<Database>;
  /** Another database with a ledger. */
  create(): Promise<{ readonly url: string; readonly db: Database }>;
  remove(): Promise<void>;
}

export async function scratchStore(): Promise<ScratchStore> {
  const postgres = await scratchPostgres();
  const connections: Database[] = [];
  const open = async (url: string) => {
    const db = await connect(url);
    connections.push(db);
    return db;
  };
  const create = async () => {
    const url = await postgres.createDatabase();
    const db = await open(url);
    await bootstrapLedger(db, { project: "shop", environment: "production" });
    return { url, db };
  };
  const { url, db } = await create();
  return {
    postgres,
    url,
    db,
    create,
    connectTo: open,
    connect: (user = "postgres") => open(url.replace("postgres@", `${user}@`)),
    async remove() {
      await Promise.all(connections.map((each) => each.end()));
      postgres.remove();
    },
  };
}

/** Declares a flag that is on for 50 %, unless told otherwise. */
export async function declared(
  db: Database,
  key: string,
  declaration: Partial<FlagDeclaration> = {},
): Promise<FlagView> {
  const { flag } = await declareFlag(db, {
    token: null,
    actor: "ann",
    key,
    declaration: parseDeclaration(key, {
      owner: "shop",
      release: "1.2.0",
      initial: { enabled: true, rollout: 50 },
      ...declaration,
    }),
  });
  return flag;
}

/** Checks the whole audit and gives its events. */
export async function verifiedAudit(db: Database) {
  const events = [];
  for await (const event of exportAudit(db)) events.push(event);
  const verification = verifyAudit(events);
  if (!verification.ok) throw new Error(JSON.stringify(verification));
  return events;
}
