import type { Fixture } from "../write-fixture.ts";
import { dbmate } from "./dbmate.ts";
import { graphileMigrate } from "./graphile-migrate.ts";
import type { MigrationPeer } from "./migration-runner.ts";
import { nodePgMigrate } from "./node-pg-migrate.ts";
import { psql } from "./psql.ts";
import { supabase } from "./supabase.ts";

/** The other tools, each with the same migrations in its own layout and with its fastest documented way of running. */
export function migrationPeers(fixture: Fixture, cache: string): readonly MigrationPeer[] {
  return [
    psql(fixture),
    ...dbmate(fixture, cache),
    nodePgMigrate(fixture, cache),
    graphileMigrate(fixture, cache),
    supabase(fixture, cache),
  ];
}
