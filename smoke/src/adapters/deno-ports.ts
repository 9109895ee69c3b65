import type { Ports } from "../engine/ports.ts";
import { nodePorts } from "./node-ports.ts";

/**
 * The ports for Deno. Certificates, connections and databases come through Node's modules, which Deno has;
 * programs and name servers through Deno's own, which ask for fewer permissions.
 */
export const denoPorts: Required<Ports> = {
  ...nodePorts,
  dns: async (query) => (await import("./deno-dns.ts")).resolveName(query),
  command: async (query) => (await import("./deno-command.ts")).runCommand(query),
};
