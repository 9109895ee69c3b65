import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes an executable shell script and gives its path. */
export function script(folder: string, name: string, body: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A Pulumi CLI that can say its version, with its language host unless told otherwise. */
export function fakePulumi(folder: string, version: string, { host = true } = {}): void {
  script(folder, "pulumi", `echo v${version}`);
  if (host) script(folder, "pulumi-language-nodejs", "exit 0");
}
