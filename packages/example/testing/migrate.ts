import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { migrationsFolder } from "../example-releases.ts";

/** Runs migrations one after the other, each in one message, as psql would. */
export function applySql(url: string, ids: readonly string[]): Promise<void> {
  return runFiles(
    url,
    ids.map((id) => `${id}.sql`),
  );
}

/** Runs rollbacks in the order given: newest first. */
export function revertSql(url: string, ids: readonly string[]): Promise<void> {
  return runFiles(
    url,
    ids.map((id) => `rollbacks/${id}.sql`),
  );
}

/** Runs some work with a connection of its own. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function runFiles(url: string, files: readonly string[]): Promise<void> {
  await withClient(url, async (client) => {
    for (const file of files) await client.query(readFileSync(join(migrationsFolder, file), "utf8"));
  });
}
