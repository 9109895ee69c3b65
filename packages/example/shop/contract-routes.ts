import type { BuildStamp } from "./build-stamp.ts";
import type { Database } from "./database.ts";
import { HttpError } from "./http-error.ts";
import type { Route } from "./route.ts";

const READY_MS = 1_000;

/**
 * The three endpoints that every service has: alive, ready to serve, and what it is.
 *
 * @param needs a query over the columns that the service reads: it works exactly when the schema has them.
 */
export function contractRoutes(stamp: BuildStamp, database: Database, needs: string): Route[] {
  return [
    { method: "GET", path: "/healthz", summary: "Alive", answer: () => ({ json: { status: "ok" } }) },
    {
      method: "GET",
      path: "/readyz",
      summary: "Ready to serve: the database answers and has the schema",
      answer: async () => {
        const problem = await problemOf(database.query(needs));
        return problem === null
          ? { json: { status: "ready" } }
          : { status: 503, json: { status: "not ready", why: problem } };
      },
    },
    { method: "GET", path: "/meta", summary: "What this is", answer: () => ({ json: stamp }) },
  ];
}

async function problemOf(query: Promise<unknown>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, READY_MS, "the database takes too long");
  });
  const asked = query.then(
    () => null,
    (error: unknown) =>
      error instanceof HttpError ? error.message : "the schema is not the one this release needs",
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
