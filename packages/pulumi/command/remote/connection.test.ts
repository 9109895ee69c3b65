import { expect, test } from "vitest";
import { checkInputs } from "../wire/check-inputs.ts";
import { reveal, secret, UNKNOWN } from "../wire/property-value.ts";
import { connectionField, verifyConnection } from "./connection.ts";

const check = (connection: unknown) => checkInputs({ connection: connectionField }, { connection }).inputs;

test("defaults are filled in, for the proxy too, and everything is stored as a secret", () => {
  const inputs = check({ host: "a", privateKey: "K", proxy: { host: "b", user: "hop" } });
  const defaults = { user: "root", port: 22, dialErrorLimit: 10, perDialTimeout: 15 };
  expect(inputs.connection).toEqual(
    secret({
      ...defaults,
      host: "a",
      privateKey: secret("K"),
      proxy: { ...defaults, host: "b", user: "hop" },
    }),
  );
  expect(reveal(inputs)).toMatchObject({ connection: { privateKey: "K" } });
});

test.each(["app.example.org", "10.0.0.7", "::1", "fe80::1%eth0", "_srv"])("%s is a host", (host) => {
  expect(verifyConnection(check({ host }))).toEqual([]);
});

test.each(["-oProxyCommand=id", "a b", "a;b", "root@a", "$(id)", "a'b", "", "a\nb", "%h"])(
  "%j is not a host, in a proxy neither",
  (host) => {
    expect(verifyConnection(check({ host })).map(({ property }) => property)).toEqual(["connection.host"]);
    expect(verifyConnection(check({ host: "a", proxy: { host } })).map(({ property }) => property)).toEqual([
      "connection.proxy.host",
    ]);
  },
);

test("users, ports and host keys that ssh would misread are refused", () => {
  const failures = verifyConnection(check({ host: "a", user: "-lroot", port: 70_000, hostKey: "not a key" }));
  expect(failures.map(({ property }) => property)).toEqual([
    "connection.user",
    "connection.port",
    "connection.hostKey",
  ]);
});

test("what a preview does not know yet passes", () => {
  expect(verifyConnection(check({ host: UNKNOWN, user: secret(UNKNOWN), hostKey: UNKNOWN }))).toEqual([]);
  expect(verifyConnection(check(secret(UNKNOWN)))).toEqual([]);
});
