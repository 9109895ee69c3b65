import { expect, test } from "vitest";
import { compareReleases, isVersion, refuseVersion } from "./version.ts";

test.each(["1.4.0", "0.0.1", "2.0.0-rc.1", "10.20.30"])("%s is a version", (text) => {
  expect(isVersion(text)).toBe(true);
});

test.each([
  "v1.4.0",
  "1.4",
  "1",
  "01.0.0",
  "1.0.0+build",
  " 1.0.0",
  "latest",
  "^1.0.0",
  "1.x",
  "../1.0.0",
  "",
])("%s is not a version", (text) => {
  expect(isVersion(text)).toBe(false);
});

test("versions are ordered by number, and a pre-release comes before its release", () => {
  expect(["1.10.0", "1.9.0", "1.10.0-rc.1"].sort(compareReleases)).toEqual([
    "1.9.0",
    "1.10.0-rc.1",
    "1.10.0",
  ]);
});

test.each(["latest", "main", "^1.0.0", "*", "stable", ""])("%s can name another release tomorrow", (text) => {
  expect(refuseVersion(text, "Cannot cut").code).toBe("REFERENCE_MUTABLE");
});

test("a version with a v is refused with the version that was meant", () => {
  const error = refuseVersion("v1.4.0", "Cannot cut");
  expect([error.code, error.todo]).toEqual(["VERSION_INVALID", "Write 1.4.0"]);
});

test.each([
  ["1.4", "is not semantic versioning"],
  ["1.0.0+linux", "build metadata has no order"],
])("%s looks like a version and is told why it is none", (text, why) => {
  const error = refuseVersion(text, "Cannot cut");
  expect(error.code).toBe("VERSION_INVALID");
  expect(error.why).toContain(why);
});
