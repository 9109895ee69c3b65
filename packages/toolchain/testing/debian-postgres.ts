import { requireDebian } from "../src/debian-packages.ts";
import { type ScratchPostgres, scratchPostgres } from "./scratch-postgres.ts";

/** Debian's Postgres: the second major version that tests run on. */
export const DEBIAN_POSTGRES = "15";

/** Where Debian puts its programs, `psql` and `pg_dump` among them. */
export const debianPrograms = `/usr/lib/postgresql/${DEBIAN_POSTGRES}/bin`;

/**
 * Starts Debian's Postgres 15, with pgTAP at hand.
 *
 * @param parent where its folder is made.
 * @returns the server, or the reason of a skip where its packages cannot be had; in CI that is an error.
 */
export async function debianPostgres(parent?: string): Promise<ScratchPostgres | string> {
  const missing = await requireDebian([
    `postgresql-${DEBIAN_POSTGRES}`,
    `postgresql-client-${DEBIAN_POSTGRES}`,
    `postgresql-${DEBIAN_POSTGRES}-pgtap`,
  ]);
  return missing ?? (await scratchPostgres(debianPrograms, parent));
}
