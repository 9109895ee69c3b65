import { type EnvironmentSettings, openEnvironment, type RunSession, runSession } from "@slipway/environment";
import { isSlipwayError, renderError, SlipwayError } from "@slipway/kernel";
import { checkResource } from "./check-resource.ts";
import { deleteRelease } from "./delete-release.ts";
import { diffResource } from "./diff-resource.ts";
import { ensureResource } from "./ensure-resource.ts";
import { type ResourceInputs, resourceKind, unwrapSecrets } from "./resource-inputs.ts";

/** What the plugin process gives to the provider. */
export interface ProviderContext {
  readonly cwd: string;
  readonly ambient: Readonly<Record<string, string | undefined>>;
  readonly log: (severity: "info" | "warning", message: string, urn: string) => void;
}

/**
 * Serves Slipway's resources to Pulumi. Each one is an idempotent ensure, run as its create and as its
 * update; what decides is the ledger and the world, never Pulumi's state. One process serves one run of one
 * stack, and so one environment, which the release names.
 */
export class SlipwayProvider {
  readonly version = "0.1.0";
  readonly #context: ProviderContext;
  #session: RunSession | undefined;
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
      const checked = await checkResource(this.#open(inputs), resourceKind(urn), unwrapSecrets(olds), inputs);
      return { inputs: checked.inputs, failures: checked.refusals.map((refusal) => this.#failure(refusal)) };
    } catch (error) {
      return { inputs, failures: [this.#failure(error)] };
    }
  }

  async diff(_id: string, urn: string, olds: ResourceInputs, news: ResourceInputs) {
    const changes = diffResource(resourceKind(urn), unwrapSecrets(olds), unwrapSecrets(news));
    return { changes, replaces: [], deleteBeforeReplace: false, stables: [] };
  }

  async create(urn: string, news: ResourceInputs) {
    return { id: urn.split("::").at(-1) ?? urn, outs: await this.#ensure(urn, news) };
  }

  async update(_id: string, urn: string, _olds: ResourceInputs, news: ResourceInputs) {
    return { outs: await this.#ensure(urn, news) };
  }

  /** A refresh must never lose anything: drift is found by `check`, not by forgetting the resource. */
  async read(id: string, _urn: string, props: ResourceInputs) {
    return { id, props, inputs: props };
  }

  /** Deletes decide nothing: settle stops what the pin does not ask for. Only `destroy` stops everything. */
  async delete(_id: string, urn: string, props: ResourceInputs): Promise<void> {
    if (this.#programSeen || resourceKind(urn) !== "Release") return;
    this.#urn = urn;
    try {
      await deleteRelease(this.#open(unwrapSecrets(props)));
    } catch (error) {
      throw this.#readable(error);
    }
  }

  /** Called by the engine on Ctrl-C, and at every normal end. */
  async cancel(): Promise<void> {
    this.#session?.cancel();
  }

  /** Ends an open run and closes connections; the process ends after it. */
  async end(): Promise<void> {
    await this.cancel();
    await this.#session?.close();
  }

  #open({ settings }: ResourceInputs): RunSession {
    if (this.#session !== undefined) return this.#session;
    if (settings === undefined) {
      throw new SlipwayError("RUN_NOT_OPEN", {
        what: "Cannot look at a step by itself",
        why: "the release step, which knows the environment, is not part of this run",
      });
    }
    const { cwd, ambient, log } = this.#context;
    const environment = openEnvironment(JSON.parse(settings) as EnvironmentSettings, {
      cwd,
      ambient,
      log: (severity, message) => log(severity, environment.redactor.redact(message), this.#urn),
    });
    this.#session = runSession(environment);
    return this.#session;
  }

  async #ensure(urn: string, news: ResourceInputs): Promise<Record<string, unknown>> {
    this.#urn = urn;
    const inputs = unwrapSecrets(news);
    try {
      const session = this.#open(inputs);
      return { ...inputs, ...(await ensureResource(session, resourceKind(urn), inputs)) };
    } catch (error) {
      await this.#session?.failed(error);
      throw this.#readable(error);
    }
  }

  #failure(error: unknown) {
    return { property: "", reason: this.#readable(error).message };
  }

  // The engine prints the message of an error and nothing else; a bug keeps its stack, which helps to find it.
  #readable(error: unknown): Error {
    const bug = () => (error instanceof Error ? (error.stack ?? error.message) : String(error));
    const known = isSlipwayError(error)
      ? error
      : new SlipwayError("INTERNAL", { what: "Slipway failed", why: bug() });
    const text = renderError(known);
    return new Error(this.#session?.environment.redactor.redact(text) ?? text);
  }
}
