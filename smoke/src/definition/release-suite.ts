import { defaultHealthPaths, type Expected, type ExpectedService } from "./expected.ts";
import type { Check, Suite } from "./suite.ts";

/**
 * The suite that every release has without writing one: each service is alive, ready, and answers as
 * the pinned version and build. The product's own checks follow.
 *
 * @example
 * const report = await runSmoke(releaseSuite(expected, { checks: [{ service: "api", path: "/products" }] }));
 */
export function releaseSuite(expected: Expected, own: Partial<Suite> = {}): Suite {
  const services = Object.entries(expected.services ?? {});
  return {
    ...own,
    name: own.name ?? "release",
    expected,
    checks: [...services.flatMap(([name, service]) => contractChecks(name, service)), ...(own.checks ?? [])],
  };
}

function contractChecks(service: string, { health, build, commit }: ExpectedService): Check[] {
  const paths = { ...defaultHealthPaths, ...health };
  const live: Check = { name: `${service} is alive`, service, path: paths.live, expect: { health: true } };
  const ready: Check = { name: `${service} is ready`, service, path: paths.ready, expect: { health: true } };
  const meta: Check = {
    kind: "version",
    name: `${service} is the pinned build`,
    sources: [
      {
        service,
        path: paths.meta,
        name: "$.service",
        version: "$.version",
        ...(build === undefined ? {} : { build: "$.digest" }),
        ...(commit === undefined ? {} : { commit: "$.commit" }),
      },
    ],
  };
  return [live, ready, meta];
}
