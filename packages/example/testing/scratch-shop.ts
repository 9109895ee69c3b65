import { type ScratchPostgres, scratchPostgres } from "@slipway/toolchain/testing";
import { applySql } from "./migrate.ts";
import { type BuiltShop, builtShop, type RunningService } from "./start-built.ts";

/** Built services and a Postgres of their own, for the tests of one file. */
export interface ScratchShop {
  readonly postgres: ScratchPostgres;
  /** Makes a database with these migrations and gives its URL. */
  database(migrations: readonly string[]): Promise<string>;
  /** Starts a service, which ends with the shop if a test did not end it before. */
  start: BuiltShop["start"];
  folder: BuiltShop["folder"];
  remove(): Promise<void>;
}

/** Starts the Postgres; services are built when they are first started. */
export async function scratchShop(): Promise<ScratchShop> {
  const built = builtShop();
  const postgres = await scratchPostgres();
  const running: RunningService[] = [];
  return {
    postgres,
    async database(migrations) {
      const url = await postgres.createDatabase();
      await applySql(url, migrations);
      return url;
    },
    async start(...which) {
      const started = await built.start(...which);
      running.push(started);
      return started;
    },
    folder: built.folder,
    async remove() {
      await Promise.all(running.map((service) => service.stop()));
      built.remove();
      postgres.remove();
    },
  };
}
