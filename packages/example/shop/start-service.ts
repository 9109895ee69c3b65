import type { FlagClient } from "@slipway/flags";
import { type BuildStamp, readBuildStamp } from "./build-stamp.ts";
import { contractRoutes } from "./contract-routes.ts";
import { type Database, openDatabase } from "./database.ts";
import { openapiRoute } from "./openapi-route.ts";
import type { Route } from "./route.ts";
import { serve } from "./serve.ts";

/** What differs from one release of a service to the next. */
export interface ServiceRelease {
  readonly routes: (database: Database) => readonly Route[];
  /** A query over the columns that this release reads. */
  readonly needs: string;
  /** What /meta answers, made from what was stamped. */
  readonly stamp?: (stamp: BuildStamp) => BuildStamp;
  /** Flags that it reads: closed at its end, so that nobody waits for it when one is killed. */
  readonly flags?: FlagClient;
}

/** Starts a service: its own routes, the contract's, and the description of all of them. */
export function startService({
  routes,
  needs,
  flags,
  stamp: change = (stamp) => stamp,
}: ServiceRelease): void {
  const url = process.env.DATABASE_URL;
  if (url === undefined || url === "") throw new Error("DATABASE_URL is not set");
  const stamp = change(readBuildStamp());
  const database = openDatabase(url, `${stamp.service} ${stamp.version}`);
  const all = [...contractRoutes(stamp, database, needs), ...routes(database)];
  serve([...all, openapiRoute(stamp.version, all)], async () => {
    await Promise.all([flags?.close(), database.end()]);
  });
}
