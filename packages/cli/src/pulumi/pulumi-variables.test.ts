import { delimiter } from "node:path";
import { expect, test } from "vitest";
import { pulumiVariables } from "./pulumi-variables.ts";

const folders = { binFolder: "/pulumi/bin", nodeFolder: "/node/bin" };

test("Node and Pulumi go before what is on PATH, and everything else of the caller stays", () => {
  const variables = pulumiVariables({ PATH: "/usr/bin", DATABASE_URL: "x", GONE: undefined }, folders);
  expect(variables.PATH).toBe(["/node/bin", "/pulumi/bin", "/usr/bin"].join(delimiter));
  expect(variables.DATABASE_URL).toBe("x");
  expect(variables).not.toHaveProperty("GONE");
});

test("the passphrase is empty only where the caller sets none", () => {
  expect(pulumiVariables({}, folders).PULUMI_CONFIG_PASSPHRASE).toBe("");
  expect(pulumiVariables({ PULUMI_CONFIG_PASSPHRASE: "own" }, folders).PULUMI_CONFIG_PASSPHRASE).toBe("own");
  expect(pulumiVariables({ PULUMI_CONFIG_PASSPHRASE_FILE: "/f" }, folders)).not.toHaveProperty(
    "PULUMI_CONFIG_PASSPHRASE",
  );
});

test("a run that goes on after a failed step is never asked for", () => {
  const variables = pulumiVariables({ PULUMI_CONTINUE_ON_ERROR: "true" }, folders);
  expect(variables).toMatchObject({
    PULUMI_CONTINUE_ON_ERROR: "false",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  });
});

test("compiled code is kept in the user's own folder, unless the caller says where", () => {
  expect(pulumiVariables({ XDG_CACHE_HOME: "/c" }, folders).NODE_COMPILE_CACHE).toBe("/c/slipway/compiled");
  expect(pulumiVariables({ NODE_COMPILE_CACHE: "/own" }, folders).NODE_COMPILE_CACHE).toBe("/own");
});
