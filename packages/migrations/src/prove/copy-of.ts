import { connect, type Database, databaseError } from "@slipway/ledger";
import type { Migration } from "../migration.ts";

/** Whether a database may be copied on its own server to prove migrations there. */
export type CopyOf =
  | {
      readonly possible: true;
      /** The database's name. */
      readonly template: string;
      /** Ids of the migrations that it has already. */
      readonly applied: ReadonlySet<string>;
      readonly bytes: number;
    }
  | {
      readonly possible: false;
      readonly why: string;
      /** Whether an empty database may be made on the same server instead. */
      readonly beside: boolean;
      /** The server's major version, so that another one can be told from it. */
      readonly major: number;
    };

/** A copy keeps everybody else from connecting while it is made: larger databases are not copied. */
export const LARGEST_COPY = 1024 ** 3;

const SERVER_WIDE =
  /\b(?:(?:create|alter|drop)\s+(?:role|user(?!\s+mapping)|group|tablespace|subscription|database)|reassign\s+owned|drop\s+owned|alter\s+system|dblink|pg_cron|cron\.)/i;

/**
 * Asks a server whether a database on it can be copied for a proof. Changes nothing.
 *
 * @throws {SlipwayError} DATABASE_UNREACHABLE, DATABASE_FAILED.
 */
export async function copyOf(url: string, migrations: readonly Migration[]): Promise<CopyOf> {
  const db = await connect(url, { applicationName: "slipway proof" });
  try {
    const [facts] = await db.query<{
      name: string;
      bytes: string;
      others: number;
      may: boolean;
      owner: boolean;
      version: number;
    }>(`select current_database() as name, pg_database_size(current_database())::text as bytes,
      (select count(*)::int from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()) as others,
      (select rolcreatedb or rolsuper from pg_roles where rolname = current_user) as may,
      (select pg_has_role(datdba, 'usage') or datistemplate from pg_database where datname = current_database()) as owner,
      current_setting('server_version_num')::int / 10000 as version`);
    const { name, bytes, others, may, owner, version } = facts!;
    const no = (why: string, beside: boolean): CopyOf => ({ possible: false, why, beside, major: version });
    const wide = migrations.find(({ up, down }) => SERVER_WIDE.test(`${up}\n${down ?? ""}`));
    if (wide !== undefined)
      return no(`${wide.id} may change the whole server, and not only a database`, false);
    if (!may) return no("this user may not make databases there", false);
    if (Number(bytes) > LARGEST_COPY)
      return no(`it is larger than a copy may be (${megabytes(bytes)})`, true);
    if (others > 0)
      return no(
        `${others} ${others === 1 ? "other connection is" : "other connections are"} open to it`,
        true,
      );
    if (!owner) return no("this user may not copy it", true);
    return { possible: true, template: name, applied: await appliedIn(db, migrations), bytes: Number(bytes) };
  } catch (error) {
    throw databaseError(error, "Cannot ask whether the database can be copied");
  } finally {
    await db.end();
  }
}

/** Ids that a ledger, ours or the Supabase CLI's, says are there. */
async function appliedIn(db: Database, migrations: readonly Migration[]): Promise<ReadonlySet<string>> {
  const [present] = await db.query<{ ours: boolean; theirs: boolean }>(
    "select to_regclass('slipway.migrations') is not null as ours, to_regclass('supabase_migrations.schema_migrations') is not null as theirs",
  );
  if (present?.ours) {
    const rows = await db.query<{ id: string }>("select id from slipway.migrations");
    const ids = new Set(rows.map(({ id }) => id));
    // A squashed one is there where those are that it replaces.
    const squashed = migrations.filter(({ replaces }) => replaces?.every(({ id }) => ids.has(id)));
    return new Set([...ids, ...squashed.map(({ id }) => id)]);
  }
  if (!present?.theirs) return new Set();
  const rows = await db.query<{ version: string }>(
    "select version from supabase_migrations.schema_migrations",
  );
  const versions = new Set(rows.map(({ version }) => version));
  return new Set(migrations.filter(({ version }) => versions.has(version)).map(({ id }) => id));
}

const megabytes = (bytes: string): string => `${Math.round(Number(bytes) / 1024 ** 2)} MB`;
