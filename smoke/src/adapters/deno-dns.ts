import { splitAddress } from "../checks/address.ts";
import { CheckFailure } from "../engine/check-failure.ts";
import type { DnsQuery } from "../engine/ports.ts";
import { denoRuntime } from "./deno-runtime.ts";
import { resolveName as resolveAsNode } from "./node-dns.ts";
import { recordText } from "./record-text.ts";

/** Resolves a name; without a name server, addresses as programs on this machine see them. */
export async function resolveName(query: DnsQuery): Promise<readonly string[]> {
  const { host, type, server, signal } = query;
  if (server === undefined && (type === "A" || type === "AAAA")) return resolveAsNode(query);
  const at = server === undefined ? undefined : splitAddress(server, 53);
  try {
    const records = await denoRuntime().resolveDns(host, type, {
      ...(at === undefined ? {} : { nameServer: { ipAddr: at.host, port: at.port } }),
      signal,
    });
    return records.map(recordText);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof Error && error.name === "NotFound") return [];
    if (error instanceof Error && error.name === "NotCapable") throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new CheckFailure("network", `${server ?? "the name server"}: ${why}`, { cause: error });
  }
}
