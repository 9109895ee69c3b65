import * as pulumi from "@pulumi/pulumi";
import { environmentFolders, wantedInstances } from "@slipway/environment/pin";
import { isSlipwayError, renderError } from "@slipway/kernel";
import { readManifest } from "@slipway/release/manifest";
import { Flag, Release, Schema, Service, Settle, Traffic } from "./resources.ts";
import { smokeStep } from "./smoke-step.ts";
import { stackSettings } from "./stack-settings.ts";

/** What the program may say beside the stack's configuration. */
export interface EnvironmentArgs {
  /** The project's root, relative to the folder of the program. Default `..`. */
  readonly root?: string;
  /** Folder of the release manifests, relative to the root. Default `stacks/releases`. */
  readonly releases?: string;
  /** Folder of the migrations, relative to the root. Default `migrations`. */
  readonly migrations?: string;
}

/**
 * One environment: the release that the stack pins (`slipway:release`), its database, services, smoke test
 * and traffic. The graph is the same for every release, forward and back; only the pin differs.
 *
 * @example
 * export const { url, version } = new Environment("shop");
 */
export class Environment extends pulumi.ComponentResource {
  /** Where the environment is served. */
  readonly url: pulumi.Output<string>;
  /** The release that is served there. */
  readonly version: pulumi.Output<string>;
  /** The last applied migration. */
  readonly schemaHead: pulumi.Output<string | null>;
  /** The audit's newest entry, `<seq>:<hash>`: kept outside the database, so that a rewritten chain is found out. */
  readonly auditHead: pulumi.Output<string>;

  constructor(name: string, args: EnvironmentArgs = {}, options?: pulumi.ComponentResourceOptions) {
    super("slipway:index:Environment", name, {}, options);
    const { version, settings, manifest } = readable(() => pinned(args));
    const { environment } = settings;
    const after = (...dependsOn: pulumi.Resource[]) => ({ parent: this, dependsOn });

    const release = new Release("release", { settings: JSON.stringify(settings), release: version }, after());
    const schema = new Schema("schema", { environment, release: version }, after(release));
    const flags = manifest.flags.map(
      ({ key, owner, release: since, safe, expires, salt, description }) =>
        new Flag(
          key,
          { environment, release: version, flag: key, owner, since, safe, expires, salt, description },
          after(schema),
        ),
    );
    const services = wantedInstances(manifest, settings).map(
      ({ id, service, release: { version, artifact, build } }) => ({
        name: service,
        resource: new Service(
          service,
          { environment, service, version, instance: id, artifact, build },
          // A service that starts finds its flags declared.
          after(schema, ...flags),
        ),
      }),
    );
    const smoke = smokeStep(
      { manifest, settings, attempt: release.attempt, services },
      after(...services.map(({ resource }) => resource)),
    );
    const traffic = new Traffic(
      "traffic",
      { environment, release: version, attempt: release.attempt, evidence: smoke.stdout },
      after(smoke),
    );
    const settle = new Settle(
      "settle",
      { environment, release: version, attempt: release.attempt },
      after(traffic),
    );

    this.url = traffic.address;
    this.version = settle.release;
    this.schemaHead = settle.schemaHead;
    this.auditHead = settle.auditHead;
    this.registerOutputs({
      url: this.url,
      version: this.version,
      schemaHead: this.schemaHead,
      auditHead: this.auditHead,
    });
  }
}

function pinned(args: EnvironmentArgs) {
  const { release: version, settings } = stackSettings(args);
  return {
    version,
    settings,
    manifest: readManifest(environmentFolders(settings, process.cwd()).releases, version),
  };
}

// Pulumi prints the message of this kind of error, and a stack trace for every other.
function readable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw isSlipwayError(error) ? new pulumi.RunError(renderError(error)) : error;
  }
}
