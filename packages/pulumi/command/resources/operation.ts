import type { EngineLog } from "../../plugin/engine-log.ts";
import type { Logging } from "../output/output-log.ts";
import type { CheckFailure, Fields } from "../wire/check-inputs.ts";
import type { Properties } from "../wire/property-value.ts";

/** What surrounds one request of the engine. */
export interface Operation {
  /** The resource; empty for a function. */
  readonly urn: string;
  /** Nothing may be done, only said what would come of it. */
  readonly preview: boolean;
  /** Aborts on the resource's timeout, on cancel, and when the engine is gone; the reason is an `Error` that says which. */
  readonly signal: AbortSignal;
  readonly log: EngineLog;
  /** Masks the request's secrets in text that will be shown. */
  readonly redact: (text: string) => string;
}

/** One type of resource. Inputs and state are as the protocol carries them, marks of secrecy included. */
export interface ResourceType {
  readonly fields: Fields;
  /** What the fields cannot say; called with inputs that fit them. */
  readonly verify?: (inputs: Properties) => CheckFailure[];
  /** @returns the new resource's id and state. */
  create(inputs: Properties, operation: Operation): Promise<{ id: string; state: Properties }>;
  /** @returns the new state. */
  update(change: UpdateRequest, operation: Operation): Promise<Properties>;
  delete(state: Properties, operation: Operation): Promise<void>;
  /** Makes a state whole again of which the engine left something out. Without it, every state is whole. */
  readonly restore?: (state: Properties) => Promise<Properties>;
}

export interface UpdateRequest {
  readonly state: Properties;
  readonly oldInputs: Properties;
  readonly inputs: Properties;
}

/** A function that a program calls, in previews too. */
export interface FunctionType {
  readonly fields: Fields;
  readonly verify?: (inputs: Properties) => CheckFailure[];
  call(inputs: Properties, operation: Operation): Promise<Properties>;
}

/** One command to run, opened for use. */
export interface CommandRun {
  readonly command: string;
  readonly inputs: Properties;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: string | undefined;
  readonly logging: Logging | undefined;
  /** The command is given secrets, so its text and output count as secret. */
  readonly secretive: boolean;
  readonly previous: { readonly stdout: string; readonly stderr: string } | undefined;
}

/** What a command wrote, and the files it was asked for. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly assets?: Properties;
  readonly archive?: Properties;
}

/** Runs a command somewhere. @throws an `Error` whose message may be shown. */
export type CommandRunner = (run: CommandRun, operation: Operation) => Promise<CommandResult>;
