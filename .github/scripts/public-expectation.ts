// Prints what the smoke package expects of the pinned release when it is asked through the front door. All
// services share one address there, and each is asked only where its own path leads to it.
import { type Manifest, readManifest, readStackFile } from "@slipway/release";

const DEFAULT_PORT = 8080;

const [environment = "", url = ""] = process.argv.slice(2);
const { release, port } = readStackFile(`stacks/Pulumi.${environment}.yaml`);
const address = url === "" ? `http://127.0.0.1:${port ?? DEFAULT_PORT}` : url;
const manifest = readManifest("stacks/releases", release);
const services = Object.entries(manifest.services)
  .filter(([name, { health }]) => Object.values(health).every((path) => serviceAt(manifest, path) === name))
  .map(([name, { version, build, health }]) => [name, { version, build, health, address }] as const);
// Nothing checked is not a pass.
if (services.length === 0) throw new Error("no service's health can be asked from outside");
const { digest, smoke } = manifest;
// The product's own checks may name any service: their paths lead to it.
const addresses = Object.fromEntries(Object.keys(manifest.services).map((name) => [name, { address }]));
const checks = smoke === null ? {} : { checks: { ...smoke, services: addresses } };
const expected = { environment, release, digest, services: Object.fromEntries(services), ...checks };
process.stdout.write(`${JSON.stringify(expected)}\n`);

// As the router has it: the longest path that the request lies at or below.
function serviceAt({ services }: Manifest, path: string): string | undefined {
  const routes = Object.entries(services)
    .map(([name, service]) => ({ name, prefix: service.path.replace(/\/$/, "") }))
    .filter(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return routes[0]?.name;
}
