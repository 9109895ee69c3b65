import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { caught } from "../../testing/caught.ts";
import { scratchFolder } from "../../testing/scratch-folder.ts";
import { testManifest } from "../../testing/test-manifest.ts";
import { writeManifest } from "../manifest/manifest.ts";
import { presentPin, readPin, readStackFile, setPin } from "./stack-file.ts";

const text = `# Who may change this: the release manager.
encryptionsalt: v1:abc=
config:
  shop:colour: {  red:   true }
  slipway:release: "1.0.0"   # the pin

  slipway:port: 8082
  slipway:rollout:
    steps: [ 10,50,   100 ]   # a long line that nobody wants to see folded because a tool thinks that eighty characters are enough
  slipway:database: {env: SHOP_DATABASE_URL}
`;

function stackFile(content = text) {
  const folder = scratchFolder({ "Pulumi.dev.yaml": content });
  return { folder, file: join(folder, "Pulumi.dev.yaml") };
}

test("Slipway's own keys are read, without their prefix", () => {
  expect(readStackFile(stackFile().file)).toEqual({
    release: "1.0.0",
    port: 8082,
    rollout: { steps: [10, 50, 100] },
    database: { env: "SHOP_DATABASE_URL" },
  });
});

test("a wrong key is refused with its line and path", async () => {
  const { file } = stackFile(text.replace("steps:", "stpes:"));
  const error = await caught(() => readStackFile(file));
  expect(error.code).toBe("CONFIG_INVALID");
  expect(error.why).toBe("line 9: rollout.stpes is not known: did you mean steps?");
});

test("a file without a pin is refused", async () => {
  expect((await caught(() => readStackFile(stackFile("config:\n").file))).why).toContain(
    "release is missing",
  );
  expect((await caught(() => readStackFile(stackFile("").file))).why).toContain("release is missing");
});

test("a secret under slipway: is refused, and its value is not told", async () => {
  const { file } = stackFile(`${text}  slipway:env:\n    secure: v1:ciphertext\n`);
  const error = await caught(() => readStackFile(file));
  expect(error.why).toContain("line 11: slipway:env is encrypted");
  expect(error.message).not.toContain("ciphertext");
});

test("what is not YAML is refused with its line", async () => {
  const error = await caught(() => readStackFile(stackFile("config:\n  a: 1\n a: 2\n").file));
  expect(error.why).toMatch(/^line 3: /);
  const twice = await caught(() => readStackFile(stackFile(`${text}  slipway:port: 1\n`).file));
  expect(twice.why).toMatch(/^line 11: .*unique/i);
});

test("what is pinned now is told without asking for the rest, and a broken file is refused", async () => {
  expect(presentPin(stackFile().file)).toBe("1.0.0");
  expect(presentPin(stackFile("").file)).toBeNull();
  const error = await caught(() => presentPin(stackFile("config:\n  a: 1\n a: 2\n").file));
  expect(error.code).toBe("CONFIG_INVALID");
});

test("a pin is written and not a byte beside it", () => {
  const { file } = stackFile();
  setPin(file, "1.1.0");
  expect(readFileSync(file, "utf8")).toBe(text.replace('"1.0.0"', "1.1.0"));
  expect(readPin(file)).toBe("1.1.0");
  setPin(file, "2.0.0-rc.1");
  expect(readPin(file)).toBe("2.0.0-rc.1");
});

test.each([
  ["no pin yet", "# note\nconfig:\n  slipway:port: 8082\n"],
  ["an empty config", "# note\nconfig:\n"],
  ["a config without keys", "# note\nconfig: {}\n"],
  ["an empty pin", "# note\nconfig:\n  slipway:release:\n"],
  ["no config", "# note\nencryptionsalt: v1:abc=\n"],
])("a file with %s gets one", (_title, content) => {
  const { file } = stackFile(content);
  setPin(file, "1.1.0");
  expect(readPin(file)).toBe("1.1.0");
  expect(readFileSync(file, "utf8")).toContain("# note\n");
});

test("a config that is not a map is refused", async () => {
  for (const content of ["config: [a]\n", "config:\n  slipway:release: {a: 1}\n", "- a\n"]) {
    expect((await caught(() => setPin(stackFile(content).file, "1.1.0"))).code).toBe("CONFIG_INVALID");
  }
});

test("a pin that does not name one release is refused, and the file stays", async () => {
  const { file } = stackFile();
  expect((await caught(() => setPin(file, "latest"))).code).toBe("REFERENCE_MUTABLE");
  expect((await caught(() => setPin(file, "v1.1.0"))).code).toBe("VERSION_INVALID");
  expect(readFileSync(file, "utf8")).toBe(text);
});

test("with the manifests at hand, only a release that is there can be pinned", async () => {
  const { file, folder } = stackFile();
  const releases = join(folder, "releases");
  writeManifest(releases, testManifest("1.1.0"));
  expect((await caught(() => setPin(file, "1.2.0", { releases }))).code).toBe("RELEASE_UNKNOWN");
  expect(readPin(file)).toBe("1.0.0");
  setPin(file, "1.1.0", { releases });
  expect(readPin(file)).toBe("1.1.0");
});

test("permissions and a link to the file survive, and nothing is left beside it", () => {
  const { file, folder } = stackFile();
  chmodSync(file, 0o640);
  const link = join(folder, "link.yaml");
  symlinkSync("Pulumi.dev.yaml", link);
  setPin(link, "1.1.0");
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(readPin(file)).toBe("1.1.0");
  expect(readdirSync(folder).sort()).toEqual(["Pulumi.dev.yaml", "link.yaml"]);
});
