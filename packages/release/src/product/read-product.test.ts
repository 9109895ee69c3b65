import { join } from "node:path";
import { expect, test } from "vitest";
import { caught } from "../../testing/caught.ts";
import { scratchFolder } from "../../testing/scratch-folder.ts";
import { readProduct, readSmoke } from "./read-product.ts";

const minimal = `services:
  api:
    build: [node, build.mjs, "{output}"]
    command: [node, server.mjs]
`;

const flag = `flags:
  - key: new-checkout
    description: One page instead of three
    owner: checkout
`;

function productFile(text: string, files: Readonly<Record<string, string>> = {}): string {
  return join(scratchFolder({ "product.yaml": text, ...files }), "product.yaml");
}

const why = async (text: string) => {
  const error = await caught(() => readProduct(productFile(text)));
  expect(error.code).toBe("PRODUCT_INVALID");
  return error.why;
};

test("defaults are filled in", () => {
  expect(readProduct(productFile(minimal))).toEqual({
    services: {
      api: {
        build: ["node", "build.mjs", "{output}"],
        command: ["node", "server.mjs"],
        path: "/",
        port: "PORT",
        health: { live: "/healthz", ready: "/readyz", meta: "/meta" },
        env: [],
      },
    },
    migrations: "../migrations",
    flags: [],
    config: {},
  });
});

test.each([
  [minimal.replace("command:", "comand:"), "line 4: services.api.comand is not known: did you mean command?"],
  [`${minimal}smokes: x.yaml\n`, "line 5: smokes is not known: did you mean smoke?"],
  [
    minimal.replace("[node, server.mjs]", "node server.mjs"),
    'line 4: services.api.command must be a list, is "node server.mjs"',
  ],
  [minimal.replace("[node, server.mjs]", "[]"), "line 4: services.api.command is empty"],
  [minimal.replace("server.mjs", "serve@latest"), "line 4: services.api.command[1] names latest"],
  [minimal.replace("  api:", "  Api:"), "services.Api must be lower-case letters, digits and dashes"],
  [`${minimal}    path: shop\n`, "line 5: services.api.path must start with /"],
  [
    `${minimal}    env: [DATABASE-URL]\n`,
    "line 5: services.api.env[0] must be the name of an environment variable",
  ],
  [`${minimal}config:\n  LIMIT: 3\n`, "line 6: config.LIMIT must be a text, is 3"],
  [`${minimal}flags: [new-checkout]\n`, "line 5: flags[0] must be a map"],
  [`${minimal}flags: [{key: a b}]\n`, "line 5: flags[0].key must be 1 to 100 letters"],
  [`${minimal}${flag.replace("owner", "ownr")}`, "line 8: flags[0].ownr is not known: did you mean owner?"],
  [
    `${minimal}${flag}    expires: soon\n`,
    "line 9: flags[0].expires must be a date like 2026-12-31, or never",
  ],
  [`${minimal}${flag}`, "flags[0].expires is missing"],
  [
    `${minimal}${flag}    expires: never\n${flag.replace("flags:\n", "")}    expires: never\n`,
    "line 10: flags[1].key new-checkout is declared twice",
  ],
  ["services: {}\n", "line 1: services is empty"],
  [
    `${minimal}  shop:\n    build: [make]\n    command: [./shop]\n`,
    "services.shop.path / is the path of api already",
  ],
  ["", "line 1: must be a map, is null"],
  ["name: shop\n", "services is missing"],
])("a wrong product is refused with line and path: %#", async (text, expected) => {
  expect(await why(text)).toContain(expected);
});

test("a product file that is not there is refused", async () => {
  const error = await caught(() => readProduct(join(scratchFolder(), "product.yaml")));
  expect([error.code, error.why]).toEqual(["PRODUCT_INVALID", "there is no such file"]);
});

test("smoke checks are taken over whole, as a suite or as a list", () => {
  const file = productFile("", {
    "suite.yaml": "deadline: 20s\nchecks:\n  - path: /products\n    expect: {status: 200}\n",
    "list.yaml": "- path: /products\n",
  });
  expect(readSmoke(file, { smoke: "suite.yaml" })).toEqual({
    deadline: "20s",
    checks: [{ path: "/products", expect: { status: 200 } }],
  });
  expect(readSmoke(file, { smoke: "list.yaml" })).toEqual({ checks: [{ path: "/products" }] });
  expect(readSmoke(file, { smoke: undefined })).toBe(null);
});

test.each([
  ["an empty list", "checks: []\n", "line 1: checks is empty"],
  ["no checks", "deadline: 20s\n", "checks is missing"],
  ["what JSON cannot carry", "checks:\n  - within: .inf\n", "checks[0]"],
])("a smoke file with %s is refused", async (_title, text, expected) => {
  const file = productFile("", { "smoke.yaml": text });
  const error = await caught(() => readSmoke(file, { smoke: "smoke.yaml" }));
  expect(error.code).toBe("PRODUCT_INVALID");
  expect(error.why).toContain(expected);
});

test("a smoke file that is not there is refused", async () => {
  expect((await caught(() => readSmoke(productFile(""), { smoke: "smoke.yaml" }))).code).toBe(
    "PRODUCT_INVALID",
  );
});
