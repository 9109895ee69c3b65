import { expect, test } from "vitest";
import { knownHosts, parseHostKey } from "./host-key.ts";

const base64 = "AAAAC3NzaC1lZDI1NTE5AAAAIMDJ0Wl8dFVkdD9gbUuqBaINy1nIIVh7OSZQzIY9Vdxx";
const key = { type: "ssh-ed25519", base64 };

test("a key is read from authorized_keys, known_hosts and .pub files alike", () => {
  expect(parseHostKey(`ssh-ed25519 ${base64}`)).toEqual(key);
  expect(parseHostKey(`ssh-ed25519 ${base64} root@app\n`)).toEqual(key);
  expect(parseHostKey(`[app]:2222,10.0.0.7 ssh-ed25519 ${base64}`)).toEqual(key);
});

test("what is not a key, or not of the type it claims, is none", () => {
  for (const text of ["", "ssh-ed25519", "ssh-ed25519 AAAA", `ssh-rsa ${base64}`, "ssh-ed25519 not*base64"]) {
    expect(parseHostKey(text), text).toBeUndefined();
  }
});

test("the known_hosts file knows the one key, under a name that no address can have", () => {
  expect(knownHosts(key)).toBe(`given-host-key ssh-ed25519 ${base64}\n`);
});
