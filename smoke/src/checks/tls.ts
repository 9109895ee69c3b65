import { durationMs, durationText } from "../definition/duration.ts";
import type { TlsCheck } from "../definition/system-checks.ts";
import { CheckFailure } from "../engine/check-failure.ts";
import type { Look, PlanContext } from "../engine/planned-check.ts";
import type { Certificate } from "../engine/ports.ts";
import type { Finding } from "../engine/report.ts";
import { resolvePlace } from "../engine/resolve-place.ts";
import { hostText, splitAddress } from "./address.ts";
import { finding } from "./judge-answer.ts";

/** Makes the looks of a TLS check: one for each vantage point. */
export function planTls(check: TlsCheck, { suite }: PlanContext): Look[] {
  const validForMs = durationMs(check.validFor ?? "14d");
  const hosts =
    check.host === undefined
      ? resolvePlace({ ...check, at: check.at ?? "public" }, suite).map(({ url, vantage }) => ({
          url,
          vantage,
        }))
      : [{ url: `https://${check.host}`, vantage: undefined }];
  return hosts.map(({ url, vantage }) => {
    if (!url.startsWith("https:")) throw new CheckFailure("configuration", `${url} is not https`);
    const { host, port } = splitAddress(new URL(url).host, 443);
    return {
      label: `certificate of ${host}`,
      ...(vantage === undefined ? {} : { vantage }),
      needs: { hosts: [hostText({ host, port })] },
      attempt: async (tools) => {
        const inspect = tools.ports.tls;
        if (inspect === undefined)
          throw new CheckFailure("configuration", "this runtime cannot inspect certificates");
        const name = check.certificateName ?? host;
        const certificate = await inspect({ host, port, name, signal: tools.signal });
        tools.answered();
        return { findings: judgeCertificate(certificate, check.pins, validForMs, tools.clock.now()) };
      },
    };
  });
}

/** Judges a certificate: trusted, valid for long enough, and of a known key. */
export function judgeCertificate(
  certificate: Certificate,
  pins: readonly string[] | undefined,
  validForMs: number,
  now: number,
): Finding[] {
  const { distrust, subject, issuer, validTo, pin } = certificate;
  const left = validTo - now;
  const seen = left < 0 ? `expired ${durationText(-left)} ago` : durationText(left);
  const findings = [
    finding(
      "chain and name",
      "trusted",
      distrust ?? `${subject}, issued by ${issuer}`,
      distrust === undefined,
    ),
    finding("valid for", `>= ${durationText(validForMs)}`, seen, left >= validForMs),
  ];
  if (pins !== undefined) findings.push(finding("key", pins.join(" or "), pin, pins.includes(pin)));
  return findings.map((one): Finding => (one.ok ? one : { ...one, failure: "tls" }));
}
