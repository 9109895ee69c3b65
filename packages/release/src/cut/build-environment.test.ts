import { expect, test } from "vitest";
import { buildArgv, buildEnvironment } from "./build-environment.ts";

test("a build sees what every system has, always the same date, and nothing else", () => {
  const ambient = {
    PATH: "/usr/bin",
    HOME: "/home/me",
    DATABASE_URL: "postgres://secret",
    npm_config_x: "y",
    TZ: "Asia/Tokyo",
  };
  expect(buildEnvironment(ambient, "/opt/node/bin/node")).toEqual({
    PATH: "/opt/node/bin:/usr/bin",
    HOME: "/home/me",
    LANG: "C.UTF-8",
    TZ: "UTC",
    SOURCE_DATE_EPOCH: "315532800",
  });
});

test("version and output are filled in, also within a word, and node is the Node that runs Slipway", () => {
  const values = { version: "1.1.0", output: "/out/{version}" };
  expect(
    buildArgv(["node", "build.mjs", "--v={version}", "{output}", "{other}"], values, "/opt/node"),
  ).toEqual(["/opt/node", "build.mjs", "--v=1.1.0", "/out/{version}", "{other}"]);
  expect(buildArgv(["make"], values, "/opt/node")).toEqual(["make"]);
});
