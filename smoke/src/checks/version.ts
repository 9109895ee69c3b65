import type { Reading, Suite, VersionCheck, VersionSource } from "../definition/suite.ts";
import { CheckFailure } from "../engine/check-failure.ts";
import type { Attempt, AttemptTools } from "../engine/planned-check.ts";
import type { Finding } from "../engine/report.ts";
import { type ResolvedPlace, resolvePlace } from "../engine/resolve-place.ts";
import { retryAfterMs } from "../engine/retry-delay.ts";
import { judgeAnswer, maxBodyBytes } from "./http.ts";
import { readAnswer, readingText } from "./reading.ts";

type Source = Omit<VersionSource, "at"> & { readonly place: ResolvedPlace };

interface Answered {
  readonly source: Source;
  readonly findings: readonly Finding[];
  readonly version?: string;
  readonly retryAfterMs?: number;
}

/** Makes the one attempt of a version check, which asks all of its sources at the same time. */
export function planVersion(check: VersionCheck, suite: Suite) {
  const sources = check.sources.flatMap((source) =>
    resolvePlace(source, suite).map((place): Source => ({ ...source, place })),
  );
  if (sources.length === 0) throw new CheckFailure("configuration", "a version check needs sources");
  const expectations = sources.map((source) => expectationOf(check, source, suite));
  if (sources.length === 1 && expectations[0]?.version === undefined) {
    throw new CheckFailure("configuration", "nothing to compare the one version with");
  }
  const label = `version of ${[...new Set(sources.map(({ place }) => place.service ?? place.label))].join(", ")}`;
  const attempt = async (tools: AttemptTools): Promise<Attempt> => {
    const answers = await Promise.all(
      sources.map((source, at) => askSource(source, expectations[at]!, tools)),
    );
    const waits = answers.flatMap(({ retryAfterMs: wait }) => (wait === undefined ? [] : [wait]));
    return {
      findings: [...answers.flatMap(({ findings }) => findings), ...agreement(answers)],
      ...(waits.length === 0 ? {} : { retryAfterMs: Math.max(...waits) }),
    };
  };
  return [{ label, attempt }];
}

interface Expectation {
  readonly version?: string | undefined;
  readonly build?: string | undefined;
  readonly commit?: string | undefined;
  readonly name?: string | undefined;
}

function expectationOf(check: VersionCheck, source: Source, suite: Suite): Expectation {
  const pinned =
    source.place.service === undefined ? undefined : suite.expected?.services?.[source.place.service];
  return {
    version: check.version ?? pinned?.version ?? suite.expected?.release,
    build: check.build ?? pinned?.build,
    commit: check.commit ?? pinned?.commit,
    name: source.place.service,
  };
}

async function askSource(source: Source, expected: Expectation, tools: AttemptTools): Promise<Answered> {
  const answer = await tools.transport({
    url: source.place.url,
    method: "GET",
    headers: { accept: "application/json, */*;q=0.8", "user-agent": "slipway-smoke" },
    signal: tools.signal,
    maxBytes: maxBodyBytes,
  });
  tools.answered();
  const wait = retryAfterMs(answer.headers["retry-after"], tools.clock.now());
  const [status] = judgeAnswer(answer, {}, 0);
  if (status === undefined || !status.ok) {
    const findings =
      status === undefined ? [] : [{ ...status, what: `${source.place.label} ${status.what}` }];
    return { source, findings, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
  }
  const read = (reading: Reading) => readAnswer(answer, reading);
  const compare = (
    what: string,
    reading: Reading,
    want: string,
    normal: (text: string) => string,
  ): Finding => {
    const seen = read(reading);
    const ok = seen !== undefined && normal(seen) === normal(want);
    const missing = `nothing at ${readingText(reading)}`;
    const finding = { what: `${source.place.label} ${what}`, expected: want, seen: seen ?? missing };
    return ok ? { ok, ...finding } : { ok, ...finding, failure: "assertion" };
  };

  const where = source.version ?? "$.version";
  const version = read(where);
  const findings: Finding[] = [];
  if (source.name !== undefined && expected.name !== undefined) {
    findings.push(compare("service", source.name, expected.name, (text) => text));
  }
  if (expected.version !== undefined)
    findings.push(compare("version", where, expected.version, plainVersion));
  else findings.push(versionFound(source, where, version));
  if (source.build !== undefined && expected.build !== undefined) {
    findings.push(compare("build", source.build, expected.build, plainDigest));
  }
  if (source.commit !== undefined && expected.commit !== undefined) {
    findings.push(compare("commit", source.commit, expected.commit, (text) => text.trim().toLowerCase()));
  }
  return { source, findings, ...(version === undefined ? {} : { version: plainVersion(version) }) };
}

function versionFound(source: Source, where: Reading, version: string | undefined): Finding {
  const what = `${source.place.label} version`;
  return version === undefined
    ? {
        ok: false,
        what,
        expected: "a version",
        seen: `nothing at ${readingText(where)}`,
        failure: "assertion",
      }
    : { ok: true, what, expected: "a version", seen: version };
}

/** Sources that each have what they expected may still differ where nothing was expected. */
function agreement(answers: readonly Answered[]): Finding[] {
  const said = answers.flatMap(({ source, version }) => (version === undefined ? [] : [{ source, version }]));
  const versions = new Set(said.map(({ version }) => version));
  if (said.length < 2 || versions.size < 2) return [];
  const seen = said.map(({ source, version }) => `${source.place.label} ${version}`).join(", ");
  return [{ ok: false, what: "agreement", expected: "one version everywhere", seen, failure: "assertion" }];
}

/** A version without white space and the `v` that tags have. */
export function plainVersion(version: string): string {
  return version.trim().replace(/^v(?=\d)/i, "");
}

/** A digest in lower case without the name of its algorithm. */
function plainDigest(digest: string): string {
  return digest
    .trim()
    .toLowerCase()
    .replace(/^sha256:/, "");
}
