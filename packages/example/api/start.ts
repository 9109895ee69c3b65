import { openShop, type Shop } from "../shared/database.ts";
import { type Routes, serve } from "../shared/serve.ts";
import { readStamp, type Stamp } from "../shared/stamp.ts";

/** One release of the API: the routes that it has, and the migration that they need. */
export interface ApiRelease {
  readonly needs: string;
  readonly routes: (shop: Shop) => Routes;
  /** What /meta answers, when it is not the build's own stamp. */
  readonly meta?: (stamp: Stamp) => Stamp;
}

/** Starts the API as a release has it. */
export function startApi({ needs, routes, meta = (stamp) => stamp }: ApiRelease): void {
  const stamp = meta(readStamp());
  const shop = openShop(process.env.DATABASE_URL ?? "");
  const paths = routes(shop);
  const document = {
    openapi: "3.1.0",
    info: { title: "shop", version: stamp.version },
    paths: describe(Object.keys(paths)),
  };
  serve({
    stamp,
    shop,
    needs,
    routes: { ...paths, "GET /openapi.json": async () => ({ status: 200, body: document }) },
  });
}

function describe(patterns: readonly string[]): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {};
  for (const pattern of patterns) {
    const [method = "", path = ""] = pattern.split(" ");
    const named = path.replaceAll(/:(\w+)/g, "{$1}");
    paths[named] = {
      ...paths[named],
      [method.toLowerCase()]: { responses: { default: { description: "JSON" } } },
    };
  }
  return paths;
}
