import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ARCHIVE, ASSET, SIGNATURE } from "../wire/property-value.ts";
import { collectFiles } from "./collect-files.ts";
import { restoreFiles } from "./restore-files.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "restore-files-"));
  writeFileSync(join(dir, "a.txt"), "alpha");
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("a state whose files lost their content gets it back", async () => {
  const whole = {
    dir,
    archivePaths: ["*"],
    ...(await collectFiles(dir, { assetPaths: ["*"], archivePaths: ["*"] })),
  };
  const { hash } = whole.assets!["a.txt"] as { hash: string };
  const sent = {
    ...whole,
    assets: { "a.txt": { [SIGNATURE]: ASSET, hash } },
    archive: { [SIGNATURE]: ARCHIVE, hash: whole.archive!.hash },
  };
  expect(await restoreFiles(sent)).toEqual(whole);
  expect(await restoreFiles(whole)).toEqual(whole);
});

test("a state without files stays as it is", async () => {
  expect(await restoreFiles({ create: "make", stdout: "" })).toEqual({ create: "make", stdout: "" });
});
