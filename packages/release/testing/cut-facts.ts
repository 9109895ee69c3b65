import { sha256 } from "@slipway/kernel";
import type { Migration } from "@slipway/migrations";
import { assembleManifest } from "../src/cut/assemble-manifest.ts";
import { type CutFacts, planCut } from "../src/cut/plan-cut.ts";
import type { Manifest } from "../src/manifest/manifest.ts";
import { productSchema } from "../src/product/product.ts";
import { testManifest } from "./test-manifest.ts";

/** A product with one service. */
export const product = productSchema.parse({
  services: { api: { build: ["make"], command: ["node", "server.mjs"], env: ["DATABASE_URL"] } },
});

/** Migrations by id; `c:` before one makes it a contract one, and a text after `=` is its rollback. */
export function migrations(...names: string[]): Migration[] {
  return names.map((word) => {
    const [name = "", down = "down"] = word.split("=");
    const id = name.replace("c:", "");
    return {
      id,
      version: id.split("_")[0]!,
      name: id.replace(/^\d+_/, ""),
      up: id,
      down,
      upSha256: sha256(id),
      downSha256: sha256(down),
      phase: name.startsWith("c:") ? "contract" : "expand",
      kind: "lossless",
      reason: null,
    };
  });
}

/** The facts of a clean cut of 1.1.0; what a test is about is given. */
export function facts(changes: Partial<CutFacts> = {}): CutFacts {
  return {
    version: "1.1.0",
    git: { commit: "a".repeat(40), committedAt: "2026-01-12T09:00:00.000Z", changes: [] },
    releases: [],
    migrations: [],
    product,
    smoke: null,
    ...changes,
  };
}

/** A release cut with these migrations. */
export function released(version: string, ...names: string[]): Manifest {
  const plan = planCut(facts({ version, migrations: migrations(...names), releases: [] }));
  return assembleManifest(plan, testManifest(version).services);
}
