import { describe, expect, test } from "vitest";
import { redactorFor, serviceCommand, serviceEnvironment } from "./service-environment.ts";

describe("the environment of a service", () => {
  const ambient = { PATH: "/usr/bin", HOME: "/home/somebody", AWS_SECRET: "not for services", TZ: "UTC" };
  const env = serviceEnvironment(
    { env: { TZ: "Europe/Paris", A: "b" }, portVariable: "API_PORT" },
    4711,
    ambient,
    "/opt/node/bin/node",
  );

  test("has nothing of the starter's but what every program expects", () => {
    expect(Object.keys(env).sort()).toEqual(["A", "API_PORT", "HOME", "HOST", "PATH", "TZ"]);
  });

  test("has the release's values before the system's, and the port last", () => {
    expect(env).toMatchObject({ TZ: "Europe/Paris", API_PORT: "4711", HOST: "127.0.0.1" });
  });

  test("finds the Node that runs Slipway first", () => expect(env.PATH).toBe("/opt/node/bin:/usr/bin"));
});

describe("the command of a service", () => {
  test("runs node as the Node that runs Slipway", () => {
    expect(serviceCommand(["node", "a.js", "node"], "/n")).toEqual(["/n", "a.js", "node"]);
    expect(serviceCommand(["./server"], "/n")).toEqual(["./server"]);
  });

  test("must not be empty", () => expect(() => serviceCommand([], "/n")).toThrow(TypeError));
});

describe("what is quoted of a service", () => {
  const { redact } = redactorFor({
    MODE: "production",
    PORT: "8080",
    KEY: "k-7f3a91",
    URL: "postgres://u:p%40ss1@h/d",
  });

  test("does not hold the values it was given, nor the passwords in them", () => {
    const text = redact("key k-7f3a91, url postgres://u:p%40ss1@h/d, password p@ss1");
    for (const secret of ["k-7f3a91", "p@ss1", "p%40ss1"]) expect(text).not.toContain(secret);
  });

  test("keeps ordinary words", () => expect(redact("production on 8080")).toBe("production on 8080"));
});
