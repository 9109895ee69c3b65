import { expect, test } from "vitest";
import { archiveName } from "./download-pulumi.ts";

test("the archive is the one of this machine", () => {
  expect(archiveName("linux", "x64")).toBe("pulumi-v3.259.0-linux-x64.tar.gz");
  expect(archiveName("darwin", "arm64")).toBe("pulumi-v3.259.0-darwin-arm64.tar.gz");
});

test("there is none for a machine without a tar archive", () => {
  expect(archiveName("win32", "x64")).toBeNull();
  expect(archiveName("linux", "s390x")).toBeNull();
});
