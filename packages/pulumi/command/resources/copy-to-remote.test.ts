import { expect, test } from "vitest";
import { checkInputs } from "../wire/check-inputs.ts";
import { ARCHIVE, ASSET, SIGNATURE, UNKNOWN } from "../wire/property-value.ts";
import { copyToRemote } from "./copy-to-remote.ts";

function failures(source: unknown): string[] {
  const given = { connection: { host: "app" }, remotePath: "/srv", source };
  const { inputs, failures } = checkInputs(copyToRemote.fields, given);
  return [...failures, ...(copyToRemote.verify?.(inputs) ?? [])].map(
    ({ property, reason }) => `${property}: ${reason}`,
  );
}

test("texts, files and archives at a path can be copied, and what a preview does not know yet", () => {
  expect(failures({ [SIGNATURE]: ASSET, text: "hello" })).toEqual([]);
  expect(failures({ [SIGNATURE]: ASSET, hash: "of an empty text" })).toEqual([]);
  expect(failures({ [SIGNATURE]: ASSET, path: "a.txt" })).toEqual([]);
  expect(failures({ [SIGNATURE]: ARCHIVE, path: "folder" })).toEqual([]);
  expect(failures(UNKNOWN)).toEqual([]);
});

test("assets from elsewhere and archives made of assets are refused, as by the official plugin", () => {
  expect(failures({ [SIGNATURE]: ASSET, uri: "https://example.org/a" })).toEqual([
    "asset: asset must be a path-based file asset or a text asset",
  ]);
  expect(failures({ [SIGNATURE]: ARCHIVE, assets: {} })).toEqual([
    "archive: archive must be a path to a file or directory",
  ]);
  expect(failures("a text")).toEqual(["source: must be an asset or an archive, but is a text"]);
});
