import {
  ensureRelease,
  ensureSchema,
  ensureService,
  ensureSettle,
  ensureTraffic,
  openEnvironment,
  pinnedManifest,
  planRun,
  type RunSession,
  runSession,
} from "@slipway/environment";
import { isSlipwayError, renderError, SlipwayError } from "@slipway/kernel";
import { checkResource } from "./check-resource.ts";
import { deleteResource } from "./delete-resource.ts";
import { diffResource } from "./diff-resource.ts";
import { type ResourceInputs, resourceKind, settingsOf, unwrapSecrets } from "./resource-inputs.ts";

/** What the plugin process gives to the provider. */
export interface ProviderContext {
  readonly cwd: string;
  readonly ambient: Readonly<Record<string, string | undefined>>;
  readonly log: (severity: "info" | "warning", message: string, urn: string) => void;
}

type Outputs = Record<string, unknown>;

/**
 * Serves Slipway's resources to Pulumi. Each one is an idempotent ensure, run as its create and as its
 * update; what decides is the ledger and the world, never Pulumi's state.
 */
export class SlipwayProvider {
  readonly version = "0.1.0";
  readonly #context: ProviderContext;
  readonly #sessions = new Map<string, RunSession>();
  #urn = "";
  /** True once a program has registered anything: then deletes are part of an `up`, not of a `destroy`. */
  #programSeen = false;

  constructor(context: ProviderContext) {
    this.#context = context;
  }

  async check(urn: string, olds: ResourceInputs, news: ResourceInputs) {
    this.#programSeen = true;
    this.#urn = urn;
    const inputs = unwrapSecrets(news);
    try {
      const checked = await checkResource(
        this.#session(inputs),
        resourceKind(urn),
        unwrapSecrets(olds),
        inputs,
      );
      return {
        inputs: checked.inputs,
        failures: checked.refusals.map((refusal) => this.#failure(inputs, refusal)),
      };
    } catch (error) {
      return { inputs, failures: [this.#failure(inputs, error)] };
    }
  }

  async diff(_id: string, urn: string, olds: ResourceInputs, news: ResourceInputs) {
    const changes = diffResource(resourceKind(urn), unwrapSecrets(olds), unwrapSecrets(news));
    return { changes, replaces: [], deleteBeforeReplace: false, stables: [] };
  }

  async create(urn: string, news: ResourceInputs) {
    const inputs = unwrapSecrets(news);
    const { environment } = settingsOf(inputs);
    const name = inputs.service ?? resourceKind(urn).toLowerCase();
    return { id: `${environment}/${name}`, outs: await this.#ensure(urn, inputs) };
  }

  async update(_id: string, urn: string, _olds: ResourceInputs, news: ResourceInputs) {
    return { outs: await this.#ensure(urn, unwrapSecrets(news)) };
  }

  /** A refresh must never lose anything: drift is found by `check`, not by forgetting the resource. */
  async read(id: string, _urn: string, props: ResourceInputs) {
    return { id, props, inputs: props };
  }

  async delete(_id: string, urn: string, props: ResourceInputs): Promise<void> {
    // Deletes of an `up` decide nothing: settle has stopped what the pin does not ask for.
    if (this.#programSeen) return;
    this.#urn = urn;
    const inputs = unwrapSecrets(props);
    const session = this.#session(inputs);
    try {
      await deleteResource(session, resourceKind(urn), inputs);
    } catch (error) {
      throw this.#readable(session, error);
    }
  }

  /** Called by the engine on Ctrl-C, and at every normal end. */
  async cancel(): Promise<void> {
    for (const session of this.#sessions.values()) session.cancel();
  }

  /** Ends open runs and closes connections; the process ends after it. */
  async end(): Promise<void> {
    await this.cancel();
    await Promise.all([...this.#sessions.values()].map((session) => session.close()));
  }

  #session(inputs: ResourceInputs): RunSession {
    const known = this.#sessions.get(inputs.environment);
    if (known !== undefined) return known;
    const { cwd, ambient, log } = this.#context;
    const environment = openEnvironment(settingsOf(inputs), {
      cwd,
      ambient,
      log: (severity, message) => log(severity, environment.redactor.redact(message), this.#urn),
    });
    const session = runSession(environment);
    this.#sessions.set(inputs.environment, session);
    return session;
  }

  async #ensure(urn: string, inputs: ResourceInputs): Promise<Outputs> {
    this.#urn = urn;
    const session = this.#session(inputs);
    try {
      return { ...inputs, ...(await ensureResource(session, urn, inputs)) };
    } catch (error) {
      await session.failed(error);
      throw this.#readable(session, error);
    }
  }

  #failure(inputs: ResourceInputs, error: unknown) {
    return { property: "", reason: this.#readable(this.#sessions.get(inputs.environment), error).message };
  }

  // The engine prints the message of an error and nothing else; a bug keeps its stack, which helps to find it.
  #readable(session: RunSession | undefined, error: unknown): Error {
    const text = isSlipwayError(error)
      ? renderError(error)
      : renderError(
          new SlipwayError("INTERNAL", {
            what: "Slipway failed",
            why: error instanceof Error ? (error.stack ?? error.message) : String(error),
          }),
        );
    return new Error(session?.environment.redactor.redact(text) ?? text);
  }
}

async function ensureResource(session: RunSession, urn: string, inputs: ResourceInputs): Promise<Outputs> {
  switch (resourceKind(urn)) {
    case "Release": {
      const { environment } = session;
      const manifest = await pinnedManifest(environment, String(inputs.release));
      const plan = planRun({
        manifest,
        settings: environment.settings,
        observation: await environment.observe(),
      });
      const reason = environment.context.ambient.SLIPWAY_REASON ?? null;
      const run = await ensureRelease(session, { manifest, plan, attempt: Number(inputs.attempt), reason });
      return { run: run.id };
    }
    case "Schema":
      return { ...(await ensureSchema(session)) };
    case "Service": {
      const { address, id } = await ensureService(session, String(inputs.service));
      return { address, instance: id };
    }
    case "Traffic":
      return { ...(await ensureTraffic(session, String(inputs.evidence))) };
    case "Settle":
      return { ...(await ensureSettle(session)) };
  }
}
