import type { ImportSource } from "./arguments.ts";
import type { Host } from "./host.ts";
export async function importVerb(_host: Host, _args: { from: ImportSource; file: string }): Promise<number> {
  throw new Error("soon");
}
