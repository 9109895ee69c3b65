import { join } from "node:path";
import { root } from "./run-program.ts";

const output = join(root, "dist");

/** `npm run build`: what is published, a folder per package in `dist/`. */
export async function build(): Promise<number> {
  await buildAll();
  return 0;
}

/** `npm run pack`: the same, and an archive per package in `dist/archives/`, for other repositories to install. */
export async function pack(): Promise<number> {
  const folders = await buildAll();
  const { packPackages } = await import("../packaging/pack-packages.ts");
  for (const archive of await packPackages(folders, join(output, "archives")))
    process.stdout.write(`${archive}\n`);
  return 0;
}

// The compiler is loaded by those who use it: the other tasks start without.
async function buildAll(): Promise<string[]> {
  const { buildPackages } = await import("../packaging/build-packages.ts");
  return buildPackages(root, output);
}
