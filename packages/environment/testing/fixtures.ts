import { digestOf, sha256 } from "@slipway/kernel";
import { emptyLedger } from "@slipway/ledger";
import type { Manifest } from "@slipway/release";
import type { Observation } from "../src/observation.ts";
import type { EnvironmentSettings } from "../src/settings.ts";
import { settingsFrom } from "../src/settings-from.ts";

/** Settings of a test environment; what a test is about is given, the rest is the default. */
export function testSettings(overrides: Partial<EnvironmentSettings> = {}): EnvironmentSettings {
  const settings = settingsFrom({ release: "1.0.0" }, { project: "shop", environment: "test" });
  return { ...settings, ...overrides };
}

/** A manifest with one service and the given migrations: `c:` before an id makes it a contract one. */
export function testManifest(
  version: string,
  migrations: readonly string[] = [],
  serviceVersion = version,
): Manifest {
  const manifest: Omit<Manifest, "digest"> = {
    schema: 1,
    version,
    commit: "0".repeat(40),
    createdAt: "2026-01-01T00:00:00Z",
    services: {
      api: {
        version: serviceVersion,
        artifact: `sha256:${sha256(`artifact ${serviceVersion}`)}`,
        build: `sha256:${sha256(`build ${serviceVersion}`)}`,
        command: ["node", "server.mjs"],
        path: "/",
        port: "PORT",
        health: { live: "/healthz", ready: "/readyz", meta: "/meta" },
        env: ["DATABASE_URL"],
      },
    },
    migrations: migrations.map((name) => {
      const contract = name.startsWith("c:");
      const id = contract ? name.slice(2) : name;
      return {
        id,
        up: `sha256:${sha256(`up ${id}`)}`,
        down: `sha256:${sha256(`down ${id}`)}`,
        phase: contract ? "contract" : "expand",
        kind: "lossless",
      };
    }),
    heads: { min: null, max: null },
    flags: [],
    functions: {},
    sites: {},
    config: {},
    smoke: null,
  };
  return { ...manifest, digest: digestOf(manifest) };
}

/** The ledger and the world as they are after a release settled. */
export function settledOn(
  manifest: Manifest,
  settings: EnvironmentSettings,
  ids: readonly string[],
  attempt = 1,
): Observation {
  const applied = manifest.migrations.map((migration, index) => ({
    id: migration.id,
    ordinal: index + 1,
    release: manifest.version,
    phase: migration.phase,
    kind: migration.kind,
    upSha256: migration.up.slice(7),
    downSha256: migration.down?.slice(7) ?? "",
    appliedAt: "2026-01-01T00:00:00Z",
    appliedBy: "test",
    run: attempt,
    fingerprintBefore: null,
    fingerprintAfter: null,
  }));
  const at = "2026-01-01T00:00:00Z";
  return {
    database: "ready",
    ledger: {
      ...emptyLedger,
      version: 1,
      identity: { project: settings.project, environment: settings.environment },
      wanted: { release: manifest.version, digest: manifest.digest, attempt, setAt: at, setBy: "test" },
      verified: { release: manifest.version, digest: manifest.digest, attempt, at },
      applied,
    },
    flags: [],
    instances: ids.map((id) => ({
      id,
      service: "api",
      version: manifest.version,
      address: "http://127.0.0.1:4711",
      pid: 1,
      startedAt: at,
      alive: true,
    })),
    traffic: {
      running: true,
      address: "http://127.0.0.1:8080",
      routes: [
        {
          service: "api",
          path: "/",
          backends: ids.map((id) => ({ instance: id, address: "http://127.0.0.1:4711", weight: 100 })),
        },
      ],
      counters: {},
    },
  };
}
