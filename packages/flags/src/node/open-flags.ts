import { fileURLToPath } from "node:url";
import { FlagClient } from "../client/flag-client.ts";
import type { FlagClientOptions } from "../client/flag-client-options.ts";
import { lastKnownFile, readIfThere } from "./last-known-file.ts";
import { overrideFile } from "./override-file.ts";

/** As for any client, with files by their path. */
export interface OpenFlagsOptions extends Omit<FlagClientOptions, "lastKnown" | "override" | "bootstrap"> {
  /**
   * The release's manifest or a document: its path, or its content. Left out: the file that `SLIPWAY_FLAGS_BOOTSTRAP`
   * names, which Slipway writes before it starts a service.
   */
  readonly bootstrap?: string | URL | object;
  /** Where the last known document is kept. Left out: it is not. */
  readonly lastKnownFile?: string;
  /** The local override. Left out: what `SLIPWAY_FLAGS_OVERRIDE` names, if anything. */
  readonly overrideFile?: string;
  /** How long to wait for the store: 1,500. */
  readonly maxWaitMs?: number;
}

/**
 * Opens the environment's flags in a Node or Deno process: resolves when the store has answered, or after `maxWaitMs`
 * with what is at hand. Never rejects for a store that is down or a file that is not valid.
 *
 * @example
 * const flags = await openFlags({ source, bootstrap: "release.json" });
 * app.get("/", (c) => c.text(flags.isOn("new-checkout", { userId: c.req.query("user") }) ? "new" : "old"));
 */
export function openFlags(options: OpenFlagsOptions): Promise<FlagClient> {
  const { bootstrap, lastKnownFile: lastKnown, maxWaitMs, ...rest } = options;
  const override = options.overrideFile ?? process.env.SLIPWAY_FLAGS_OVERRIDE;
  const client = new FlagClient({
    ...rest,
    bootstrap: readBootstrap(bootstrap ?? process.env.SLIPWAY_FLAGS_BOOTSTRAP),
    lastKnown: lastKnown === undefined ? null : lastKnownFile(lastKnown),
    override: override === undefined || override === "" ? null : overrideFile(override),
  });
  return client.ready(maxWaitMs);
}

/** Content that is no bootstrap is passed on as it is: the client reports it. */
function readBootstrap(bootstrap: OpenFlagsOptions["bootstrap"]): unknown {
  if (bootstrap === "") return undefined;
  if (typeof bootstrap !== "string" && !(bootstrap instanceof URL)) return bootstrap;
  try {
    const text = readIfThere(bootstrap instanceof URL ? fileURLToPath(bootstrap) : bootstrap);
    return text === null ? `no file ${bootstrap}` : JSON.parse(text);
  } catch (error) {
    return `${bootstrap}: ${(error as Error).message}`;
  }
}
