import type { Clock } from "@slipway/kernel";
import { expect, test } from "vitest";
import { DialError, dial } from "./dial.ts";
import { dialError } from "./dial-error.ts";

function recordingClock(): Clock & { readonly pauses: number[] } {
  const pauses: number[] = [];
  return { now: () => 0, sleep: async (ms) => void pauses.push(Math.round(ms)), pauses };
}

async function attempts(limit: number, fails: (attempt: number) => Error | undefined) {
  const clock = recordingClock();
  let made = 0;
  const retries: number[] = [];
  const result = await dial(
    { limit, signal: new AbortController().signal, onRetry: (attempt) => retries.push(attempt), clock },
    async () => {
      const error = fails(++made);
      if (error) throw error;
      return "connected";
    },
  ).catch((error: Error) => error.message);
  return { result, made, retries, pauses: clock.pauses };
}

test("as many failures are forgiven as the limit says, with growing pauses", async () => {
  expect(await attempts(3, () => new DialError("refused"))).toEqual({
    result: "refused (4 attempts)",
    made: 4,
    retries: [1, 2, 3],
    pauses: [100, 150, 225],
  });
  expect((await attempts(0, () => new DialError("refused"))).made).toBe(1);
});

test("a limit of -1 forgives any number, and pauses stop growing at 5 s", async () => {
  const { result, pauses } = await attempts(-1, (attempt) =>
    attempt <= 40 ? new DialError("refused") : undefined,
  );
  expect(result).toBe("connected");
  expect(pauses).toHaveLength(40);
  expect(Math.max(...pauses)).toBe(5_000);
});

test("a failure that trying again cannot mend, or that came after the connection stood, is final", async () => {
  expect((await attempts(10, () => new DialError("other key", true))).made).toBe(1);
  expect((await attempts(10, () => new Error("exit status 3"))).made).toBe(1);
});

test("an end that was asked for ends the pause, and nothing is tried after it", async () => {
  const control = new AbortController();
  const options = { limit: -1, signal: control.signal, onRetry: () => control.abort(new Error("cancelled")) };
  await expect(dial(options, () => Promise.reject(new DialError("refused")))).rejects.toThrow("cancelled");
  await expect(dial(options, () => expect.unreachable())).rejects.toThrow("cancelled");
});

const hop = { host: "app", user: "root", port: 22, dialErrorLimit: 10, perDialTimeout: 15 };
const changed =
  "WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\nThe fingerprint is\nSHA256:abc/d+e.\nHost key verification failed.\n";

test("an unexpected host key is final, and the error names it and what to do", () => {
  const strict = dialError({ ...hop, hostKey: "ssh-ed25519 AAAA" }, changed);
  expect(strict.final).toBe(true);
  expect(strict.message).toContain("it shows SHA256:abc/d+e, which is not its hostKey");
  const known = dialError(hop, changed);
  expect(known.final).toBe(true);
  expect(known.message).toContain("ssh-keygen -R app");
});

test("a key that cannot be read is final; other refusals are tried again and quoted", () => {
  expect(dialError(hop, 'Load key "/proc/1/fd/9": error in libcrypto\nPermission denied').final).toBe(true);
  const denied = dialError(hop, "root@app: Permission denied (publickey).\n");
  expect(denied.final).toBe(false);
  expect(denied.message).toBe("Cannot connect to app: root@app: Permission denied (publickey).");
  expect(dialError(hop, "").message).toBe("Cannot connect to app: ssh gave no reason");
});
