import { localCommand } from "../resources/local-command.ts";
import { localRun } from "../resources/local-run.ts";
import type { FunctionType, ResourceType } from "../resources/operation.ts";

// What goes over SSH is loaded when the first such resource asks for it: most programs have none.
const resourceTypes: Readonly<Record<string, () => Promise<ResourceType>>> = {
  "command:local:Command": async () => localCommand,
  "command:remote:Command": async () => (await import("../resources/remote-command.ts")).remoteCommand,
  "command:remote:CopyToRemote": async () => (await import("../resources/copy-to-remote.ts")).copyToRemote,
};

/** @param urn `urn:pulumi:<stack>::<project>::<parent type$>type::<name>` */
export async function resourceTypeOf(urn: string): Promise<ResourceType> {
  const token = urn.split("::")[2]?.split("$").at(-1) ?? "";
  const load = resourceTypes[token];
  if (load === undefined)
    throw new Error(`There is no resource type ${token}; there are ${Object.keys(resourceTypes).join(", ")}`);
  return load();
}

export function functionTypeOf(token: string): FunctionType {
  if (token === "command:local:run") return localRun;
  throw new Error(`There is no function ${token}; there is command:local:run`);
}
