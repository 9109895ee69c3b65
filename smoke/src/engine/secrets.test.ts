import { expect, test } from "vitest";
import { fakeClock } from "../../testing/fake-clock.ts";
import type { Suite } from "../definition/suite.ts";
import { renderGithubAnnotations } from "../reports/github.ts";
import { endEvent, renderEvent } from "../reports/ndjson.ts";
import { formats, render } from "../reports/render.ts";
import { runSmoke } from "./run-smoke.ts";

// Made up here, and long enough that cutting a text could cut it in two.
const secrets = {
  TOKEN: `tok-${"s3cr3t".repeat(40)}`,
  QUOTED: 'ali"baba\\and\nforty',
  WRITTEN: 'a tea/pot+"ful"&é',
  DATABASE: "postgres://shop:open-sesame-42@127.0.0.1:1/shop",
};
const parts = [secrets.TOKEN.slice(0, 30), "baba", "open-sesame-42", "forty", "pot", "ful"];

/* biome-ignore-start lint/suspicious/noTemplateCurlyInString: a suite's own placeholders. */
const suite: Suite = {
  services: { api: { address: "http://api.test" } },
  env: { TOKEN: "secret", QUOTED: "secret", WRITTEN: "secret", DATABASE: "secret" },
  checks: [
    {
      name: "echoes the header",
      path: "/echo",
      headers: { authorization: "Bearer ${TOKEN}" },
      expect: { status: 201 },
    },
    {
      name: "echoes in JSON",
      path: "/json",
      headers: { "x-key": "${QUOTED}" },
      expect: { json: { "$.key": "other" } },
    },
    { name: "expects it", path: "/json", expect: { json: { "$.key": "${TOKEN}" } } },
    { name: "far in a text", path: "/long", expect: { text: "short" } },
    { name: "in the name ${TOKEN}", path: "/echo" },
    { path: "/search?token=${TOKEN}" },
    { path: "/search?words=${WRITTEN}", tags: ["${WRITTEN}"] },
    { name: "no such host", url: "http://${TOKEN}.test/" },
    { name: "database", kind: "sql", database: "${DATABASE}", query: "select '${TOKEN}'" },
    { name: "command", kind: "command", command: ["echo", "${TOKEN}"], stdout: "other" },
  ],
};
/* biome-ignore-end lint/suspicious/noTemplateCurlyInString: see above. */

test("nothing secret is in any report, event or annotation, whole or in part", async () => {
  const events: string[] = [];
  const report = await runSmoke(suite, {
    clock: fakeClock(),
    deadline: "1s",
    env: (name) => secrets[name as keyof typeof secrets],
    transport: async ({ url, headers }) => {
      const path = new URL(url).pathname;
      const echoed = `${headers.authorization ?? ""} ${headers["x-key"] ?? ""} ${url} ${secrets.DATABASE}`;
      const bodies: Record<string, string> = {
        "/json": JSON.stringify({ key: secrets.QUOTED, token: secrets.TOKEN }),
        "/long": `${"x".repeat(100)}${secrets.TOKEN}`,
      };
      if (url.includes(".test/") && !url.startsWith("http://api.test"))
        throw new Error(`getaddrinfo ENOTFOUND ${url}`);
      return { status: 200, headers: {}, body: bodies[path] ?? echoed, cut: false };
    },
    ports: {
      sql: async ({ database, query }) => {
        throw new Error(`cannot run ${query} on ${database}`);
      },
      command: async ({ command }) => ({ exit: 0, stdout: command.join(" "), stderr: "" }),
    },
    onStart: (checks) => events.push(renderEvent({ event: "start", checks })),
    onRetry: (name, failed) => events.push(renderEvent({ event: "retry", name, ...failed })),
    onCheck: (check) => events.push(renderEvent({ event: "check", ...check })),
  });
  const texts = await Promise.all(formats.map((format) => render(report, format)));
  const all = [...texts, ...events, renderEvent(endEvent(report)), renderGithubAnnotations(report)].join(
    "\n",
  );
  for (const part of parts) expect(all.includes(part), part).toBe(false);
  // The test would prove nothing if the secrets had not been there to take out.
  expect(all.split("[redacted]").length).toBeGreaterThan(20);
  expect(report.counts.failed).toBeGreaterThanOrEqual(7);
});

test("a variable that is not declared, or not set, is an error before anything is asked", async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a suite's own placeholder.
  const checks = [{ url: "http://api.test/${TOKN}" }];
  const undeclared = await runSmoke({ checks, env: { TOKEN: "secret" } }, { env: () => "x" });
  expect(undeclared.sentence).toContain("TOKN} is not declared");
  const unset = await runSmoke({ checks, env: { TOKN: "plain" } }, { env: () => undefined });
  expect(unset.sentence).toContain("the environment variable TOKN is not set");
  expect([undeclared.verdict, unset.verdict]).toEqual(["error", "error"]);
});
