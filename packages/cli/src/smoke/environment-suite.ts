import type { EnvironmentSettings } from "@slipway/environment";
import { type Observation, type WantedInstance, wantedInstances } from "@slipway/environment";
import { SlipwayError } from "@slipway/kernel";
import type { Manifest } from "@slipway/release";
import { type Check, type Expected, type ExpectedService, releaseSuite, type Suite } from "@slipway/smoke";

/** What the suite of an environment is made from. */
export interface SuiteFacts {
  readonly manifest: Manifest;
  readonly settings: EnvironmentSettings;
  readonly observation: Pick<Observation, "ledger" | "instances" | "traffic">;
}

/**
 * The suite that an environment has to pass at any time: each instance of the release is alive, ready and the
 * pinned build, the router gives the same answer to users, and the release's own checks hold.
 *
 * @throws {SlipwayError} INVARIANT_BROKEN when an instance or the router is not there to be asked.
 */
export function environmentSuite({ manifest, settings, observation }: SuiteFacts): Suite {
  const { ledger, traffic } = observation;
  const { environment } = settings;
  const instances = wantedInstances(manifest, settings);
  const router = traffic.running ? traffic.address : null;
  if (router === null) throw notThere(manifest, environment, "the router does not run");
  const services = instances.map((instance) => {
    const address = observation.instances.find(({ id }) => id === instance.id)?.address;
    if (address === undefined) throw notThere(manifest, environment, `instance ${instance.id} does not run`);
    return [instance.service, expectedService(instance, address, router)] as const;
  });
  const expected: Expected = {
    environment,
    release: manifest.version,
    digest: manifest.digest,
    ...(ledger.verified?.release === manifest.version ? { attempt: ledger.verified.attempt } : {}),
    services: Object.fromEntries(services),
  };
  // That it is a suite was checked when the release was cut.
  const own = (manifest.smoke ?? {}) as Partial<Suite>;
  return releaseSuite(expected, {
    ...own,
    checks: [...instances.flatMap(publicCheck), ...(own.checks ?? [])],
  });
}

function expectedService({ release }: WantedInstance, address: string, router: string): ExpectedService {
  const { version, build, health } = release;
  return { version, build, address, public: router, health };
}

// The router passes paths on as they are, so the contract's own paths are public only for the service at "/".
function publicCheck({ service, release: { path, health } }: WantedInstance): Check[] {
  if (path !== "/") return [];
  return [
    {
      kind: "version",
      name: `${service} answers through the router`,
      sources: [
        {
          service,
          path: health.meta,
          at: "public",
          name: "$.service",
          version: "$.version",
          build: "$.digest",
        },
      ],
    },
  ];
}

const notThere = ({ version }: Manifest, environment: string, why: string): SlipwayError =>
  new SlipwayError("INVARIANT_BROKEN", {
    what: `Cannot ask "${environment}" whether it serves ${version}`,
    why,
    todo: `slipway status --env ${environment}, then slipway up --env ${environment}`,
  });
