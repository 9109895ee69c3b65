import { type handleUnaryCall, type ServerUnaryCall, status } from "@grpc/grpc-js";
import type { EngineLog } from "../../plugin/engine-log.ts";
import type { Operation } from "../resources/operation.ts";
import type { Properties } from "../wire/property-value.ts";
import type { RunningOperations } from "./running-operations.ts";
import { secretRedactor } from "./secret-redactor.ts";

/** What a method needs of its call beside the request: to hear that the engine no longer waits. */
export type Call = Pick<ServerUnaryCall<unknown, unknown>, "on">;

/** Makes a method of an asynchronous function; a rejection becomes the error that the engine shows. */
export function answer<Request, Response>(
  work: (request: Request, call: Call) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    work(call.request, call).then(
      (response) => callback(null, response),
      (error: Error) => callback({ code: status.UNKNOWN, details: error.message.toWellFormed() }),
    );
  };
}

/** What the engine says about an operation. */
export interface About {
  readonly urn: string;
  readonly preview: boolean;
  /** 0: as long as it takes. */
  readonly timeoutSeconds: number;
  /** Inputs and state: no error may hold the secrets among them. */
  readonly given: readonly Properties[];
}

/** Does the work of one call within its limits. */
export async function operate<Response>(
  {
    operations,
    engine,
  }: { readonly operations: RunningOperations; readonly engine: { readonly log: EngineLog } },
  call: Call,
  { urn, preview, timeoutSeconds, given }: About,
  work: (operation: Operation) => Promise<Response>,
): Promise<Response> {
  const redact = secretRedactor(...given);
  const limits = { timeoutSeconds, onGone: (gone: () => void) => void call.on("cancelled", gone) };
  try {
    return await operations.run(limits, (signal) => work({ urn, preview, signal, redact, log: engine.log }));
  } catch (error) {
    throw new Error(redact(error instanceof Error ? error.message : String(error)));
  }
}
