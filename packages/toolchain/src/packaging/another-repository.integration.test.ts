import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { guideCommands, guideFiles } from "../../testing/guide.ts";
import { type OtherRepository, otherRepository, registryMissing } from "../../testing/other-repository.ts";
import { publishedEntries } from "../../testing/published-entries.ts";
import { freePort } from "../../testing/scratch-postgres.ts";
import { typeErrors } from "../../testing/type-errors.ts";

const guide = readFileSync(
  fileURLToPath(new URL("../../../docs/guides/first-project.md", import.meta.url)),
  "utf8",
);
const [release = [], nextRelease = []] = guideCommands(guide, "## 5.");
const [rollback = [], [explain = ""] = []] = guideCommands(guide, "## 6.");
const port = await freePort();
let shop: OtherRepository;
let missing: string | null = null;
let installed = false;

beforeAll(async () => {
  shop = await otherRepository("shop");
  for (const { file, text } of guideFiles(guide)) shop.write(file, text);
  shop.write("stacks/Pulumi.dev.yaml", `config:\n  slipway:release: 1.0.0\n  slipway:port: ${port}\n`);
  const [[pack, ...install] = []] = guideCommands(guide, "## 1.");
  // It has been done by now, into a folder beside the shop: the repository's own dist/ may be in use.
  expect(pack).toBe("(cd ../slipway && npm run pack)");
  missing = await registryMissing(shop);
  if (missing !== null) return;
  await type([...install, `npm install --save-dev ${openFeature()}`]);
  installed = true;
}, 300_000);

beforeEach(({ skip }) => skip(missing !== null, missing ?? ""));

afterAll(async () => {
  if (installed) await shop.shell("npx slipway down --yes");
  shop.remove();
});

test("every export and command of every package is there, and modules load and have their types", async () => {
  const entries = publishedEntries(join(shop.root, "node_modules/@slipway"));
  const files = entries.flatMap(({ file, types }) => [file, ...(types === null ? [] : [types])]);
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
  const modules = entries.filter(({ types }) => types !== null).map(({ name }) => name);
  expect(modules).toEqual(
    expect.arrayContaining(["@slipway/pulumi", "@slipway/smoke", "@slipway/toolchain"]),
  );
  expect(typeErrors(shop.root, modules, ["stacks/index.ts"])).toEqual([]);
  // Two are programs, which run when they are imported, and one is for projects that have Vitest.
  const loadable = modules.filter((name) => !/^@slipway\/smoke\/(node|deno|vitest)$/.test(name));
  const load = loadable.map((name) => `await import("${name}");`).join(" ");
  await shop.shell(`node --input-type=module --eval '${load}'`);
});

test("the guide's commands, run as they stand, bring up its release", async () => {
  await type(release);
  expect(await meta()).toMatchObject({ service: "api", version: "1.0.0" });
  expect(await status()).toMatchObject({ agrees: true, schemaHead: "20260101000001_products" });
});

test("a second release goes forward, and the guide's rollback takes code and schema back", async () => {
  shop.write("server.js", `${await readServer()}\n// Answers as before.\n`);
  shop.write("migrations/20260102000001_prices.sql", "alter table products add column price numeric;\n");
  shop.write("migrations/rollbacks/20260102000001_prices.sql", "alter table products drop column price;\n");
  await shop.shell("git add -A && git commit -q -m Prices");
  await type(nextRelease);
  expect(await meta()).toMatchObject({ version: "1.1.0" });
  expect(await status()).toMatchObject({ agrees: true, schemaHead: "20260102000001_prices" });
  await type(rollback);
  expect(await meta()).toMatchObject({ version: "1.0.0" });
  expect(await status()).toMatchObject({ agrees: true, schemaHead: "20260101000001_products" });
});

test("the pages of error codes come with the packages", async () => {
  const page = fileURLToPath(new URL("../../../docs/errors/SMOKE_FAILED.md", import.meta.url));
  expect(explain).toBe("npx slipway explain SMOKE_FAILED");
  expect(await shop.shell(explain)).toBe(readFileSync(page, "utf8"));
});

test("plain Pulumi previews with the packages' plugins", async () => {
  const preview = await shop.shell(
    'eval "$(npx slipway env)" && cd stacks && pulumi preview --stack dev --non-interactive',
  );
  expect(preview).toMatch(/\d+ unchanged/);
});

test("nothing of it runs after slipway down", async () => {
  await shop.shell("npx slipway down --yes");
  await expect(fetch(`http://127.0.0.1:${port}/meta`)).rejects.toThrow();
  expect(await shop.shell("ps -eo args")).not.toContain(join(shop.root, ".slipway"));
});

/** Types the guide's commands; questions are answered with yes, and the port is a free one. */
async function type(commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    const sure = command.replace(/^npx slipway (up|rollback \S+)$/, "$& --yes");
    await shop.shell(sure.replace(":8080", `:${port}`));
  }
}

/** What a project has that uses the providers for OpenFeature, in the versions that they are tested with. */
function openFeature(): string {
  const file = fileURLToPath(new URL("../../../flags/package.json", import.meta.url));
  const { devDependencies } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  return Object.entries(devDependencies)
    .filter(([name]) => name.startsWith("@openfeature/"))
    .map(([name, version]) => `${name}@${version}`)
    .join(" ");
}

async function meta(): Promise<unknown> {
  return (await fetch(`http://127.0.0.1:${port}/meta`)).json();
}

async function status(): Promise<unknown> {
  return JSON.parse(await shop.shell("npx slipway status --output json"));
}

const readServer = () => shop.shell("cat server.js");
