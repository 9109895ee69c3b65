import { readFileSync } from "node:fs";
import { sha256 } from "@slipway/kernel";
import type { Database } from "@slipway/ledger";

/** One object of the catalog, named so that it can be told apart in both of two databases. */
export interface CatalogObject {
  /** `table`, `column`, `index`, `policy`, … */
  readonly kind: string;
  /** Qualified and quoted as SQL needs it: `public.orders.note`. */
  readonly name: string;
  /** 64 hexadecimal characters over all that the object is made of, its owner and privileges included. */
  readonly hash: string;
  /** What was hashed, when asked for. */
  readonly definition?: string;
}

/** What a database's schema is, without its rows. */
export interface Fingerprint {
  /** Equal hashes: equal schemas. 64 hexadecimal characters. */
  readonly hash: string;
  /** Ordered by kind and name. */
  readonly objects: readonly CatalogObject[];
  /**
   * Columns of each table in their order, which is not part of the hash: a rollback that puts a dropped column
   * back can only put it last.
   */
  readonly columnOrder: Readonly<Record<string, string>>;
}

const statement = readFileSync(new URL("../../sql/fingerprint.sql", import.meta.url), "utf8");

/** Not part of the hash; see {@link Fingerprint.columnOrder}. */
const COLUMN_ORDER = "column order";

// Whatever changes how Postgres prints a definition, set to one value. The plan is made once per connection:
// making it takes longer than running it.
const settings = `
  select set_config(name, value, true) from (values
    ('search_path', ''), ('datestyle', 'ISO, YMD'), ('intervalstyle', 'postgres'), ('timezone', 'UTC'),
    ('bytea_output', 'hex'), ('extra_float_digits', '1'), ('quote_all_identifiers', 'off'),
    ('standard_conforming_strings', 'on'), ('xmlbinary', 'base64'), ('lc_monetary', 'C'),
    ('plan_cache_mode', 'force_generic_plan'), ('jit', 'off')
  ) as s (name, value)`;

interface Row {
  readonly kind: string;
  readonly name: string;
  readonly hash: string;
  readonly definition: string | null;
}

/** Connections that have the prepared statement: a look costs them one round trip. */
const prepared = new WeakSet<Database>();

async function firstLook(db: Database, execute: string): Promise<Row[]> {
  const rows = await db.transaction(async () => {
    await db.query(settings);
    const [present] = await db.query("select from pg_prepared_statements where name = 'slipway_fingerprint'");
    if (present === undefined)
      await db.query(`prepare slipway_fingerprint (boolean, boolean) as ${statement}`);
    return db.query<Row>(execute);
  });
  prepared.add(db);
  return rows;
}

/**
 * Reads the whole catalog of a database, except what belongs to Postgres and to Slipway, and hashes it. Rows and values
 * of sequences do not count. Must not be called inside `db.transaction()`.
 *
 * @param options.definitions also gives what was hashed, for messages: several times the data.
 * @param options.roles also the server's roles, which other databases share: for a server of one's own.
 * @example
 * const before = await fingerprint(db);
 * // … a migration and its rollback …
 * (await fingerprint(db)).hash === before.hash;
 */
export async function fingerprint(
  db: Database,
  options: { readonly definitions?: boolean; readonly roles?: boolean } = {},
): Promise<Fingerprint> {
  const execute = `execute slipway_fingerprint (${options.definitions === true}, ${options.roles === true})`;
  const rows = prepared.has(db)
    ? await db.scriptRows<Row>(`begin; ${settings}; ${execute}; commit`)
    : await firstLook(db, execute);
  const objects: CatalogObject[] = [];
  const columnOrder: Record<string, string> = {};
  for (const { kind, name, hash, definition } of rows) {
    if (kind === COLUMN_ORDER) columnOrder[name] = definition ?? "";
    else objects.push({ kind, name, hash, ...(options.definitions ? { definition: definition ?? "" } : {}) });
  }
  const hash = sha256(objects.map((object) => `${object.kind}\t${object.name}\t${object.hash}\n`).join(""));
  return { hash, objects, columnOrder };
}
