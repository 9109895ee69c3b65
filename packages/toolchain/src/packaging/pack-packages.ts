import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runTool } from "../run-tool.ts";

/**
 * Packs built packages the way npm publishes them. Needs no network.
 *
 * @param folders what {@link buildPackages} gave.
 * @param output the folder for the archives; what was in it is gone, so that no older version is beside them.
 * @returns the archives, in the order of the folders.
 * @throws Error with what npm says.
 */
export async function packPackages(folders: readonly string[], output: string): Promise<string[]> {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", output, ...folders];
  const { exitCode, stdout, stderr } = await runTool("npm", args, { cwd: output });
  if (exitCode !== 0) throw new Error(`npm pack ended with ${exitCode}:\n${stderr}`);
  const packed = JSON.parse(stdout) as { readonly filename: string }[];
  return packed.map(({ filename }) => join(output, filename));
}
