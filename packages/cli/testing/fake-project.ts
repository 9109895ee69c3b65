import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A project's files in a folder of its own, for commands that start nothing. */
export interface FakeProject {
  readonly root: string;
  remove(): void;
}

/** Makes a project of one service, with the given files (by path from its root) beside `stacks/`. */
export function fakeProject(files: Readonly<Record<string, string>> = {}): FakeProject {
  const root = mkdtempSync(join(tmpdir(), "slipway-project-"));
  const all = {
    "stacks/Pulumi.yaml": "name: shop\nruntime: nodejs\n",
    "stacks/product.yaml": "services:\n  api:\n    build: [node, build.ts]\n    command: [node, api.ts]\n",
    ...files,
  };
  for (const [file, content] of Object.entries(all)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
