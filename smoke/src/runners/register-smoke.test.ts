import { expect, test } from "vitest";
import { fakeClock } from "../../testing/fake-clock.ts";
import { fakeTransport } from "../../testing/fake-transport.ts";
import type { Suite } from "../definition/suite.ts";
import type { CheckReport } from "../engine/report.ts";
import { registerSmoke } from "./register-smoke.ts";

const services = { api: { address: "http://api.test" } };

test("every check is a test, and the suite runs once for all of them", async () => {
  const transport = fakeTransport({ "/ok": { body: {} }, "/late": ["refused", { body: {} }] });
  const tests = new Map<string, () => Promise<void>>();
  const told: CheckReport[] = [];
  const checks = [
    { name: "well", path: "/ok" },
    { name: "late", path: "/late" },
    { name: "wrong", path: "/none" },
    { name: "beside", path: "/gone", optional: true },
  ];
  const options = { transport, clock: fakeClock(), tell: (check: CheckReport) => void told.push(check) };
  await registerSmoke({ services, checks }, (name, body) => void tests.set(name, body), options);
  expect(transport.requests).toHaveLength(0);
  const outcomes = await Promise.allSettled([...tests.values()].map((body) => body()));
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
  expect((outcomes[2] as PromiseRejectedResult).reason).toMatchObject({
    message: "fail: status: expected 200, seen 404 not found",
    expected: "status: 200",
    actual: "status: 404 not found",
  });
  expect(told.map(({ name }) => name)).toEqual(["late", "beside"]);
  expect(transport.requests).toHaveLength(5);
});

test("a suite that would make no test, or is none, is refused when tests are collected", async () => {
  const register = () => undefined;
  await expect(registerSmoke({ checks: [] }, register)).rejects.toThrow("the suite has no checks");
  await expect(registerSmoke({ checks: [{ pth: "/" }] } as never, register)).rejects.toThrow(
    "did you mean path",
  );
});

test("a secret is in no name of a test, in no error, and what is told has the number of its test", async () => {
  const secret = ["open", "sesame", "42"].join("-");
  const env = () => secret;
  const names: string[] = [];
  const bodies: (() => Promise<void>)[] = [];
  const told: [string, number][] = [];
  const suite: Suite = {
    services,
    env: { KEY: "secret" },
    checks: [{ path: "/ok" }, { path: `/gone?key=\${KEY}&run=\${run.id}`, optional: true }],
  };
  const register = (name: string, body: () => Promise<void>) => {
    names.push(name);
    bodies.push(body);
  };
  const tell = ({ verdict }: CheckReport, at: number) => void told.push([verdict, at]);
  const transport = fakeTransport({ "/ok": { body: {} } });
  await registerSmoke(suite, register, { env, transport, clock: fakeClock(), tell });
  await Promise.all(bodies.map((body) => body()));
  expect(names[1]).toContain("key=[redacted]");
  expect(told).toEqual([["fail", 1]]);
  const wrong: Suite = { env: { KEY: "secret" }, checks: [{ url: `http://user:\${KEY}@api.test/` }] };
  const refusal = registerSmoke(wrong, register, { env });
  await expect(refusal).rejects.toThrow("carries a user name");
  await expect(refusal).rejects.not.toThrow(secret);
});
