import { credentials, Metadata } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";

/** How loud a message is. `error` makes the engine fail the whole run once the step has ended. */
export type EngineLogSeverity = "debug" | "info" | "warning" | "error";

/** Where and for how long a message shows. */
export interface EngineLogOptions {
  /** The resource that the message belongs to; without it, it belongs to the stack. */
  readonly urn?: string;
  /** A status line: replaced by the next one, left out of logs. */
  readonly ephemeral?: boolean;
}

/** Messages from a plugin to the people who watch `pulumi preview` or `pulumi up`. */
export interface EngineLog {
  /**
   * Sends one message; messages arrive in the order of the calls. Never rejects: an engine that is gone must
   * not make a step fail that has already changed something.
   */
  log(severity: EngineLogSeverity, message: string, options?: EngineLogOptions): Promise<void>;
  /** Ends the connection, for tests and tools; a plugin lets its exit do that. */
  close(): void;
}

const severities = {
  debug: engine.LogSeverity.DEBUG,
  info: engine.LogSeverity.INFO,
  warning: engine.LogSeverity.WARNING,
  error: engine.LogSeverity.ERROR,
} as const;

/** Long enough for a busy machine; a hung engine must not hold up a step for longer. */
const DEADLINE_MS = 5_000;

/**
 * Talks to the engine that started this plugin. `pulumi.log` of the SDK does not reach anybody from a plugin;
 * this does, in previews too, and without loading the SDK.
 *
 * @param engineAddress `host:port`, the first argument that a plugin is started with.
 * @example
 * const engine = createEngineLog(process.argv[2]!);
 * await engine.log("warning", "1.2.0 was rolled back here on Monday", { urn });
 */
export function createEngineLog(engineAddress: string): EngineLog {
  const client = new EngineClient(engineAddress, credentials.createInsecure());
  // The engine serves requests side by side, so order needs one request at a time.
  let last: Promise<void> = Promise.resolve();

  return {
    log(severity, message, options = {}) {
      const request = new engine.LogRequest();
      request.setSeverity(severities[severity]);
      request.setMessage(message);
      request.setUrn(options.urn ?? "");
      request.setEphemeral(options.ephemeral ?? false);
      const send = () =>
        new Promise<void>((resolve) => {
          // A failed delivery has no other place to be reported to: the engine is the terminal.
          client.log(request, new Metadata(), { deadline: Date.now() + DEADLINE_MS }, () => resolve());
        });
      last = last.then(send);
      return last;
    },
    close: () => client.close(),
  };
}
