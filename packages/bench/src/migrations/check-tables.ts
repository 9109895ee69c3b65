import pg from "pg";

/** A program that ended well and made nothing would look fast. */
export async function checkTables(name: string, url: string, expected: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ made: number }>(
    "select count(*)::int as made from pg_tables where schemaname = 'public' and tablename ~ '^t[0-9]+$'",
  );
  await client.end();
  if (rows[0]?.made !== expected) throw new Error(`${name} made ${rows[0]?.made} tables of ${expected}`);
}
