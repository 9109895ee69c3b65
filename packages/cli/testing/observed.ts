import type { EnvironmentSettings, Observation } from "@slipway/environment";
import { declarationOf, settingsFrom, wantedInstances } from "@slipway/environment";
import { initialFlag } from "@slipway/flags";
import { digestOf, sha256 } from "@slipway/kernel";
import { emptyLedger } from "@slipway/ledger";
import type { Manifest } from "@slipway/release";

/** The time at which everything in these tests happened. */
export const AT = "2026-01-01T00:00:00Z";

/** An environment's settings with all defaults. */
export const settings: EnvironmentSettings = settingsFrom(
  { release: "1.0.0" },
  { project: "shop", environment: "dev" },
);

/** A manifest of one service, with the given migrations; `c:` before an id makes it a contract one. */
export function manifestOf(
  version: string,
  migrations: readonly string[] = [],
  flags: readonly string[] = [],
): Manifest {
  const service = {
    version,
    artifact: `sha256:${sha256(`artifact ${version}`)}`,
    build: `sha256:${sha256(`build ${version}`)}`,
    command: ["node", "server.mjs"],
    path: "/",
    port: "PORT",
    health: { live: "/healthz", ready: "/readyz", meta: "/meta" },
    env: ["DATABASE_URL"],
  };
  const manifest: Omit<Manifest, "digest"> = {
    schema: 1,
    version,
    commit: "0".repeat(40),
    createdAt: AT,
    services: { api: service },
    migrations: migrations.map((name) => {
      const id = name.replace(/^c:/, "");
      return {
        id,
        up: `sha256:${sha256(`up ${id}`)}`,
        down: `sha256:${sha256(`down ${id}`)}`,
        phase: id === name ? "expand" : "contract",
        kind: "lossless",
      };
    }),
    heads: { min: null, max: null },
    flags: flags.map((key) => ({
      key,
      description: `the feature ${key}`,
      owner: "shop",
      release: version,
      safe: false,
      expires: null,
      salt: key,
    })),
    functions: {},
    sites: {},
    config: {},
    smoke: null,
  };
  return { ...manifest, digest: digestOf(manifest) };
}

/** Ledger and world before the first run. */
export const untouched: Observation = {
  database: "absent",
  ledger: emptyLedger,
  flags: [],
  instances: [],
  traffic: { running: false, address: null, routes: [], counters: {} },
};

/** Ledger and world as they are once a release is settled. */
export function settledOn(manifest: Manifest, attempt = 1): Observation {
  const { version, digest } = manifest;
  const wanted = wantedInstances(manifest, settings);
  const address = "http://127.0.0.1:4711";
  return {
    database: "ready",
    ledger: {
      ...emptyLedger,
      version: 1,
      identity: { project: "shop", environment: "dev" },
      wanted: { release: version, digest, attempt, setAt: AT, setBy: "test" },
      verified: { release: version, digest, attempt, at: AT },
      applied: manifest.migrations.map(({ id, phase, kind, up, down }, index) => ({
        id,
        ordinal: index + 1,
        release: version,
        phase,
        kind,
        upSha256: up.slice("sha256:".length),
        downSha256: down?.slice("sha256:".length) ?? null,
        appliedAt: AT,
        appliedBy: "test",
        run: attempt,
        fingerprintBefore: null,
        fingerprintAfter: null,
      })),
      auditHead: { seq: 13, hash: "9".repeat(64) },
    },
    flags: manifest.flags.map((flag) => initialFlag(flag.key, declarationOf(flag))),
    instances: wanted.map(({ id, service }) => ({
      id,
      service,
      version,
      address,
      pid: 1,
      startedAt: AT,
      alive: true,
    })),
    traffic: {
      running: true,
      address: "http://127.0.0.1:8080",
      routes: wanted.map(({ id, service, release: { path } }) => ({
        service,
        path,
        backends: [{ instance: id, address, weight: 100 }],
      })),
      counters: {},
    },
  };
}
