import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

/** The folder of the golden files. */
export const goldenFolder = fileURLToPath(new URL("../golden", import.meta.url));

const update = process.env.SLIPWAY_UPDATE_GOLDEN === "1";

/**
 * Compares a text with the file that holds what it has to be. `SLIPWAY_UPDATE_GOLDEN=1` writes the files anew:
 * then the change is a diff to be reviewed.
 *
 * @param name from `packages/cli/golden/`: `help/up.txt`.
 */
export function expectGolden(name: string, text: string): void {
  const file = `${goldenFolder}/${name}`;
  const content = text.endsWith("\n") ? text : `${text}\n`;
  if (update) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const golden = existsSync(file) ? readFileSync(file, "utf8") : "";
  expect(content, `${name} changed: SLIPWAY_UPDATE_GOLDEN=1 writes it anew`).toBe(golden);
}
